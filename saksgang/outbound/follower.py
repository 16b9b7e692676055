"""Hears of events and promises mails: who is told, which text, which bytes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from saksgang.catalogue.models import Mailbox
from saksgang.catalogue.queries import mail_text
from saksgang.events.actions import finish
from saksgang.events.models import Delivery, Event
from saksgang.lib import clock, files
from saksgang.outbound.colleagues import concerned, mail_to
from saksgang.outbound.models import DeliveryState, OutboundMail
from saksgang.outbound.notices import notices
from saksgang.outbound.rendering import File, Letter, fill, render
from saksgang.people.models import Language, Person
from saksgang.people.queries import address_of
from saksgang.people.rules import travelling_address
from saksgang.tickets.actions.taking_back import leaves_after
from saksgang.tickets.kinds import MessageKind, Visibility
from saksgang.tickets.languages import language_for
from saksgang.tickets.mail_reference import message_id, return_address, without_mark
from saksgang.tickets.models import Message, MessageRecipient, Ticket, TicketMailbox
from saksgang.tickets.rules.deadlines import CLOSING_DAYS

ACKNOWLEDGEMENT = "acknowledgement"
OF_SEVERAL = "acknowledgement_of_several"  # the text of a receipt that names more cases than one
# Which text goes around what an agent wrote.
TEXT_OF = {
    MessageKind.ANSWER: "answer",
    MessageKind.CLOSING: "answer",
    MessageKind.SOLUTION: "solution",
    MessageKind.CONVERSATION: "conversation",
    MessageKind.REMINDER: "reminder",
    MessageKind.OUTWARD: "outward",
    MessageKind.STATUS: "answer",
}
# These name the message that came in, which is nobody's mail to send; their requesters may get a receipt.
REGISTERING = ("ticket_registered", "requester_changed")


class NoMailbox(Exception):
    """There is no active mailbox to write from. An administrator must add one; the promise waits."""


@dataclass(frozen=True)
class Reader:
    """Somebody a mail goes to."""

    address: str
    name: str
    person_id: int | None
    language: str
    copy: bool
    clears_answer: bool


def handle(delivery: Delivery) -> None:
    """Renders every mail that the event promises and stores it under (event, recipient). Safe to run again."""
    event = delivery.event
    if event.kind in ("answer_failed", "answer_delayed"):
        _came_back(delivery)
        return
    if event.kind == "message_withdrawn":
        _withdraw(delivery)
        return
    mails = list(_mails(event))
    with transaction.atomic():
        # Another run may have come this far: each recipient's mail is stored once, and the first bytes count.
        stored = set(OutboundMail.objects.filter(event_id=event.pk).values_list("recipient", flat=True))
        for mail in mails:
            if mail.recipient not in stored:
                mail.save(force_insert=True)
        finish(delivery)


@transaction.atomic
def _came_back(delivery: Delivery) -> None:
    """A mail that the relay had taken was returned, or is late: the case no longer says that it was delivered."""
    event = delivery.event
    told = MessageRecipient.objects.filter(pk=event.after.get("recipient_id")).first()
    if told:
        mails = OutboundMail.objects.filter(message_id=told.message_id, recipient=told.address, pending=0)
        if event.kind == "answer_delayed":
            mails.filter(state=DeliveryState.SENT).update(state=DeliveryState.DELAYED, last_error=event.reason)
        else:
            mails.filter(state__in=[DeliveryState.SENT, DeliveryState.DELAYED]).update(
                state=DeliveryState.BOUNCED,
                bounce=event.after.get("bounce", ""),
                failed_at=clock.now(),
                last_error=event.reason,
            )
    finish(delivery)


@transaction.atomic
def _withdraw(delivery: Delivery) -> None:
    """The writer took the message back before it left."""
    mails = OutboundMail.objects.filter(message_id=delivery.event.after["message_id"], pending=1)
    mails.update(state=DeliveryState.WITHDRAWN, pending=0, claimed_until=None)
    finish(delivery)


def _mails(event: Event) -> Iterable[OutboundMail]:
    if event.after.get("acknowledge"):
        yield from _receipts(event)
    elif event.after.get("message_id") and event.kind not in REGISTERING:
        yield from _message_mails(event)
    if whom := concerned(event):
        ticket = Ticket.objects.get(pk=event.ticket_id or 0)
        yield mail_to(whom, event, ticket, mailbox_for(ticket))


def _receipts(event: Event) -> Iterable[OutboundMail]:
    """One receipt for each requester with an address, each by itself: they need not know of one another."""
    message = Message.objects.select_related("ticket__team").get(pk=event.after["message_id"])
    people = Person.objects.filter(pk__in=event.after["requester_ids"]).order_by("pk")
    readers = [
        Reader(address, person.name, person.pk, language_for(person, message.ticket), copy=False, clears_answer=False)
        for person in people
        if (address := address_of(person))
    ]
    for nth in range(len(readers)):
        yield _mail(event, message, readers, nth, ACKNOWLEDGEMENT)


def _message_mails(event: Event) -> Iterable[OutboundMail]:
    message = Message.objects.select_related("ticket__team", "author").get(pk=event.after["message_id"])
    if message.kind not in TEXT_OF or message.taken_back_at:
        return
    readers = _readers(message)
    for nth in range(len(readers)):
        yield _mail(event, message, readers, nth, TEXT_OF[MessageKind(message.kind)])


def _readers(message: Message) -> list[Reader]:
    return [
        Reader(
            row.address,
            row.name,
            row.person_id,
            language_for(row.person, message.ticket) if row.person else Language.NB,
            row.copy,
            row.cleared_answer,
        )
        for row in MessageRecipient.objects.filter(message=message).select_related("person").order_by("id")
    ]


def rendered_for(mail: OutboundMail, told: MessageRecipient) -> dict[str, str]:
    """The mail anew for a recipient whose address has changed: the columns of its row that differ. Its Message-ID stays."""
    event = Event.objects.get(pk=mail.event_id)
    message = Message.objects.select_related("ticket__team", "author").get(pk=told.message_id)
    readers = _readers(message)
    nth = next(nth for nth, one in enumerate(readers) if one.address == told.address)
    anew = _mail(event, message, readers, nth, TEXT_OF[MessageKind(message.kind)])
    return {"recipient": anew.recipient, "raw_sha256": anew.raw_sha256}


def _mail(event: Event, message: Message, readers: list[Reader], nth: int, kind: str) -> OutboundMail:
    """The mail to the `nth` of the readers. In an answer's head stand all of them, in a receipt's only its own."""
    ticket, reader = message.ticket, readers[nth]
    mailbox = mailbox_for(ticket)
    receipt = kind == ACKNOWLEDGEMENT
    shown = [reader] if receipt else readers
    several = receipt and len(event.after.get("numbers", ())) > 1
    written = mail_text(OF_SEVERAL if several else kind, reader.language)
    numbers = [str(one) for one in event.after.get("numbers", ())]
    words = {
        "number": str(ticket.pk),
        "numbers": ", ".join(numbers),
        "subject": without_mark(ticket.subject),
        "team": ticket.team.name if ticket.team else "",
        "name": message.author_name,
        "answer": message.text,
        "closing_days": str(CLOSING_DAYS),
    }
    extra = notices(mailbox, ticket.team_id, event.at, reader.language) if receipt else ""
    header_id = message_id(ticket.pk, event.pk, nth, travelling_address(mailbox.address).rpartition("@")[2])
    letter = Letter(
        number=ticket.pk,
        header_id=header_id,
        sender_name=mailbox.name,
        sender_address=mailbox.address,
        recipient=reader.address,
        to=[(one.name, one.address) for one in shown if not one.copy],
        cc=[(one.name, one.address) for one in shown if one.copy],
        subject=_subject(fill(written.subject, words), receipt, ticket),
        body=fill(written.body, words) + extra,
        at=clock.local(event.at),
        references=references_of(ticket, before=message),
        automatic="auto-replied" if receipt else "auto-generated" if kind == "reminder" else "",
        files=() if receipt else _files(message),
    )
    return OutboundMail(
        event_id=event.pk,
        ticket=ticket,
        message=None if receipt else message,
        person_id=reader.person_id,
        kind=kind,
        recipient=reader.address,
        # A receipt goes out without a return address, so that no robot can answer it (RFC 3834).
        envelope_from="" if receipt else travelling_address(_return_address(mailbox, header_id)),
        header_id=header_id,
        raw_sha256=files.keep(render(letter)),
        bulk=bool(event.after.get("bulk")),
        clears_answer=reader.clears_answer,
        created_at=clock.now(),
        try_at=clock.now() if receipt else max(clock.now(), message.at + leaves_after(message)),
    )


def _return_address(mailbox: Mailbox, header_id: str) -> str:
    return return_address(mailbox.address, header_id) if mailbox.tagged_returns else mailbox.address


def _subject(subject: str, receipt: bool, ticket: Ticket) -> str:
    """A receipt names what it is about; an answer stays in the thread of the mail it answers."""
    if receipt:
        return subject
    return subject if subject.lower().startswith(("re:", "sv:")) or not ticket.mailboxes.exists() else f"Re: {subject}"


def mailbox_for(ticket: Ticket) -> Mailbox:
    """The mailbox to write from: the one the case came to, else its team's, else the first. Raises NoMailbox."""
    came_to = TicketMailbox.objects.filter(ticket=ticket, mailbox__active=True).order_by("id")
    first = came_to.select_related("mailbox").first()
    if first:
        return first.mailbox
    active = Mailbox.objects.filter(active=True).order_by("id")
    found = active.filter(team=ticket.team).first() or active.first()
    if found is None:
        raise NoMailbox("no active mailbox to write from")
    return found


def references_of(ticket: Ticket, *, before: Message) -> list[str]:
    """Message-IDs of the case's mails, oldest first, the one to reply to last. A supplier's thread and the requester's are two."""
    outward = Q(visibility=Visibility.OUTWARD)
    came = Message.objects.filter(
        outward if before.visibility == Visibility.OUTWARD else ~outward, ticket=ticket, pk__lte=before.pk
    ).exclude(header_id="")
    return list(came.order_by("-id").values_list("header_id", flat=True)[:10])[::-1]


def _files(message: Message) -> tuple[File, ...]:
    return tuple(
        File(one.name, one.content_type, files.read(one.sha256))
        for one in message.attachments.filter(redacted_at__isnull=True).order_by("id")
    )
