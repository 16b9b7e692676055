"""Our own test mail, back from its round through the mailbox: noted, and nobody's matter."""

from __future__ import annotations

from saksgang.inbound.decisions.case import Case, Ending
from saksgang.inbound.heartbeats import came_back
from saksgang.inbound.models import Outcome
from saksgang.tickets.mail_reference import is_heartbeat_mark


def decide(case: Case) -> Ending | None:
    mark = case.mail.header("x-saksgang-heartbeat")
    if not mark or not is_heartbeat_mark(mark, case.row.mailbox_id):
        return None
    came_back(case.row.mailbox, at=case.row.received_at)
    case.because("heartbeat", "came_back")
    return Ending(Outcome.HEARTBEAT)
