"""Which team, and then the action: the mail joins its case, or opens one in its mailbox's team (clauses R1 and T1)."""

from __future__ import annotations

from saksgang.inbound.authentication import fails_authentication
from saksgang.inbound.decisions.case import Case, Ending
from saksgang.inbound.models import Outcome
from saksgang.tickets.actions.answering import receive
from saksgang.tickets.actions.core import MAIL
from saksgang.tickets.actions.registration import register
from saksgang.tickets.kinds import Channel


def decide(case: Case) -> Ending | None:
    if case.ticket is not None:
        receive(
            ticket=case.ticket,
            by=MAIL,
            heard=case.heard,
            person=case.person,
            received_at=case.row.received_at,
            automatic=case.quiet or case.reasons[-1][1] == "equal_to_open_case",
        )
        return Ending(Outcome.REPLY, ticket=case.ticket)
    case.because("team", "mailbox")
    ticket = register(
        by=MAIL,
        channel=Channel.EMAIL,
        subject=case.mail.subject,
        heard=case.heard,
        team=case.row.mailbox.team,
        requesters=[case.person] if case.person else [],
        received_at=case.row.received_at,
        mailbox=case.row.mailbox,
        follows=case.follows,
        automatic=case.person is None,
        acknowledge=case.person is not None and case.verdict.answerable and not fails_authentication(case.mail),
    )
    return Ending(Outcome.NEW_TICKET, ticket=ticket)
