"""Which case? By our own Message-IDs or ones we have stored, then by the signed mark in the subject.

A bare number is only a hint: it counts for somebody who is on the case already. The subject's words never count (mail.md 7).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice

from django.db.models import Q

from saksgang.inbound.decisions.case import Case, Ending, tagged_ids
from saksgang.inbound.decisions.voice import says_thanks, supplier_vouched_for
from saksgang.inbound.models import InboundMail, Outcome
from saksgang.inbound.reading.mail import ReadMail
from saksgang.lib import clock, text
from saksgang.tickets.actions.reopening import within_window
from saksgang.tickets.kinds import State
from saksgang.tickets.mail_reference import claims_in_subject, number_in_message_id, old_numbers_in
from saksgang.tickets.merges import lives_on_in, origin
from saksgang.tickets.models import Message, Ticket, TicketFollower, TicketRequester

MOST_IDS = 50
MOST_NAMED = 20
MOST_BEARERS = 5  # mails that bear the same Message-ID
MOST_EARLIER = 20
PERSON_REPEATS_WITHIN = timedelta(hours=1)
MOST_WAITING = 500
SHORTEST_REFERENCE = 4
_NUMBER = re.compile(r"[\w-]+")


def decide(case: Case) -> Ending | None:
    if case.ticket is not None:
        return None  # a robot's was sought already
    ticket, finding = _proven(case) or _of_supplier(case) or _hinted(case)
    if ticket is None:
        case.repeats = repeated(case)
        ticket, finding = (case.repeats.ticket, "repeats") if case.repeats else (None, finding)
    case.because("ticket", finding)
    if ticket is None or case.follows is not None:
        return None
    ticket = _at_home(case, ticket)
    if within_window(ticket) or says_thanks(case):
        case.ticket = ticket
    else:
        case.follows = ticket
        case.because("ticket", "closed_too_long_ago")
    return None


def _at_home(case: Case, named: Ticket) -> Ticket:
    """Where the case that the mail names lives on. Which one it named is kept: somebody may take the two apart again."""
    ticket = lives_on_in(named)
    if ticket.pk != named.pk:
        case.heard = replace(case.heard, came_for=named.pk)
        case.because("ticket", "lives_on")
    return ticket


def _proven(case: Case) -> tuple[Ticket, str] | None:
    """The case that the thread names. Where it names several, the first that the sender is on; where on none, the first."""
    if case.copy_of:
        return case.copy_of, "other_words"
    ids = _ids(case.row, case.mail)
    named = list(islice(_named_by_ids(ids), MOST_NAMED)) or list(_named_by_subject(case.mail))
    if not named:
        return None
    if len({ticket.pk for ticket, _finding in named}) == 1:
        return named[0]
    return next((one for one in named if _is_on(one[0], case)), named[0])


def about(row: InboundMail, mail: ReadMail) -> Ticket | None:
    """The case that a mail names in any way, proven or not: a restricted one first. Asked before anything is decided, so that
    nobody reads in the ledger or the tray what belongs to a case that they may not see.
    """
    named = [ticket for ticket, _finding in islice(_named_by_ids(_ids(row, mail)), MOST_NAMED)]
    numbers = [claim.number for claim in claims_in_subject(mail.subject)]
    named += Ticket.objects.filter(pk__in=numbers)
    old = old_numbers_in(mail.subject)[:MOST_IDS]
    named += Ticket.objects.filter(old_number__in=old).order_by("-id")[:MOST_NAMED] if old else []
    return next((ticket for ticket in named if ticket.restricted), next(iter(named), None))


def _ids(row: InboundMail, mail: ReadMail) -> list[str]:
    """The Message-IDs that a mail names, the surest first; its own last, by which a mail of ours that comes back is known."""
    named = [*tagged_ids(row, mail), *mail.in_reply_to, *reversed(mail.references)]
    return [*named[:MOST_IDS], mail.message_id]


def _named_by_ids(ids: list[str]) -> Iterator[tuple[Ticket, str]]:
    """Cases named by our own Message-IDs, which are signed, and then by those of mails that came to us."""
    for one in ids:
        number = number_in_message_id(one)
        ticket = Ticket.objects.filter(pk=number).first() if number else None
        if ticket:
            yield ticket, "our_message_id"
    # A Message-ID is proof of the mail that first bore it: whoever has seen one can write it on a mail of their own.
    for one in dict.fromkeys(one for one in ids[:-1] if one and one != ids[-1]):
        bearers = Message.objects.filter(header_id=one[:500]).select_related("ticket").order_by("id")
        for message in bearers[:MOST_BEARERS]:
            yield origin(message), "known_message_id"


def _named_by_subject(mail: ReadMail) -> Iterator[tuple[Ticket, str]]:
    for claim in claims_in_subject(mail.subject):
        ticket = Ticket.objects.filter(pk=claim.number).first() if claim.proven else None
        if ticket:
            yield ticket, "signed_subject"


def _of_supplier(case: Case) -> tuple[Ticket, str] | None:
    """A supplier's mail that names their own number, which we noted on a case that waits for them (tickets.md)."""
    if not supplier_vouched_for(case):
        return None
    words = set(_NUMBER.findall(case.mail.subject.casefold()))
    waiting = Ticket.objects.filter(state=State.WAITING_THIRD_PARTY).exclude(waiting_reference="")
    for ticket in waiting.order_by("-id")[:MOST_WAITING]:
        noted = ticket.waiting_reference.casefold()
        if len(noted) >= SHORTEST_REFERENCE and set(_NUMBER.findall(noted)) <= words:
            return ticket, "supplier_reference"
    return None


def _hinted(case: Case) -> tuple[Ticket | None, str]:
    for claim in claims_in_subject(case.mail.subject):
        ticket = Ticket.objects.filter(pk=claim.number).first()
        if ticket is None:
            continue
        if _is_on(ticket, case) and not case.unverified:
            return ticket, "number_and_known_sender"
        case.follows = ticket
        return ticket, "number_only"
    return _imported(case)


def _imported(case: Case) -> tuple[Ticket | None, str]:
    """A reply to a mail of the system before this one: its number counts for somebody who is on the imported case."""
    for number in [] if case.unverified else old_numbers_in(case.mail.subject)[:MOST_IDS]:
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


def repeated(case: Case) -> InboundMail | None:
    """The same words and files from the same sender, while their case is open: counted there (mail.md 2).

    A machine's at any time; a person's within the hour, since somebody who writes the same next week has the fault again.
    """
    if not case.sender_address:
        return None  # nobody knows yet who wrote: two such mails may be two people's
    earlier = InboundMail.objects.filter(
        from_address=case.sender_address[:254],
        subject=text.one_line(case.mail.subject, 250),
        mail_class=case.verdict.kind,
        outcome__in=[Outcome.NEW_TICKET, Outcome.REPLY],
        duplicate_of__isnull=True,
        ticket__open=1,
    )
    an_hour_ago = clock.now() - PERSON_REPEATS_WITHIN
    if case.verdict.kind == "human":
        earlier = earlier.filter(Q(received_at__gt=an_hour_ago) | Q(repeated_at__gt=an_hour_ago))
    for row in earlier.select_related("ticket").order_by("-id")[:MOST_EARLIER]:
        message = Message.objects.filter(inbound_id=row.pk, text=case.heard.text).first()
        if message and _files_of(message) == sorted(file.sha256 for file in case.heard.files):
            return row
    return None


def _files_of(message: Message) -> list[str]:
    return sorted(message.attachments.values_list("sha256", flat=True))
