"""Our own test mail, back from its round through the mailbox: noted, and nobody's matter."""

from __future__ import annotations

from saksgang.inbound.decisions.case import Case, Ending
from saksgang.inbound.heartbeats import came_back
from saksgang.inbound.models import Outcome
from saksgang.tickets.mail_reference import heartbeat_marks_in_text, is_heartbeat_mark

LOOKED_AT = 5_000


def decide(case: Case) -> Ending | None:
    if not any(is_heartbeat_mark(mark, case.row.mailbox_id) for mark in _marks(case)):
        return None
    came_back(case.row.mailbox, at=case.row.received_at)
    case.because("heartbeat", "came_back")
    return Ending(Outcome.HEARTBEAT)


def _marks(case: Case) -> list[str]:
    """In the header, or where a forwarder made a mail of its own, in the words."""
    return [case.mail.header("x-saksgang-heartbeat"), *heartbeat_marks_in_text(case.mail.text[:LOOKED_AT])]
