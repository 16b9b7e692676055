"""What is wrong for now: raised once, ended once. The front page shows it, the log and the webhook are told."""

from __future__ import annotations

import logging

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from saksgang.events.actions import Actor, record
from saksgang.events.models import Alarm
from saksgang.lib import clock

logger = logging.getLogger(__name__)


def raise_alarm(*, kind: str, key: str, by: Actor, details: str = "") -> Alarm | None:
    """Raises an alarm. None when the same one goes off already."""
    if Alarm.objects.filter(kind=kind, key=key[:254], open=1).exists():
        return None
    try:
        with transaction.atomic():
            alarm = Alarm.objects.create(kind=kind, key=key[:254], raised_at=clock.now(), details=details[:1000])
            record("alarm_raised", by=by, subject=alarm, after={"kind": kind})
    except IntegrityError:  # another worker was quicker
        return None
    logger.error("alarm: %s %s", kind, _loggable(key))
    return alarm


@transaction.atomic
def end_alarm(*, kind: str, key: str, by: Actor) -> bool:
    """What was wrong is right again. False when no such alarm went off."""
    alarm = Alarm.objects.select_for_update().filter(kind=kind, key=key[:254], open=1).first()
    if alarm is None:
        return False
    alarm.open, alarm.ended_at = 0, clock.now()
    alarm.save(update_fields=["open", "ended_at"])
    record("alarm_ended", by=by, subject=alarm, after={"kind": kind})
    logger.warning("alarm over: %s %s", kind, _loggable(key))
    return True


def _loggable(key: str) -> str:
    """What an alarm is about, for the log: a mailbox's short name, and of somebody's address the domain only (S33)."""
    return key.rpartition("@")[2]


def open_alarms() -> QuerySet[Alarm]:
    """Those that go off now, the oldest first."""
    return Alarm.objects.filter(open=1).order_by("raised_at", "id")
