"""An alarm while mails are due and none leaves: the relay is gone, or refuses us."""

from __future__ import annotations

from datetime import timedelta

from saksgang.events.actions import Robot
from saksgang.events.alarms import end_alarm, raise_alarm
from saksgang.lib import clock
from saksgang.lib.claiming import CLOCKS_APART, longer_ago
from saksgang.outbound.models import OutboundMail

MAIL = Robot("mail")
FAILING = "relay_failing"
ALARM_AFTER = timedelta(minutes=10)


def watch() -> None:
    """Raised when a mail has been tried and refused for ten minutes in which no other mail left."""
    now = clock.now()
    waiting = OutboundMail.objects.filter(longer_ago("created_at", ALARM_AFTER), pending=1, attempts__gte=2)
    stuck = waiting.order_by("created_at").first()
    left = OutboundMail.objects.filter(sent_at__gte=now - ALARM_AFTER, sent_at__lte=now + CLOCKS_APART)
    if stuck and not left.exists():
        raise_alarm(kind=FAILING, key="relay", by=MAIL, details=f"mails wait: {stuck.last_error[:300]}")
    else:
        end_alarm(kind=FAILING, key="relay", by=MAIL)
