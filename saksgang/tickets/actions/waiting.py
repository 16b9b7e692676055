"""Waiting, planning and moving the next step. Whoever is told is told in the same action."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.catalogue import queries as catalogue
from saksgang.catalogue.kinds import TicketType
from saksgang.events.actions import Actor, Robot
from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.tickets import policies
from saksgang.tickets.actions.assignment import assign
from saksgang.tickets.actions.core import lock, put_first, store
from saksgang.tickets.actions.messages import KeptFile, speak, tell
from saksgang.tickets.actions.reopening import FOLLOW_UP_MINUTES, bring_back
from saksgang.tickets.actions.telling import calling
from saksgang.tickets.kinds import MessageKind, NextStep, State
from saksgang.tickets.models import Message, Ticket
from saksgang.tickets.rules import deadlines


class Said(NamedTuple):
    """What the requester is told as the wait begins, with copies and files."""

    words: str
    cc: Iterable[str]
    kept: Iterable[KeptFile]


@transaction.atomic
def wait_for_requester(
    *, ticket: Ticket, by: Person, words: str, until: datetime, cc: Iterable[str] = (), kept: Iterable[KeptFile] = ()
) -> Ticket:
    """Asks the requester something and waits for their message, at the latest until the time given."""
    if not words.strip():
        raise policies.Refused(_("Write the question to the requester first."))
    said = Said(words, cc, kept)
    return _wait(ticket, "wait_for_requester", State.WAITING_REQUESTER, by=by, said=said, until=until)


@transaction.atomic
def wait_for_third_party(
    *,
    ticket: Ticket,
    by: Person,
    words: str,
    until: datetime,
    waiting_for: str,
    reference: str = "",
    cc: Iterable[str] = (),
    kept: Iterable[KeptFile] = (),
) -> Ticket:
    """A supplier or another body has it. The requester is told who."""
    if not waiting_for.strip():
        raise policies.Refused(_("Say whom the case waits for."))
    if not words.strip():
        raise policies.Refused(_("Tell the requester who has the case now."))
    return _wait(
        ticket,
        "wait_for_third_party",
        State.WAITING_THIRD_PARTY,
        by=by,
        said=Said(words, cc, kept),
        until=until,
        waiting_for=waiting_for.strip()[:200],
        reference=reference.strip()[:100],
    )


@transaction.atomic
def plan(
    *,
    ticket: Ticket,
    by: Person,
    words: str,
    until: datetime,
    reason: str,
    cc: Iterable[str] = (),
    kept: Iterable[KeptFile] = (),
) -> Ticket:
    """Will be done on a date, with the reason; the requester is told."""
    if not reason.strip():
        raise policies.Refused(_("Say why the case waits until then."))
    if not words.strip():
        raise policies.Refused(_("Tell the requester when it will be done."))
    return _wait(
        ticket,
        "plan",
        State.PLANNED,
        by=by,
        said=Said(words, cc, kept),
        until=until,
        waiting_for=reason.strip()[:200],
    )


def _wait(
    ticket: Ticket,
    move: str,
    state: State,
    *,
    by: Person,
    said: Said,
    until: datetime,
    waiting_for: str = "",
    reference: str = "",
) -> Ticket:
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    policies.check_can(move, ticket)
    check_ahead(until, ticket, state)
    message = speak(ticket, by=by, words=said.words, cc=said.cc, kept=said.kept)
    assign(ticket, by) if ticket.assignee_id is None else None
    # Leaving and entering a wait in one step still counts the first one's pause.
    ticket.state, ticket.wait_until, ticket.postponed_to = state, until, None
    ticket.reminders_sent = 0
    ticket.waiting_for, ticket.waiting_reference = waiting_for, reference
    if state == State.PLANNED and ticket.type == TicketType.ORDER:
        ticket.promised_by = until
    store(ticket, f"ticket_{PAST[move]}", by=by, after={"message_id": message.pk})
    return ticket


PAST = {
    "wait_for_requester": "waits_for_requester",
    "wait_for_third_party": "waits_for_third_party",
    "plan": "planned",
}


def check_ahead(until: datetime, ticket: Ticket, state: str) -> None:
    """Raises Refused unless `until` lies ahead, and no further than the rules allow."""
    now = clock.now()
    if until <= now:
        raise policies.Refused(_("The time must lie ahead."))
    latest = deadlines.furthest(state, ticket.type == TicketType.ORDER, now, catalogue.hours_of(ticket.team_id))
    if until > latest:
        day = clock.local(latest).strftime("%d.%m.%Y")
        raise policies.Refused(_("The next step can be %(day)s at the latest.") % {"day": day})


@transaction.atomic
def postpone(*, ticket: Ticket, by: Person, until: datetime, reason: str) -> Ticket:
    """Moves the next step's time. It is counted, and the row says so."""
    if not reason.strip():
        raise policies.Refused(_("Say why the next step is postponed."))
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    if not ticket.open:
        raise policies.Refused(_("The case is solved or closed. Reopen it first."))
    check_ahead(until, ticket, ticket.state)
    if ticket.next_step == NextStep.CALL:
        calling.put_off(ticket, until)
    elif ticket.wait_until:
        ticket.wait_until = until
    elif ticket.set_step:
        ticket.set_step_due_at = until
    ticket.postponed_to = until
    ticket.postponed_count += 1
    store(ticket, "next_step_postponed", by=by, reason=reason.strip())
    return ticket


@transaction.atomic
def promise(*, ticket: Ticket, by: Person, promised_by: datetime, words: str) -> Ticket:
    """The date by which an order will be there. The requester is told when it is set and when it is moved."""
    if not words.strip():
        raise policies.Refused(_("Tell the requester the date."))
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    policies.check_can("plan", ticket)
    check_ahead(promised_by, ticket, State.PLANNED)
    ticket.promised_by = promised_by
    message = speak(ticket, by=by, words=words)
    store(ticket, "date_promised", by=by, after={"message_id": message.pk})
    return ticket


@transaction.atomic
def resume(*, ticket: Ticket, by: Actor, reason: str = "") -> Ticket:
    """The wait is over, by its time or by hand: back to the owner, or to the queue if the owner is away."""
    ticket = lock(ticket)
    if isinstance(by, Person):
        policies.check_may_work(by, ticket)
    policies.check_can("resume", ticket)
    bring_back(ticket)
    put_first(ticket, NextStep.FOLLOW_UP, minutes=FOLLOW_UP_MINUTES)
    store(ticket, "ticket_resumed", by=by, reason=reason)
    return ticket


@transaction.atomic
def remind(*, ticket: Ticket, by: Robot) -> Ticket:
    """Asks the requester again what they were asked. A reminder is no answer: what is owed stays as it was."""
    ticket = lock(ticket)
    if ticket.state != State.WAITING_REQUESTER or calling.waiting(ticket).exists():  # who was not asked is not reminded
        raise policies.Refused(_("The case is not waiting."))
    asked = Message.objects.filter(ticket=ticket, kind=MessageKind.ANSWER).order_by("-id").first()
    words = asked.text if asked else ticket.subject
    message = tell(ticket, by=by, words=words, kind=MessageKind.REMINDER)
    ticket.reminders_sent += 1
    store(ticket, "requester_reminded", by=by, after={"message_id": message.pk})
    return ticket
