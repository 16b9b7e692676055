"""Reads for pages: how the mails of a case fared."""

from __future__ import annotations

from typing import Any

from saksgang.outbound.models import OutboundMail


def deliveries(ticket_id: int) -> dict[int | None, list[dict[str, Any]]]:
    """Message id (None: receipts) → its mails, as {kind, recipient, state, sent_at, failed_at, last_error, created_at}."""
    found: dict[int | None, list[dict[str, Any]]] = {}
    rows = OutboundMail.objects.filter(ticket_id=ticket_id).order_by("id")
    for row in rows.values(
        "message_id", "kind", "recipient", "state", "sent_at", "failed_at", "last_error", "created_at"
    ):
        found.setdefault(row["message_id"], []).append(dict(row))
    return found
