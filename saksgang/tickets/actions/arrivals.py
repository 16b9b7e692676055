"""What comes to a case from outside: a requester's words, thanks, a supplier's reply, mail that an agent sent past the desk.

Each wakes the case as far as it should. What we were unsure of, an agent settles with one click.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.events.actions import Actor
from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.tickets import policies
from saksgang.tickets.actions.core import clear_set_step, lock, lock_home, put_first, store
from saksgang.tickets.actions.messages import Heard, write_heard
from saksgang.tickets.actions.reopening import FOLLOW_UP_MINUTES, bring_back
from saksgang.tickets.kinds import Channel, MessageKind, NextStep, SenderRole, State, Visibility
from saksgang.tickets.models import Message, Ticket, TicketRequester
from saksgang.tickets.rules.deadlines import ASSESS_MINUTES
from saksgang.tickets.states import DONE, PAUSED

READ_REPLY_MINUTES = 120
# A supplier's word that it is done: the requester decides whether it is.
_SAYS_DONE = re.compile(
    r"(?i)\b(?:løst|løyst|utbedret|utbetra|rettet|retta|fikset|fiksa|ferdig|utført|lukket|lukka|solved|resolved|fixed|closed|completed)\b"
)


@transaction.atomic
def receive(
    *,
    ticket: Ticket,
    by: Actor,
    heard: Heard,
    person: Person | None,
    received_at: datetime,
    automatic: bool = False,
    channel: str = Channel.EMAIL,
) -> Message:
    """A message that joins the case. From a requester it is owed an answer; from somebody else it only wakes the case.

    `automatic`: an absence reply or a receipt; it is kept and wakes nobody.
    """
    ticket, heard = _home(ticket, heard)
    requester = _requester(ticket, person)
    role = SenderRole.MACHINE if automatic else SenderRole.REQUESTER if requester else SenderRole.OTHER
    kind = MessageKind.AUTOMATIC if automatic else MessageKind.INCOMING
    message = write_heard(ticket, heard, author=person, channel=channel, role=role, kind=kind, at=received_at)
    if not automatic:
        _wake(ticket, requester, received_at)
    return _received(ticket, message, by)


@transaction.atomic
def receive_unverified(
    *, ticket: Ticket, by: Actor, heard: Heard, person: Person | None, received_at: datetime
) -> Message:
    """A mail whose sender our server says is forged. It is shown as a new reply, and by itself moves nothing and clears nothing.

    Where the case rests, somebody must say who wrote it, as soon as a new case must be looked at.
    """
    ticket, heard = _home(ticket, heard)
    role = SenderRole.REQUESTER if _requester(ticket, person) else SenderRole.OTHER
    message = write_heard(
        ticket, heard, author=person, channel=Channel.EMAIL, role=role, kind=MessageKind.INCOMING, at=received_at
    )
    ticket.new_message_at = received_at
    if State(ticket.state) in PAUSED | DONE:
        put_first(ticket, NextStep.CONFIRM_SENDER, minutes=ASSESS_MINUTES)
    return _received(ticket, message, by)


@transaction.atomic
def confirm_sender(*, message: Message, by: Person) -> Ticket:
    """It was written by whom it says: it is owed an answer, and wakes the case as any message does."""
    ticket = lock(message.ticket)
    policies.check_may_work(by, ticket)
    message = _unconfirmed(message)
    _settle(message, by)
    Message.objects.filter(pk=message.pk).update(unverified=False)
    _confirmed(ticket)
    _wake(ticket, _requester(ticket, message.author), message.at)
    store(ticket, "sender_confirmed", by=by, after={"message_id": message.pk})
    return ticket


@transaction.atomic
def deny_sender(*, message: Message, by: Person) -> Ticket:
    """Somebody else wrote it: it stays on the case, marked, and asks for nothing."""
    ticket = lock(message.ticket)
    policies.check_may_work(by, ticket)
    message = _unconfirmed(message)
    _settle(message, by)
    _confirmed(ticket)
    if ticket.new_message_at == message.at:
        ticket.new_message_at = None
    store(ticket, "sender_denied", by=by, after={"message_id": message.pk})
    return ticket


def _confirmed(ticket: Ticket) -> None:
    """The step is done when no other message waits for the same word."""
    waits = Message.objects.filter(ticket=ticket, unverified=True, settled_at__isnull=True, kind=MessageKind.INCOMING)
    if ticket.set_step == NextStep.CONFIRM_SENDER and not waits.exists():
        clear_set_step(ticket)


@transaction.atomic
def receive_thanks(*, ticket: Ticket, by: Actor, heard: Heard, person: Person | None, received_at: datetime) -> Message:
    """A thank-you: kept, owed nothing, and it opens nothing. On an open case it asks whether the case is solved."""
    ticket, heard = _home(ticket, heard)
    role = SenderRole.REQUESTER if _requester(ticket, person) else SenderRole.OTHER
    message = write_heard(
        ticket, heard, author=person, channel=Channel.EMAIL, role=role, kind=MessageKind.THANKS, at=received_at
    )
    if ticket.open:
        ticket.thanked_at = ticket.new_message_at = received_at
        if ticket.state == State.WAITING_REQUESTER:  # they have spoken: nobody waits for them any longer
            bring_back(ticket)
            put_first(ticket, NextStep.FOLLOW_UP, minutes=FOLLOW_UP_MINUTES)
    store(ticket, "thanks_received", by=by, after={"message_id": message.pk})
    return message


@transaction.atomic
def receive_from_supplier(*, ticket: Ticket, by: Actor, heard: Heard, person: Person, received_at: datetime) -> Message:
    """A supplier's words. They end the wait for others; «solved» from them only means: check with the requester."""
    ticket, heard = _home(ticket, heard)
    message = write_heard(
        ticket,
        heard,
        author=person,
        channel=Channel.EMAIL,
        role=SenderRole.SUPPLIER,
        kind=MessageKind.INCOMING,
        at=received_at,
        visibility=Visibility.OUTWARD,
    )
    ticket.new_message_at = received_at
    if ticket.state == State.WAITING_THIRD_PARTY or State(ticket.state) in DONE:
        bring_back(ticket)
    visible = "".join(words for folded, words in heard.segments if not folded) or heard.text
    step = NextStep.CHECK_WITH_REQUESTER if _SAYS_DONE.search(visible) else NextStep.FOLLOW_UP
    put_first(ticket, step, minutes=READ_REPLY_MINUTES)
    return _received(ticket, message, by)


@transaction.atomic
def receive_direct(*, ticket: Ticket, by: Actor, heard: Heard, person: Person, received_at: datetime) -> Message:
    """An agent's mail to the requester past the desk, with our mailbox on copy. Nobody proves who wrote it: an agent says
    with one click that it was the answer.
    """
    ticket, heard = _home(ticket, heard)
    message = write_heard(
        ticket, heard, author=person, channel=Channel.EMAIL, role=SenderRole.OTHER, kind=MessageKind.DIRECT, at=received_at
    )  # fmt: skip
    ticket.new_message_at = received_at
    if ticket.open:
        put_first(ticket, NextStep.FOLLOW_UP, minutes=READ_REPLY_MINUTES)
    return _received(ticket, message, by)


@transaction.atomic
def was_more_than_thanks(*, message: Message, by: Person) -> Ticket:
    """It was no mere thank-you: it is owed an answer, and wakes the case as any message does."""
    ticket = lock(message.ticket)
    policies.check_may_work(by, ticket)
    message = _unsettled(message, MessageKind.THANKS)
    _settle(message, by)
    _wake(ticket, _requester(ticket, message.author), message.at)
    ticket.thanked_at = None
    store(ticket, "thanks_reconsidered", by=by, after={"message_id": message.pk})
    return ticket


@transaction.atomic
def count_as_answer(*, message: Message, by: Person) -> Ticket:
    """The agent's own mail was the answer: what those were owed whom it went to, is cleared."""
    ticket = lock(message.ticket)
    policies.check_may_work(by, ticket)
    message = _unsettled(message, MessageKind.DIRECT)
    _settle(message, by)
    reached = {address for _name, address in message.copied}
    answered = [
        requester
        for requester in TicketRequester.objects.filter(ticket=ticket).select_related("person")
        if reached & set(requester.person.addresses.values_list("address", flat=True))
    ]
    if not answered:
        raise policies.Refused(_("The mail went to nobody who is owed an answer on this case."))
    for requester in answered:
        if requester.answer_owed_since and requester.answer_owed_since <= message.at:
            requester.answer_owed_since, requester.answered_at = None, message.at
            requester.save(update_fields=["answer_owed_since", "answered_at"])
    ticket.last_word_at = max(message.at, ticket.last_word_at or message.at)
    ticket.first_answered_at = ticket.first_answered_at or message.at
    ticket.new_message_at = None
    clear_set_step(ticket)
    store(ticket, "direct_mail_counted", by=by, after={"message_id": message.pk})
    return ticket


def _home(named: Ticket, heard: Heard) -> tuple[Ticket, Heard]:
    """Where it joins, locked; and that it came for another case, where that one was merged."""
    ticket = lock_home(named)
    return ticket, heard if heard.came_for or ticket.pk == named.pk else replace(heard, came_for=named.pk)


def _received(ticket: Ticket, message: Message, by: Actor) -> Message:
    after = {"message_id": message.pk, "sender_role": message.sender_role}
    store(ticket, "message_received", by=by, after=after)
    return message


def _unsettled(message: Message, kind: str) -> Message:
    # Only the message: PostgreSQL locks no row that may be missing, as its author may.
    fresh = Message.objects.select_for_update(of=("self",)).select_related("author").get(pk=message.pk)
    if fresh.kind != kind or fresh.settled_at:
        raise policies.Refused(_("Somebody has settled this already."))
    return fresh


def _unconfirmed(message: Message) -> Message:
    fresh = _unsettled(message, MessageKind.INCOMING)
    if not fresh.unverified:
        raise policies.Refused(_("Somebody has settled this already."))
    return fresh


def _settle(message: Message, by: Person) -> None:
    message.settled_at, message.settled_by = clock.now(), by
    message.save(update_fields=["settled_at", "settled_by"])


def _requester(ticket: Ticket, person: Person | None) -> TicketRequester | None:
    return TicketRequester.objects.filter(ticket=ticket, person=person).first() if person else None


def _wake(ticket: Ticket, requester: TicketRequester | None, received_at: datetime) -> None:
    if requester and requester.answer_owed_since is None:
        requester.answer_owed_since = received_at
        requester.save(update_fields=["answer_owed_since"])
    ticket.new_message_at = received_at
    if State(ticket.state) in PAUSED | DONE:
        bring_back(ticket)
    if requester:
        clear_set_step(ticket)
    else:
        put_first(ticket, NextStep.FOLLOW_UP, minutes=READ_REPLY_MINUTES)
