"""Which team, and then the action: the mail joins its case, or opens one where a rule or its mailbox says (clauses R1, T1)."""

from __future__ import annotations

from django.db.models import F

from saksgang.catalogue.models import RoutingRule
from saksgang.catalogue.queries import route
from saksgang.catalogue.routing import Arrival, text_of
from saksgang.inbound.decisions import receipts
from saksgang.inbound.decisions.case import Case, Ending
from saksgang.inbound.models import InboundMail, Outcome, ReceiptState
from saksgang.tickets.actions.arrivals import (
    receive,
    receive_direct,
    receive_from_supplier,
    receive_thanks,
    receive_unverified,
)
from saksgang.tickets.actions.clarification import ask_by_rule
from saksgang.tickets.actions.core import MAIL
from saksgang.tickets.actions.registration import add_mailbox, register
from saksgang.tickets.kinds import Channel
from saksgang.tickets.models import Ticket


def decide(case: Case) -> Ending | None:
    if case.repeats and case.ticket:
        _count(case, case.repeats, case.ticket)
        return Ending(Outcome.REPLY, ticket=case.ticket, duplicate_of=case.repeats)
    if case.ticket is not None:
        _join(case, case.ticket)
        return Ending(Outcome.REPLY, ticket=case.ticket)
    rule = _rule(case)
    case.because("team", "rule" if rule else "mailbox")
    receipt = receipts.plan(case)
    promised = receipt is not None and receipt.state == ReceiptState.PROMISED
    asks = rule is not None and bool(rule.question)
    ticket = register(
        by=MAIL,
        channel=Channel.EMAIL,
        subject=case.mail.subject,
        heard=case.heard,
        team=rule.team if rule and not asks else case.row.mailbox.team,
        requesters=[case.person] if case.person else [],
        received_at=case.row.received_at,
        mailbox=case.row.mailbox,
        rule=rule,
        follows=case.follows,
        automatic=case.person is None,
        acknowledge=promised and not asks,
    )
    if rule and asks:  # what they are told then is the receipt, and the same limits hold for it
        ask_by_rule(ticket=ticket, rule=rule, tell_them=promised)
    if receipt and case.person:
        receipts.note(ticket, case.person, receipt)
    return Ending(Outcome.NEW_TICKET, ticket=ticket)


def _rule(case: Case) -> RoutingRule | None:
    """The routing rule that the mail falls under. What follows a restricted case goes no further than its mailbox's team; and who
    stands as a forged mail's sender says nothing of where it comes from.
    """
    if case.follows and case.follows.restricted:
        return None
    sender = None if case.unverified else case.person
    arrival = Arrival(
        text=text_of(case.mail.subject, case.heard.text, case.heard.segments),
        channel=Channel.EMAIL,
        mailbox_id=case.row.mailbox_id,
        address="" if case.unverified else case.sender_address,
        department_id=sender.department_id if sender else None,
    )
    return route(arrival)


def _count(case: Case, first: InboundMail, ticket: Ticket) -> None:
    """The same words again: no message of its own, no claim, no receipt; how often stands beside the first."""
    InboundMail.objects.filter(pk=first.pk).update(repeats=F("repeats") + 1, repeated_at=case.row.received_at)
    if first.mailbox_id != case.row.mailbox_id:
        add_mailbox(ticket=ticket, mailbox=case.row.mailbox, by=MAIL)


def _join(case: Case, ticket: Ticket) -> None:
    """The mail joins its case, as what it speaks as."""
    if case.unverified and not case.quiet:
        receive_unverified(
            ticket=ticket, by=MAIL, heard=case.heard, person=case.person, received_at=case.row.received_at
        )
        return
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
        automatic=case.quiet,
    )
