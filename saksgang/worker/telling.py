"""Tells the hospital's own monitoring of alarms: the webhook's follower."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from saksgang.channels.webhook.post import post
from saksgang.events.actions import finish
from saksgang.events.models import Alarm, Delivery


def tell(delivery: Delivery) -> None:
    """Posts one alarm, raised or ended. Raises when nobody takes it; then it is tried again, and in the end a person sees it."""
    event = delivery.event
    alarm = Alarm.objects.get(pk=event.subject_id)
    if settings.ALARM_WEBHOOK_URL:
        told = {
            "alarm": alarm.kind,
            "about": alarm.key,
            "state": "raised" if event.kind == "alarm_raised" else "ended",
            "at": event.at.isoformat(),
            "details": alarm.details,
            "desk": settings.BASE_URL,
        }
        post(settings.ALARM_WEBHOOK_URL, told)
    with transaction.atomic():
        finish(delivery)
