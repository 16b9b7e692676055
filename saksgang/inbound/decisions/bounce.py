"""A mail of ours that could not be delivered: tied to the very mail that bounced, whose answer is owed again (mail.md 2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from saksgang.inbound.decisions.case import Case, Ending
from saksgang.inbound.models import Outcome
from saksgang.inbound.reading.charsets import decode
from saksgang.inbound.reading.mail import ReadMail
from saksgang.inbound.reading.reports import ORIGINAL_TYPES
from saksgang.tickets.actions.answering import answer_delayed, answer_failed
from saksgang.tickets.actions.arrivals import receive
from saksgang.tickets.actions.core import MAIL
from saksgang.tickets.mail_reference import (
    claims_in_subject,
    ids_in_text,
    number_in_message_id,
)
from saksgang.tickets.merges import lives_on_in
from saksgang.tickets.models import MessageRecipient, Ticket
from saksgang.tickets.queries import recipient_of

LOOKED_AT = 200_000
HEAD = 10_000
MOST_ATTACHED = 20
# What mail systems without codes say of a failure that may pass.
_SOFT_WORDS = re.compile(
    r"(?i)\b(?:mailbox (?:is )?full|over (?:its )?quota|quota exceeded|exceeded storage|full postkasse|postkassen? er full"
    r"|postboksen? er full|try again later|4\d\d[ -]4\.\d{1,3}\.\d{1,3})"
)


def decide(case: Case) -> Ending | None:
    if case.verdict.kind != "bounce":
        return None
    ids = [one for one in _our_ids(case) if number_in_message_id(one) is not None]
    named = _ticket(case, ids)
    if named is None:
        case.because("bounce", "unknown_mail")
        return Ending(Outcome.SET_ASIDE, set_aside="bounce_without_case")
    case.because("bounce", "our_mail")
    ticket = lives_on_in(named)  # the message that came back lies there
    receive(ticket=ticket, by=MAIL, heard=case.heard, person=None, received_at=case.row.received_at, automatic=True)
    returned = _returned(case, ticket, ids)
    for one, error, bounce in returned:
        case.because("bounce", case.verdict.sub if case.verdict.sub == "delayed" else bounce)
        if case.verdict.sub == "delayed":
            answer_delayed(ticket=ticket, by=MAIL, late=one, error=error)
        else:
            answer_failed(
                ticket=ticket,
                by=MAIL,
                person=one.person,
                owed_again=one.cleared_answer,
                error=error,
                returned=one,
                bounce=bounce,
            )
    return Ending(Outcome.BOUNCE, ticket=ticket)


def _our_ids(case: Case) -> Iterator[str]:
    """What may name our mail, the surest first: the address it came back to, the report, the thread, words that quote it."""
    mail, report = case.mail, case.mail.report
    yield from case.tagged_ids
    if report and report.original_message_id:
        yield report.original_message_id
    yield from mail.in_reply_to
    yield from mail.references
    yield from ids_in_text(_quoted(mail))


def _quoted(mail: ReadMail) -> str:
    """The letter's words and the heads of the mails that lie with it, which some systems attach without a report."""
    heads = [decode(one.content[:HEAD], "") for one in mail.attachments[:MOST_ATTACHED] if one.type in ORIGINAL_TYPES]
    return "\n".join([mail.text[:LOOKED_AT], *heads])


def _ticket(case: Case, ids: list[str]) -> Ticket | None:
    for number in filter(None, map(number_in_message_id, ids)):
        ticket = Ticket.objects.filter(pk=number).first()
        if ticket:
            return ticket
    for claim in claims_in_subject(f"{case.mail.subject} {_quoted(case.mail)}"):
        ticket = Ticket.objects.filter(pk=claim.number).first() if claim.proven else None
        if ticket:
            return ticket
    return None


def _returned(case: Case, ticket: Ticket, ids: list[str]) -> list[tuple[MessageRecipient, str, str]]:
    """(whom the mail went to, what the report says, hard or soft) for each of our mails that it speaks of."""
    report = case.mail.report
    told = [one for one in (report.recipients if report else ()) if one.action in ("failed", "delayed")]
    named = (recipient_of(one) for one in ids)
    ours = next((row for row in named if row and row.message.ticket_id == ticket.pk), None)
    if ours:
        words = "; ".join(f"{one.status} {one.diagnostic}".strip() for one in told)
        soft = any(one.is_soft for one in told) if told else _speaks_softly(case)
        return [(ours, f"{ours.address}: {words or case.mail.subject}", "soft" if soft else "hard")]
    found = []
    for one in told:
        row = _last_to(ticket, one.final_recipient.lower())
        if row:
            error = f"{one.final_recipient}: {one.status} {one.diagnostic}"
            found.append((row, error, "soft" if one.is_soft else "hard"))
    return found


def _last_to(ticket: Ticket, address: str) -> MessageRecipient | None:
    """The newest message of the case that went to an address."""
    return MessageRecipient.objects.filter(message__ticket=ticket, address=address).order_by("-id").first()


def _speaks_softly(case: Case) -> bool:
    return bool(_SOFT_WORDS.search(case.mail.text[:LOOKED_AT]))
