"""Taking back what one has just sent, in the seconds before it leaves: the case is as it was, and nobody has got anything."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from saksgang.events.models import Event
from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.tickets import policies
from saksgang.tickets.actions.core import lock, put_first, store
from saksgang.tickets.actions.reopening import FOLLOW_UP_MINUTES
from saksgang.tickets.actions.telling import calling
from saksgang.tickets.kinds import MessageKind, NextStep, State
from saksgang.tickets.models import Message, MessageRecipient, Ticket, TicketMention, TicketRequester
from saksgang.tickets.states import PAUSED

# What a person sends by mail. A logged conversation was had, whatever its mail says.
CAN_BE_TAKEN_BACK = (MessageKind.ANSWER, MessageKind.SOLUTION, MessageKind.CLOSING, MessageKind.OUTWARD)
# The relay gets such a mail so much later than nobody can take it back any more: clocks of several nodes differ.
MARGIN = timedelta(seconds=2)


def leaves_after(message: Message) -> timedelta:
    """How long a message waits before it leaves."""
    return longest_wait() if message.author_id and message.kind in CAN_BE_TAKEN_BACK else timedelta()


def longest_wait() -> timedelta:
    """After so long every message has left."""
    wait = timedelta(seconds=settings.UNDO_SECONDS)
    return wait + MARGIN if wait else wait


def can_take_back(message: Message, by: Person) -> bool:
    """For the button."""
    return (
        message.author_id == by.pk
        and message.kind in CAN_BE_TAKEN_BACK
        and message.taken_back_at is None
        and clock.now() < message.at + timedelta(seconds=settings.UNDO_SECONDS)
    )


@transaction.atomic
def take_back(*, message: Message, by: Person) -> Ticket:
    """Raises Refused when it is too late, or something else has happened on the case since."""
    ticket = lock(message.ticket)
    message = Message.objects.select_for_update().get(pk=message.pk)
    if not can_take_back(message, by):
        raise policies.Refused(_("It is too late: the message is on its way."))
    sent = Event.objects.filter(ticket_id=ticket.pk).order_by("-id").first()
    if sent is None or sent.after.get("message_id") != message.pk:
        raise policies.Refused(_("Something else has happened on the case since, so the message is sent."))
    message.taken_back_at = clock.now()
    message.save(update_fields=["taken_back_at"])
    _owe_again(ticket, message)
    calling.unsaid(message, by)
    TicketMention.objects.filter(ticket=ticket, person=by, closed_at=message.at).update(closed_at=None)
    _forget_the_word(ticket)
    _restore(ticket, sent)
    store(ticket, "message_withdrawn", by=by, after={"message_id": message.pk})
    return ticket


def _owe_again(ticket: Ticket, message: Message) -> None:
    for told in MessageRecipient.objects.filter(message=message, owed_since__isnull=False):
        TicketRequester.objects.filter(ticket=ticket, person=told.person).update(
            answer_owed_since=told.owed_since, answered_at=None
        )


def _forget_the_word(ticket: Ticket) -> None:
    """When the requesters last heard from us, and first, without this message."""
    words = Message.objects.filter(
        ticket=ticket,
        kind__in=[MessageKind.ANSWER, MessageKind.SOLUTION, MessageKind.CLOSING, MessageKind.CONVERSATION],
        taken_back_at__isnull=True,
    ).aggregate(first=Min("at"), last=Max("at"))
    ticket.first_answered_at, ticket.last_word_at = words["first"], words["last"]


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


def _restore(ticket: Ticket, sent: Event) -> None:
    """The state before. Out of a wait that the message ended, the case is the agent's to go on with."""
    before = State(sent.before.get("state", ticket.state))
    if "promised_by" in sent.before:
        ticket.promised_by = _moment(sent.before["promised_by"])
    if before == ticket.state in PAUSED and "wait_until" in sent.before:  # whoever has the case was asked how it goes
        ticket.wait_until = _moment(sent.before["wait_until"])
    if before != ticket.state:
        ticket.resolution = ticket.technical_resolution = ticket.close_note = ""
        ticket.resolved_at = ticket.resolved_by = ticket.close_after = None
        ticket.close_reason = ticket.closed_at = ticket.closed_by = None
        ticket.state = State.IN_PROGRESS if before in PAUSED else before
    if before in PAUSED and ticket.state not in PAUSED:
        put_first(ticket, NextStep.FOLLOW_UP, minutes=FOLLOW_UP_MINUTES)
    elif "assignee_id" in sent.before:
        ticket.assignee_id = sent.before["assignee_id"]
        ticket.taken_at = clock.now() if ticket.assignee_id else None
    if ticket.assignee_id is None and ticket.state == State.IN_PROGRESS:
        ticket.assignee_id, ticket.taken_at = sent.by_person_id, clock.now()
