"""Which team, and then the action: the mail joins its case, or opens one in its mailbox's team (clauses R1 and T1)."""

from __future__ import annotations

from datetime import timedelta

from saksgang.inbound.authentication import fails_authentication
from saksgang.inbound.decisions.case import Case, Ending
from saksgang.inbound.models import InboundMail, Outcome
from saksgang.lib import clock
from saksgang.tickets.actions.answering import receive
from saksgang.tickets.actions.core import MAIL
from saksgang.tickets.actions.registration import register
from saksgang.tickets.kinds import Channel

# Receipts within an hour: a mailbox that answers us, and a flood, fall silent.
PER_ADDRESS = 5
IN_ALL = 200


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
        acknowledge=_may_acknowledge(case),
    )
    return Ending(Outcome.NEW_TICKET, ticket=ticket)


def _may_acknowledge(case: Case) -> bool:
    """No receipt to a machine, to a forged sender, or to somebody who has had several within the hour (S18, mail.md 10)."""
    if case.person is None or not case.verdict.answerable:
        return False
    if fails_authentication(case.mail):
        case.because("acknowledgement", "forged")
        return False
    recent = InboundMail.objects.filter(received_at__gt=clock.now() - timedelta(hours=1), outcome=Outcome.NEW_TICKET)
    addresses = list(recent.values_list("from_address", flat=True)[:IN_ALL])  # all there are, or too many anyway
    if len(addresses) >= IN_ALL:
        case.because("acknowledgement", "enough_in_all")
        return False
    if addresses.count(case.mail.from_address[:254]) >= PER_ADDRESS:
        case.because("acknowledgement", "enough_for_this_address")
        return False
    return True
