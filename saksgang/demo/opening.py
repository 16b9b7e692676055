"""The demo's own database: refused when another made it, made when it is not there, and filled."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import connection, transaction
from django.utils import translation

from saksgang.demo import hospital, plan
from saksgang.demo.models import DemoMark, ToldStory
from saksgang.demo.telling import tell
from saksgang.lib import clock
from saksgang.tickets.actions.unattended import clockwork

# Rows in any of these mean that somebody works here.
OTHERS_WORK = ("people_person", "people_team", "tickets_ticket", "inbound_inboundmail")


def is_somebody_elses() -> bool:
    """Whether the database holds anything, and not the demo's mark. Asked before a single table is made."""
    tables = set(connection.introspection.table_names())
    if DemoMark._meta.db_table in tables and DemoMark.objects.exists():
        return False
    with connection.cursor() as cursor:
        for table in OTHERS_WORK:
            if table in tables:
                cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')  # noqa: S608 - a name from the line above
                if cursor.fetchone():
                    return True
    return False


def make_first(say: Callable[[str], None] = lambda _words: None, *, now: datetime | None = None) -> None:
    """The hospital and its first cases, if they do not stand already. A start that was broken off goes on."""
    mark = DemoMark.objects.first()
    if mark and mark.ready_at:
        return
    started = time.monotonic()
    if mark is None:
        mark = _found(now or clock.now())
    tell_all(plan.first(mark.seed), mark)
    with clock.at(mark.told_from):
        clockwork.run_minute()
    mark.ready_at = clock.now()
    mark.save(update_fields=["ready_at"])
    say(f"Fortalte de første {ToldStory.objects.count()} sakene på {time.monotonic() - started:.1f} s.")


@transaction.atomic
def _found(now: datetime) -> DemoMark:
    """The hospital, opened before its oldest case, and the mark that the demo made it."""
    mark = DemoMark.objects.create(seed=plan.SEED, told_from=now)
    with clock.at(now - plan.BEFORE_EVERYTHING):
        hospital.make(plan.SEED)
        hospital.meet(now)
    return mark


def tell_all(
    items: Iterable[plan.Item], mark: DemoMark, *, pause: float = 0, stop: Callable[[], bool] = lambda: False
) -> int:
    """Tells what has not been told. Returns how many cases that were."""
    known = set(ToldStory.objects.values_list("key", flat=True))
    house, told = hospital.load(), 0
    with translation.override("nb"):
        for item in items:
            if stop():
                break
            if item.key in known:
                continue
            tell(item, house, mark.told_from, mark.seed)
            told += 1
            if pause:
                time.sleep(pause)
    return told
