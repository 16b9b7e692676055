"""Which team, and then the action: the mail joins its case, or opens one in its mailbox's team (clauses R1 and T1)."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from saksgang.events.alarms import raise_alarm
from saksgang.inbound.authentication import fails_authentication
from saksgang.inbound.decisions.case import Case, Ending
from saksgang.inbound.forwarding import sender_can_be_checked
from saksgang.inbound.models import InboundMail, Outcome
from saksgang.lib import clock
from saksgang.tickets.actions.arrivals import receive, receive_direct, receive_from_supplier, receive_thanks
from saksgang.tickets.actions.core import MAIL
from saksgang.tickets.actions.registration import register
from saksgang.tickets.kinds import Channel
from saksgang.tickets.models import Ticket, TicketRequester

STORM = "mail_storm"


def decide(case: Case) -> Ending | None:
    if case.ticket is not None:
        _join(case, case.ticket)
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


def _join(case: Case, ticket: Ticket) -> None:
    """The mail joins its case, as what it speaks as."""
    arrives = {"thanks": receive_thanks, "supplier": receive_from_supplier, "direct": receive_direct}.get(
        case.speaks_as
    )
    if arrives and case.person:
        arrives(ticket=ticket, by=MAIL, heard=case.heard, person=case.person, received_at=case.row.received_at)
        return
    receive(
        ticket=ticket,
        by=MAIL,
        heard=case.heard,
        person=case.person,
        received_at=case.row.received_at,
        automatic=case.quiet or ["ticket", "equal_to_open_case"] in case.reasons,
    )


def _may_acknowledge(case: Case) -> bool:
    """No receipt to a machine, to a forged sender, or to somebody who has had several within the hour (S18, mail.md 10)."""
    if case.person is None or not case.verdict.answerable:
        return False
    if sender_can_be_checked(case.row.mailbox) and fails_authentication(case.mail):
        case.because("acknowledgement", "forged")
        return False
    an_hour_ago = clock.now() - timedelta(hours=1)
    recent = InboundMail.objects.filter(received_at__gt=an_hour_ago, outcome=Outcome.NEW_TICKET)
    if len(recent.values_list("pk")[: settings.RECEIPTS_PER_HOUR]) >= settings.RECEIPTS_PER_HOUR:
        case.because("acknowledgement", "enough_in_all")
        raise_alarm(
            kind=STORM, key="*", by=MAIL, details=f"{settings.RECEIPTS_PER_HOUR} new cases by mail within an hour"
        )
        return False
    theirs = TicketRequester.objects.filter(person=case.person, ticket__registered_at__gt=an_hour_ago)
    if theirs.filter(ticket__channel=Channel.EMAIL).count() >= settings.RECEIPTS_PER_ADDRESS:
        case.because("acknowledgement", "enough_for_this_address")
        raise_alarm(
            kind=STORM,
            key=case.sender_address,
            by=MAIL,
            details=f"{settings.RECEIPTS_PER_ADDRESS} new cases within an hour",
        )
        return False
    return True
