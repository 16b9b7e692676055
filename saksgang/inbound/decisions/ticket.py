"""Which case? By our own Message-IDs or ones we have stored, then by the signed mark in the subject.

A bare number is only a hint: it counts for somebody who is on the case already. The subject's words never count (mail.md 7).
"""

from __future__ import annotations

import re

from saksgang.inbound.decisions.case import Case, Ending
from saksgang.inbound.decisions.voice import says_thanks, supplier_vouched_for
from saksgang.inbound.models import InboundMail
from saksgang.tickets.actions.reopening import within_window
from saksgang.tickets.kinds import CloseReason, LinkKind, State
from saksgang.tickets.mail_reference import claims_in_subject, number_in_message_id, old_numbers_in
from saksgang.tickets.models import Message, Ticket, TicketFollower, TicketLink, TicketRequester

MOST_IDS = 50
MOST_WAITING = 500
SHORTEST_REFERENCE = 4
_NUMBER = re.compile(r"[\w-]+")


def decide(case: Case) -> Ending | None:
    ticket, finding = _proven(case)
    if ticket is None:
        ticket, finding = _of_supplier(case)
    if ticket is None:
        ticket, finding = _hinted(case)
    if ticket is None and case.verdict.kind == "automatic" and not case.quiet:
        ticket, finding = _equal(case)
    case.because("ticket", finding)
    if ticket is None or case.follows is not None:
        return None
    ticket = _where_it_lives_on(ticket)
    if within_window(ticket) or case.quiet or says_thanks(case):
        case.ticket = ticket
    else:
        case.follows = ticket
        case.because("ticket", "closed_too_long_ago")
    return None


def _proven(case: Case) -> tuple[Ticket | None, str]:
    ids = [*case.tagged_ids, *case.mail.in_reply_to, *reversed(case.mail.references), case.mail.message_id][:MOST_IDS]
    for one in ids:
        number = number_in_message_id(one)
        ticket = Ticket.objects.filter(pk=number).first() if number else None
        if ticket:
            return ticket, "our_message_id"
    known = [one for one in ids if one and one != case.mail.message_id]
    if known:
        message = Message.objects.filter(header_id__in=known).select_related("ticket").order_by("-id").first()
        if message:
            return message.ticket, "known_message_id"
    for claim in claims_in_subject(case.mail.subject):
        ticket = Ticket.objects.filter(pk=claim.number).first() if claim.proven else None
        if ticket:
            return ticket, "signed_subject"
    return None, "no_reference"


def _of_supplier(case: Case) -> tuple[Ticket | None, str]:
    """A supplier's mail that names their own number, which we noted on a case that waits for them (tickets.md)."""
    if case.supplier is None or not supplier_vouched_for(case):
        return None, "no_reference"
    words = set(_NUMBER.findall(case.mail.subject.casefold()))
    waiting = Ticket.objects.filter(state=State.WAITING_THIRD_PARTY).exclude(waiting_reference="")
    for ticket in waiting.order_by("-id")[:MOST_WAITING]:
        noted = ticket.waiting_reference.casefold()
        if len(noted) >= SHORTEST_REFERENCE and set(_NUMBER.findall(noted)) <= words:
            return ticket, "supplier_reference"
    return None, "no_reference"


def _hinted(case: Case) -> tuple[Ticket | None, str]:
    for claim in claims_in_subject(case.mail.subject):
        ticket = Ticket.objects.filter(pk=claim.number).first()
        if ticket is None:
            continue
        if _is_on(ticket, case):
            return ticket, "number_and_known_sender"
        case.follows = ticket
        return ticket, "number_only"
    return _imported(case)


def _imported(case: Case) -> tuple[Ticket | None, str]:
    """A reply to a mail of the system before this one: its number counts for somebody who is on the imported case."""
    for number in old_numbers_in(case.mail.subject)[:MOST_IDS]:
        for ticket in Ticket.objects.filter(old_number=number).order_by("-id")[:5]:
            if _is_on(ticket, case):
                return ticket, "old_number_and_known_sender"
    return None, "no_reference"


def _is_on(ticket: Ticket, case: Case) -> bool:
    address = case.sender_address
    return (
        TicketRequester.objects.filter(ticket=ticket, person__addresses__address=address).exists()
        or TicketFollower.objects.filter(ticket=ticket, address=address).exists()
    )


def _equal(case: Case) -> tuple[Ticket | None, str]:
    """A machine's mail, the same to the letter as one that opened a case still open: counted there (mail.md 2)."""
    earlier = InboundMail.objects.filter(
        from_address=case.mail.from_address[:254],
        subject=case.mail.subject[:250],
        mail_class="automatic",
        outcome="new_ticket",
        ticket__open=1,
    )
    for row in earlier.select_related("ticket").order_by("-id")[:20]:
        if Message.objects.filter(inbound_id=row.pk, text=case.heard.text).exists():
            return row.ticket, "equal_to_open_case"
    return None, "no_reference"


def _where_it_lives_on(ticket: Ticket) -> Ticket:
    """A duplicate's mails belong to the case that it is a duplicate of."""
    if ticket.close_reason != CloseReason.DUPLICATE:
        return ticket
    link = TicketLink.objects.filter(ticket=ticket, kind=LinkKind.DUPLICATE).select_related("other").first()
    return link.other if link else ticket
