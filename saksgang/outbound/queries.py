"""Reads for pages: how the mails of a case fared."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from saksgang.lib import claiming
from saksgang.lib.prepared import prepared
from saksgang.outbound.models import OutboundMail
from saksgang.tickets.models import Message

FIELDS = (
    "message_id", "id", "kind", "recipient", "state", "sent_at", "failed_at", "last_error", "bounce", "created_at",
)  # fmt: skip


# A mail that has waited for so long is an alarm.
UNSENT_AFTER = timedelta(minutes=15)


def waiting_since() -> datetime | None:
    """When the first of the mails was promised that have not left. None: all have."""
    return claiming.waiting_since(OutboundMail.objects.filter(pending=1), "created_at", alarming=UNSENT_AFTER)


@prepared
def _mails(ticket_id: int) -> QuerySet[OutboundMail, Any]:
    # The mails follow their messages, which may have come with another case.
    said = Message.objects.filter(ticket_id=ticket_id).values("pk")
    its_own = Q(ticket_id=ticket_id, message__isnull=True, kind="acknowledgement")  # not what colleagues are told
    return OutboundMail.objects.filter(its_own | Q(message_id__in=said)).order_by("id").values_list(*FIELDS)


def deliveries(ticket_id: int) -> dict[int | None, list[dict[str, Any]]]:
    """Message id (None: receipts) → its mails, as {id, kind, recipient, state, sent_at, failed_at, last_error, bounce, created_at}."""
    found: dict[int | None, list[dict[str, Any]]] = {}
    for row in _mails(ticket_id):
        found.setdefault(row[0], []).append(dict(zip(FIELDS, row, strict=True)))
    return found
