"""What the head of a case asks or tells: thanks that may mean it is solved, somebody else's mail inside, no receipt."""

from __future__ import annotations

from typing import Any

from saksgang.console.case.case import Case
from saksgang.console.case.copies import Copied
from saksgang.console.mail.words import reason_words
from saksgang.inbound.decisions.sender import REPLY_TO
from saksgang.tickets import queries
from saksgang.tickets.mentions import open_mentions
from saksgang.tickets.models import Message


def banners(case: Case, rows: list[dict[str, Any]], mails: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """{newest_unread, thanked, given, mentioned, forwarded, no_receipt}. `mails`: its rows of the ledger, for those who may read it."""
    unread = next((row["id"] for row in reversed(rows) if row["unread"]), None)
    thanks = next((row["id"] for row in reversed(rows) if row.get("settle") == "thanks"), None)
    thanked = thanks if case.ticket.thanked_at and case.can("resolve") else None
    return {
        "newest_unread": None if unread == thanked or case.stopped else unread,  # what came is told in its place
        "thanked": thanked,
        "given": _given(case),
        "mentioned": open_mentions(case.person).get(case.ticket.pk),
        "forwarded": _forwarded(case),
        "no_receipt": _no_receipt(case, mails),
    }


def _given(case: Case) -> dict[str, str] | None:
    """Who gave this person the case, and what they said to it, until something is done on it."""
    ticket = case.ticket
    if ticket.given_at is None or ticket.given_by is None or ticket.assignee_id != case.person.pk:
        return None
    return {"by": ticket.given_by.name, "why": queries.reason_of(ticket, "ticket_given")}


def _forwarded(case: Case) -> dict[str, Any] | None:
    """A mail names somebody else than its sender, inside or in Reply-To, and nobody has said yet whose case it is."""
    first: Message | None = case.conversation[0] if case.conversation else None
    if first is None or not first.inner_address or first.settled_at or not (case.may_work and case.ticket.open):
        return None
    return {
        "message_id": first.pk,
        "by": first.author_name,
        "reply_to": first.inner_source == REPLY_TO,
        "inner": Copied(first.inner_name, first.inner_address).shown,
    }


def _no_receipt(case: Case, mails: dict[int, dict[str, Any]]) -> str:
    """Why the requester has heard nothing from us yet: no receipt went out, and nobody has answered."""
    if case.ticket.first_answered_at or not case.ticket.open:
        return ""
    reasons = (reason for mail in mails.values() for reason in mail["reasons"] if reason[:1] == ["acknowledgement"])
    return next((reason_words(reason) for reason in reasons), "")
