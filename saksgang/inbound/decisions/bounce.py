"""A mail of ours that could not be delivered: tied to its case, whose answer is owed again (mail.md 2)."""

from __future__ import annotations

from saksgang.inbound.decisions.case import Case, Ending
from saksgang.inbound.models import Outcome
from saksgang.people.models import Person
from saksgang.tickets.actions.answering import answer_failed, receive
from saksgang.tickets.actions.core import MAIL
from saksgang.tickets.mail_reference import number_in_message_id
from saksgang.tickets.models import MessageRecipient, Ticket


def decide(case: Case) -> Ending | None:
    if case.verdict.kind != "bounce":
        return None
    ticket = _ticket(case)
    if ticket is None:
        case.because("bounce", "unknown_mail")
        return Ending(Outcome.SET_ASIDE, set_aside="bounce_without_case")
    case.because("bounce", "our_mail")
    receive(ticket=ticket, by=MAIL, heard=case.heard, person=None, received_at=case.row.received_at, automatic=True)
    if case.verdict.sub == "failed":
        _owe_again(case, ticket)
    return Ending(Outcome.BOUNCE, ticket=ticket)


def _ticket(case: Case) -> Ticket | None:
    report = case.mail.report
    ids = [report.original_message_id] if report and report.original_message_id else []
    ids += [*case.mail.in_reply_to, *case.mail.references]
    numbers = [number for number in map(number_in_message_id, ids) if number]
    return Ticket.objects.filter(pk__in=numbers).first()


def _owe_again(case: Case, ticket: Ticket) -> None:
    failed = [one for one in (case.mail.report.recipients if case.mail.report else ()) if one.action == "failed"]
    for one in failed:
        row = (
            MessageRecipient.objects.filter(message__ticket=ticket, address=one.final_recipient.lower())
            .order_by("-id")
            .first()
        )
        person = Person.objects.filter(pk=row.person_id).first() if row and row.person_id else None
        answer_failed(
            ticket=ticket,
            by=MAIL,
            person=person,
            owed_again=bool(row and row.cleared_answer),
            error=f"{one.final_recipient}: {one.status} {one.diagnostic}",
            header_id=case.mail.report.original_message_id if case.mail.report else "",
        )
