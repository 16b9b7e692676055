"""Numbers for the hospital's monitoring, as Prometheus reads them.

It stands in config because it asks rooms that may not ask each other: the core, mail in and out, the worker, the backups.
It counts restricted cases too: a number by state tells nobody which they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Max, Min, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from saksgang.config.watchers import is_watcher
from saksgang.events.alarms import open_alarms
from saksgang.events.holding import is_held
from saksgang.events.life_signs import last_seen
from saksgang.events.models import Event, Listening
from saksgang.events.queries import dead_deliveries
from saksgang.inbound.decisions import receipts
from saksgang.inbound.mending import damaged
from saksgang.inbound.models import InboundMail
from saksgang.inbound.queries import unclear
from saksgang.inbound.queries import waiting_since as undecided_since
from saksgang.lib import clock
from saksgang.outbound.models import OutboundMail
from saksgang.outbound.queries import waiting_since as unsent_since
from saksgang.tickets.models import Call, Ticket
from saksgang.tickets.states import OPEN
from saksgang.upkeep.checks.surroundings import newest_backup

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
DAY = timedelta(days=1)


class Metric(NamedTuple):
    """One number that goes up and down, or one for each value of a label."""

    name: str
    explanation: str
    values: Mapping[str, float]  # label → number; a single number has the label ""
    label: str = ""


@never_cache
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """A stranger learns not even that it is here."""
    if not is_watcher(request):
        raise Http404
    return HttpResponse("".join(_lines(metrics())), content_type=CONTENT_TYPE)


def metrics() -> Iterator[Metric]:
    """Every number. Fifteen queries, each on an index or a short table, however much there is."""
    now = clock.now()
    yield from _cases(now)
    yield from _mail_in(now)
    yield from _mail_out(now)
    yield _one("deliveries_dead", "Events that a follower gave up on", dead_deliveries().count())
    yield _one("held", "1 while nothing leaves and no mailbox is read, until saksgang release", int(is_held()))
    alarms = dict(open_alarms().order_by().values_list("kind").annotate(n=Count("id")))
    yield Metric("alarms_open", "Alarms that go off now", alarms, "kind")
    yield from _streams(now)
    yield from _age("worker_seen_age_seconds", "Since a worker last gave a sign of life", last_seen(), now)
    yield from _age("backup_age_seconds", "Since the newest backup in BACKUP_DIR was finished", newest_backup(), now)


def _cases(now: datetime) -> Iterator[Metric]:
    counted: dict[str, int] = dict(
        Ticket.objects.filter(state__in=sorted(OPEN)).order_by().values_list("state").annotate(n=Count("id"))
    )
    states = {str(state): counted.get(state, 0) for state in sorted(OPEN)}
    yield Metric("cases_open", "Open cases by state", states, "state")
    left = Call.objects.filter(done_at__isnull=True).aggregate(number=Count("id"), oldest=Min("due_at"))
    yield _one("calls_open", "People without e-mail whom somebody must still phone", left["number"])
    yield _one("calls_overdue_seconds", "How overdue the oldest of these calls is", _seconds(left["oldest"], now))


def _mail_in(now: datetime) -> Iterator[Metric]:
    waiting = InboundMail.objects.filter(pending=1).count()
    yield _one("mails_undecided", "Mails stored and not decided on yet", waiting)
    yield _one("mails_undecided_oldest_seconds", "Age of the oldest of them", _seconds(undecided_since(), now))
    tray = unclear().aggregate(number=Count("id"), late=Count("id", filter=Q(due_at__lt=now)))
    yield _one("tray", "Mails set aside that nobody has dealt with", tray["number"])
    held = receipts.held().order_by().aggregate(number=Count("id"), since=Min("at"))
    yield _one("receipts_held", "Receipts that a limit holds back", held["number"])
    yield _one("receipts_held_oldest_seconds", "Age of the oldest of them", _seconds(held["since"], now))
    yield _one(
        "mails_damaged", "Mails whose file on disk is damaged, and that nobody has dealt with", damaged().count()
    )
    yield _one("tray_overdue", "Those of them that should have been dealt with by now", tray["late"])


def _mail_out(now: datetime) -> Iterator[Metric]:
    outbox = OutboundMail.objects.filter(pending=1).aggregate(
        number=Count("id"), tried=Count("id", filter=Q(attempts__gt=0))
    )
    yield _one("outbox_pending", "Mails that wait to be sent", outbox["number"])
    yield _one("outbox_failing", "Those of them that were refused at least once", outbox["tried"])
    yield _one("outbox_oldest_seconds", "Age of the oldest of them", _seconds(unsent_since(), now))
    failed = Event.objects.filter(kind="answer_failed", at__gt=now - DAY).count()
    yield _one("answers_failed_day", "Answers given up on within 24 hours", failed)


def _streams(now: datetime) -> Iterator[Metric]:
    """Over all processes that serve pages: each has said so within half a minute."""
    listening = Listening.objects.filter(seen_at__gt=now - Listening.LASTS)
    found = listening.aggregate(number=Sum("streams"), lag=Max("lag_ms"))
    yield _one("streams_open", "Browsers that are told of changes as they happen", found["number"] or 0)
    yield _one(
        "streams_lag_seconds", "How late the last change was told, where it was latest", (found["lag"] or 0) / 1000
    )


def _one(name: str, explanation: str, number: float) -> Metric:
    return Metric(name, explanation, {"": number})


def _age(name: str, explanation: str, moment: datetime | None, now: datetime) -> Iterator[Metric]:
    """Nothing where there is no moment: a monitor asks for what is absent."""
    if moment:
        yield _one(name, explanation, _seconds(moment, now))


def _seconds(moment: datetime | None, now: datetime) -> float:
    return max(0.0, round((now - moment).total_seconds(), 1)) if moment else 0


def _lines(found: Iterator[Metric]) -> Iterator[str]:
    for metric in found:
        name = f"saksgang_{metric.name}"
        yield f"# HELP {name} {metric.explanation}\n# TYPE {name} gauge\n"
        for value, number in metric.values.items():
            label = f'{{{metric.label}="{value}"}}' if metric.label else ""
            yield f"{name}{label} {number}\n"
