"""What we say on a case: answers, notes, conversations; and answers of ours that do not arrive (clause H2)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.access.queries import check_may
from saksgang.access.roles import Permission
from saksgang.events.actions import Actor
from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.tickets import policies
from saksgang.tickets.actions.assignment import assign
from saksgang.tickets.actions.core import clear_set_step, lock, lock_home, put_first, store
from saksgang.tickets.actions.messages import KeptFile, read_addresses, speak, write_own
from saksgang.tickets.actions.reopening import bring_back
from saksgang.tickets.actions.telling import calling
from saksgang.tickets.actions.telling.mentioning import mention, whom
from saksgang.tickets.actions.told import end_when_told, was_put_off
from saksgang.tickets.kinds import Channel, MessageKind, NextStep, State, Visibility
from saksgang.tickets.models import Message, MessageRecipient, Ticket, TicketRequester
from saksgang.tickets.states import DONE, PAUSED

ANSWER_AGAIN_MINUTES = 30


@transaction.atomic
def answer(
    *,
    ticket: Ticket,
    by: Person,
    words: str,
    to: Iterable[int] | None = None,
    cc: Iterable[str] = (),
    kept: Iterable[KeptFile] = (),
) -> Message:
    """An answer by mail to the requesters (ids of persons; None: all). Answering takes a case that nobody has."""
    if not words.strip():
        raise policies.Refused(_("Write the answer first."))
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    message = speak(ticket, by=by, words=words, to=to, cc=cc, kept=kept)
    if ticket.state == State.NEW:
        assign(ticket, by)
        ticket.state = State.IN_PROGRESS
    store(ticket, "message_sent", by=by, after={"message_id": message.pk})
    return message


@transaction.atomic
def note(*, ticket: Ticket, by: Person, words: str, kept: Iterable[KeptFile] = ()) -> Message:
    """An internal note: never leaves the desk. Those whom it calls by name («@Jonas») are told."""
    check_may(by, Permission.WRITE_NOTES)
    if not words.strip():
        raise policies.Refused(_("Write the note first."))
    ticket = lock(ticket)
    persons = whom(ticket, by, words)
    message = write_own(ticket, by=by, kind=MessageKind.NOTE, words=words, visibility=Visibility.INTERNAL, kept=kept)
    mention(message, persons)
    mentioned = {"mentioned_ids": persons} if persons else {}
    store(ticket, "note_written", by=by, after={"message_id": message.pk, **mentioned})
    return message


@transaction.atomic
def log_conversation(
    *, ticket: Ticket, by: Person, words: str, to: Iterable[int] | None = None, mailed: bool = True
) -> Message:
    """«Snakket med»: what was said counts as the answer; by mail it is confirmed, unless `mailed` is off.

    Whoever was to be phoned on this case (actions/telling/calling.py) has been.

    Of somebody who may not work the case it is written down and no more: it answers nobody, moves no deadline and sends no mail.
    """
    check_may(by, Permission.WRITE_NOTES)
    if not words.strip():
        raise policies.Refused(_("Write what you agreed on."))
    ticket = lock(ticket)
    waited = was_put_off(ticket)
    if policies.may_work(by, ticket):
        message = speak(ticket, by=by, words=words, kind=MessageKind.CONVERSATION, to=to, orally=True, mailed=mailed)
    else:
        message = write_own(ticket, by=by, kind=MessageKind.CONVERSATION, words=words, channel=Channel.PHONE)
    store(ticket, "conversation_logged", by=by, after={"message_id": message.pk, "outcome": "reached"})
    end_when_told(ticket, waited, by=by, tried="")
    return message


@transaction.atomic
def log_no_answer(*, ticket: Ticket, by: Person, words: str = "", to: Iterable[int] | None = None) -> Message:
    """«Ikke svar»: nobody took the phone; the next try is the next step. What is owed stays owed.

    `to`: whom one rang (ids of persons; None: everybody).
    """
    check_may(by, Permission.WRITE_NOTES)
    ticket = lock(ticket)
    message = write_own(
        ticket,
        by=by,
        kind=MessageKind.CONVERSATION,
        words=words or _("Called without getting an answer."),
        visibility=Visibility.INTERNAL,
        channel=Channel.PHONE,
        outcome="not_reached",
    )
    if policies.may_work(by, ticket) and not calling.try_again(ticket, to):
        put_first(ticket, NextStep.CALL_AGAIN, minutes=calling.CALL_AGAIN_MINUTES)
    store(ticket, "conversation_logged", by=by, after={"message_id": message.pk, "outcome": "not_reached"})
    return message


@transaction.atomic
def give_up_calling(*, ticket: Ticket, by: Person, words: str, to: Iterable[int]) -> Message:
    """They cannot be reached: the line goes, after three tries. `words` say how one tried. What is owed stays owed.

    `to`: whom one rang (ids of persons).
    """
    if not words.strip():
        raise policies.Refused(_("Write how and how often you tried."))
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    waited = was_put_off(ticket)
    if not calling.give_up(ticket, to, by):
        raise policies.Refused(_("Try three times first."))
    message = write_own(
        ticket,
        by=by,
        kind=MessageKind.CONVERSATION,
        words=words,
        visibility=Visibility.INTERNAL,
        channel=Channel.PHONE,
        outcome="not_reached",
    )
    store(ticket, "call_abandoned", by=by, after={"message_id": message.pk})
    end_when_told(ticket, waited, by=by, tried=words)
    return message


@transaction.atomic
def answer_failed(
    *,
    ticket: Ticket,
    by: Actor,
    person: Person | None,
    owed_again: bool,
    error: str = "",
    returned: MessageRecipient | None = None,
    bounce: str = "",
) -> Ticket:
    """An answer could not be delivered: it is owed again, and the case comes back to its owner, also when closed.

    `returned`: whom a mail went to that the relay had taken and that came back; `bounce`: hard or soft.
    """
    ticket = lock_home(ticket)
    now = clock.now()
    if owed_again and person:
        TicketRequester.objects.filter(ticket=ticket, person=person, answer_owed_since__isnull=True).update(
            answer_owed_since=now, answered_at=None
        )
    ticket.answer_failed_at = now
    if State(ticket.state) in PAUSED | DONE:
        bring_back(ticket)
    put_first(ticket, NextStep.ANSWER_AGAIN, minutes=ANSWER_AGAIN_MINUTES)
    after = {
        "person_id": person.pk if person else None,
        "recipient_id": returned.pk if returned else None,
        "bounce": bounce,
    }
    store(ticket, "answer_failed", by=by, after=after, reason=error[:500])
    return ticket


@transaction.atomic
def answer_resent(
    *, ticket: Ticket, by: Person, told: MessageRecipient, others_failed: bool, address: str = ""
) -> Ticket:
    """A person sends an answer that did not arrive once more, as it is. `others_failed`: mails of the case that still lie there.

    `address`: where it goes this time instead; the event keeps where it went before.
    """
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    message = told.message
    if message.redacted_at or message.taken_back_at:
        raise policies.Refused(_("The message was removed. Write a new answer."))
    # What they have asked since is not answered by this.
    newer = Message.objects.filter(
        ticket=ticket, author=told.person, kind=MessageKind.INCOMING, at__gt=message.at
    ).exists()
    if told.person and told.cleared_answer and not newer:
        TicketRequester.objects.filter(ticket=ticket, person=told.person).update(
            answer_owed_since=None, answered_at=clock.now()
        )
    ticket.last_word_at = clock.now()
    if not others_failed:
        ticket.answer_failed_at = None
        if ticket.set_step == NextStep.ANSWER_AGAIN:
            clear_set_step(ticket)
    before = {"address": told.address} if address else {}
    after: dict[str, Any] = {"message_id": message.pk, "recipient_id": told.pk}
    if address:
        after["address"] = _readdress(told, address)
    store(ticket, "answer_resent", by=by, before=before, after=after)
    return ticket


def _readdress(told: MessageRecipient, address: str) -> str:
    """The message goes to this address instead. Raises Refused for what is none, and for one that it went to already."""
    [told.address] = read_addresses([address])
    if MessageRecipient.objects.filter(message=told.message_id, address=told.address).exists():
        raise policies.Refused(_("The message was sent to %(address)s too.") % {"address": told.address})
    told.save(update_fields=["address"])
    return told.address


@transaction.atomic
def answer_delayed(*, ticket: Ticket, by: Actor, late: MessageRecipient, error: str = "") -> None:
    """Another server says that an answer of ours is late and still being tried. Nothing is owed again for that."""
    ticket = lock(ticket)
    store(ticket, "answer_delayed", by=by, after={"recipient_id": late.pk}, reason=error[:500])
