"""Tells the hospital's own monitoring of alarms: the webhook's follower."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from saksgang.catalogue.models import Mailbox
from saksgang.channels.webhook.post import post
from saksgang.events.actions import finish
from saksgang.events.models import Alarm, Delivery

# The alarm's own words may quote a relay or a mail server, which quote addresses: they stay in the desk.
OUR_WORDS = {"*", "relay", "clock", "restore"}
WHERE = "See the front page of the desk, or run: saksgang check"


def tell(delivery: Delivery) -> None:
    """Posts one alarm, raised or ended: which it is, and where to look. Nothing of a person leaves the house.

    Raises when nobody takes it; then it is tried again, and in the end a person sees it.
    """
    event = delivery.event
    alarm = Alarm.objects.get(pk=event.subject_id)
    if settings.ALARM_WEBHOOK_URL:
        told = {
            "alarm": alarm.kind,
            "about": _about(alarm.key),
            "state": "raised" if event.kind == "alarm_raised" else "ended",
            "at": event.at.isoformat(),
            "details": WHERE,
            "desk": settings.BASE_URL,
        }
        post(settings.ALARM_WEBHOOK_URL, told)
    with transaction.atomic():
        finish(delivery)


def _about(key: str) -> str:
    """A mailbox's short name, or one of our own words. Who wrote the mails is nobody's business who only hears of alarms."""
    return key if key in OUR_WORDS or Mailbox.objects.filter(slug=key).exists() else "a sender"
