"""Whether this machine's clock is right, by the only other clocks it hears of: those of the people who write to it."""

from __future__ import annotations

from datetime import timedelta

from saksgang.events.alarms import end_alarm, raise_alarm
from saksgang.inbound.models import InboundMail, Outcome
from saksgang.lib import clock
from saksgang.tickets.actions.core import MAIL

ALARM = "clock_wrong"
KEY = "clock"
COMPARED = timedelta(hours=2)
MOST_MAILS = 50
# One sender's clock may be wrong; three who agree are right.
FEWEST_SENDERS = 3
# Mail is on its way for a while, and never comes before it was written.
LATE, EARLY = timedelta(minutes=30), timedelta(minutes=-5)
# An old mail, found when a mailbox is first read, says nothing.
FURTHEST = timedelta(hours=12)


def watch() -> None:
    """Raises the alarm while even the quickest of the last mails seems to have been on its way for too long, or too short."""
    apart = _on_the_way()
    is_late = len(apart) >= FEWEST_SENDERS and min(apart) > LATE
    is_early = len(apart) >= FEWEST_SENDERS and max(apart) < EARLY
    if not (is_late or is_early):
        end_alarm(kind=ALARM, key=KEY, by=MAIL)
        return
    minutes = round((min(apart) if is_late else -max(apart)).total_seconds() / 60)
    seems = f"came {minutes} minutes after they were written" if is_late else f"are dated {minutes} minutes ahead"
    details = f"The last mails {seems}: this machine's clock is wrong, or mail is held up. See: timedatectl"
    raise_alarm(kind=ALARM, key=KEY, by=MAIL, details=details)


def _on_the_way() -> list[timedelta]:
    """For each sender of the last hours, from the time in their newest mail until we had it."""
    recent = InboundMail.objects.filter(received_at__gt=clock.now() - COMPARED, sent_at__isnull=False, pending=0)
    recent = recent.exclude(outcome=Outcome.HEARTBEAT).order_by("-received_at", "-id")
    newest: dict[str, timedelta] = {}
    for address, received_at, sent_at in recent.values_list("from_address", "received_at", "sent_at")[:MOST_MAILS]:
        if sent_at and abs(received_at - sent_at) < FURTHEST:
            newest.setdefault(address, received_at - sent_at)
    return list(newest.values())
