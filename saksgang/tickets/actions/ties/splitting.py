"""One case that was about two things becomes two, and both are owed an answer."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.people.models import Person
from saksgang.tickets import policies
from saksgang.tickets.actions.core import lock, store
from saksgang.tickets.actions.registration import announce, open_ticket
from saksgang.tickets.kinds import LinkKind, MessageKind
from saksgang.tickets.models import Attachment, Message, Ticket, TicketLink, TicketMention, TicketRequester

# What was said to us and among us. What we wrote to somebody stays in the thread that it was written in.
CAN_GO = (
    MessageKind.INCOMING,
    MessageKind.AUTOMATIC,
    MessageKind.THANKS,
    MessageKind.DIRECT,
    MessageKind.NOTE,
    MessageKind.CONVERSATION,
)


@transaction.atomic
def split(*, ticket: Ticket, by: Person, messages: Iterable[int], subject: str) -> Ticket:
    """The chosen messages go to a new case in the same team; whoever wrote them is owed an answer on both. Returns the new one.

    The message that the case began with stays, and stands on the new case too: it was about both.
    """
    old = lock(ticket)
    policies.check_may_work(by, old)
    policies.check_can("hand_over", old)
    chosen = list(Message.objects.filter(ticket=old, pk__in=list(messages), kind__in=CAN_GO).order_by("at", "id"))
    if not chosen or old.team is None:
        raise policies.Refused(_("Choose the messages that the new case is about."))
    if not subject.strip():
        raise policies.Refused(_("Say what the new case is about."))
    asked = _asked(old, chosen)
    new = open_ticket(
        subject=subject,
        channel=chosen[0].channel,
        team=old.team,
        received_at=chosen[0].at,
        asked=asked,
        affected_department=old.affected_department,
        like=old,
    )
    began = Message.objects.filter(ticket=old).order_by("id").first()
    gone = [_copy(one, new) if began and one.pk == began.pk else _move(one, old, new) for one in chosen]
    TicketLink.objects.create(ticket=new, other=old, kind=LinkKind.SPLIT)
    announce(new, by=by, message=gone[0], asked=asked, acknowledge=False)
    store(old, "ticket_split", by=by, after={"new_ticket_id": new.pk, "message_ids": [one.pk for one in gone]})
    return new


def _asked(old: Ticket, chosen: list[Message]) -> list[TicketRequester]:
    """Those who wrote what was chosen; where nobody did, everybody who asked on the old case."""
    wrote: dict[int, TicketRequester] = {}
    known = {one.person_id: one for one in TicketRequester.objects.filter(ticket=old).order_by("id")}
    for message in chosen:
        if message.kind == MessageKind.INCOMING and message.author_id in known and message.author_id not in wrote:
            contact = known[message.author_id].contact_name
            wrote[message.author_id] = TicketRequester(
                person_id=message.author_id, contact_name=contact, answer_owed_since=message.at
            )
    return list(wrote.values()) or [
        TicketRequester(
            person_id=one.person_id,
            contact_name=one.contact_name,
            answer_owed_since=one.answer_owed_since or chosen[0].at,
        )
        for one in known.values()
    ]


def _move(message: Message, old: Ticket, new: Ticket) -> Message:
    Message.objects.filter(pk=message.pk).update(ticket=new, detached_from=old)
    TicketMention.objects.filter(message=message).update(ticket=new)
    message.ticket = new
    return message


def _copy(message: Message, new: Ticket) -> Message:
    """The same words and files once more. The mail itself, and its thread, stay with the old case."""
    files = list(Attachment.objects.filter(message=message, redacted_at__isnull=True).order_by("id"))
    again = Message.objects.get(pk=message.pk)
    again.pk, again._state.adding = None, True
    again.detached_from_id, again.ticket = message.ticket_id, new
    again.inbound_id, again.header_id, again.came_for = None, "", None
    again.save(force_insert=True)
    for file in files:
        file.pk, file._state.adding, file.message = None, True, again
    Attachment.objects.bulk_create(files)
    return again
