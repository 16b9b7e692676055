"""Cleaning stored HTML anew when the cleaner has learnt something, from the raw mail, which is still there."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from saksgang.inbound.models import InboundMail
from saksgang.inbound.reading.mail import read
from saksgang.lib import files, html
from saksgang.tickets.actions.messages import replace_html
from saksgang.tickets.models import Message

BATCH = 100


def clean_anew() -> int:
    """Cleans every message that an older cleaner cleaned. Returns how many. Can be stopped and run again."""
    cleaned = 0
    while batch := list(_older()[:BATCH]):
        for message in batch:
            _clean(message)
        cleaned += len(batch)
    return cleaned


def _older() -> QuerySet[Message]:
    return Message.objects.filter(
        cleaner_version__gt=0, cleaner_version__lt=html.CLEANER_VERSION, redacted_at__isnull=True
    ).order_by("id")


@transaction.atomic
def _clean(message: Message) -> None:
    row = InboundMail.objects.filter(pk=message.inbound_id or 0).first()
    raw = read(files.read(row.raw_sha256)).html if row else message.html
    replace_html(message, html.clean(raw), html.CLEANER_VERSION)
