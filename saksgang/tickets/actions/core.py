"""What every action on a case shares: the lock, the derived fields, the one event.

with transaction.atomic():
    ticket = lock(ticket)          # reads the case anew and keeps others out
    policies.check_can("take", ticket)
    ticket.assignee = by
    store(ticket, "ticket_taken", by=by)
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, QuerySet

from saksgang.catalogue import queries as catalogue
from saksgang.catalogue.kinds import TicketType
from saksgang.catalogue.models import Category
from saksgang.catalogue.working_time import Hours, add_minutes
from saksgang.events.actions import Actor, Robot, record, record_many
from saksgang.events.models import Event
from saksgang.lib import clock, text
from saksgang.lib.prepared import prepared
from saksgang.people.models import Person
from saksgang.tickets import merges, states
from saksgang.tickets.kinds import CloseReason, NextStep, State
from saksgang.tickets.models import Call, IdentityProof, Ticket, TicketRequester
from saksgang.tickets.rules import deadlines, queue

CLOCK = Robot("clock")
MAIL = Robot("mail")

# What events say of a case: ids, numbers, times and enumerated values. Texts stand on the case and its messages only.
TOLD = (
    "type", "state", "major_id", "facts_lent", "team_id", "assignee_id", "affected_department_id", "restricted",
    "service_id", "category_id", "impact", "consequence",
    "time_critical", "needed_by", "danger", "patient_harm", "harm_again", "deviation_number",
    "priority", "override_priority", "next_step", "next_step_due_at", "postponed_count",
    "promised_by", "wait_until", "answers_owed", "proofs_lacking", "first_answered_at", "close_reason", "ends_as", "solve_due_at",
    "paused_minutes",
)  # fmt: skip


@prepared
def _locked(ticket_id: int) -> QuerySet[Ticket]:
    return Ticket.objects.select_for_update().filter(pk=ticket_id)


@prepared
def _owed(ticket_id: int) -> QuerySet[TicketRequester, Any]:
    return TicketRequester.objects.filter(ticket_id=ticket_id).values_list("answer_owed_since", "person_id")


@prepared
def _calls(ticket_id: int) -> QuerySet[Call, Any]:
    left = Call.objects.filter(message__ticket_id=ticket_id, done_at__isnull=True)
    return left.values_list("due_at", "person_id", "message__at")


@prepared
def _unproven(ticket_id: int, category_id: int) -> QuerySet[TicketRequester, Any]:
    proven = IdentityProof.objects.filter(ticket_id=ticket_id).values("person_id")
    asked = TicketRequester.objects.filter(ticket_id=ticket_id).exclude(person_id__in=proven)
    return asked.filter(Exists(Category.objects.filter(pk=category_id, demands_proof=True))).values_list(
        "person_id", "id"
    )


def unproven(ticket: Ticket) -> list[int]:
    """Ids of the requesters who must still show who they are, since the kind of case demands it."""
    return [person for person, _pk in _unproven(ticket.pk, ticket.category_id)] if ticket.category_id else []


def lock(ticket: Ticket) -> Ticket:
    """The case as it is now, with everybody else kept out until the transaction ends."""
    fresh = next(iter(_locked(ticket.pk)), None)
    if fresh is None:
        raise Ticket.DoesNotExist(f"case {ticket.pk}")
    fresh.__dict__["_before"] = _values(fresh)
    return fresh


def lock_home(ticket: Ticket) -> Ticket:
    """The same, for what comes from outside: a case that was merged meanwhile is the one that it went into."""
    fresh = lock(ticket)
    return fresh if fresh.close_reason != CloseReason.MERGED else lock(merges.lives_on_in(fresh))


def lock_all(ids: Iterable[int]) -> list[Ticket]:
    """Several cases at once. The lowest number first, as everywhere: two who each hold what the other wants would wait for ever."""
    found = list(Ticket.objects.select_for_update().filter(pk__in=list(ids)).order_by("pk"))
    for one in found:
        one.__dict__["_before"] = _values(one)
    return found


def store(
    ticket: Ticket,
    kind: str,
    *,
    by: Actor,
    reason: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    since: datetime | None = None,
) -> Event:
    """Derives what follows from the change, saves the fields that changed and writes the one event.

    `before`, `after`: what the event tells besides the case's own fields; `since`: when a state began that goes on again.
    """
    was = ticket.__dict__["_before"]
    now = clock.now()
    if ticket.state != was["state"]:
        ticket.state_since = since or now
        _leave_pause(ticket, was, now, since or now)
    if ticket.team_id != was["team_id"]:
        ticket.team_since = now
    if ticket.assignee_id != was["assignee_id"] or (isinstance(by, Person) and by.pk == ticket.assignee_id):
        _end_gift(ticket, kind)
    derive(ticket, now)
    ticket.changed_at = now
    ticket.lock_version += 1
    values = _values(ticket)
    changed = [name for name, value in values.items() if value != was[name]]
    ticket.save(update_fields=changed)
    ticket.__dict__["_before"] = values
    told = [name for name in TOLD if name in changed]
    return record(
        kind,
        by=by,
        subject=ticket,
        ticket_id=ticket.pk,
        before={name: plain(was[name]) for name in told} | (before or {}),
        after={name: plain(values[name]) for name in told} | (after or {}),
        reason=reason,
    )


def store_told(tickets: list[Ticket], kind: str, *, by: Actor, after: dict[int, dict[str, Any]]) -> None:
    """The same as `store` for many cases to whose requesters a mail was promised just now, and of which nothing else changed.

    `after`: what each one's event tells. Cases with somebody to phone, and whose next step follows from the word, are written one
    by one; they are few.
    """
    now = clock.now()
    ids = [ticket.pk for ticket in tickets]
    called = set(
        Call.objects.filter(message__ticket__in=ids, done_at__isnull=True).values_list("message__ticket", flat=True)
    )
    for ticket in tickets:
        if ticket.pk in called:
            store(ticket, kind, by=by, after=after[ticket.pk])
    mailed = [ticket for ticket in tickets if ticket.pk not in called]
    owed: dict[int, list[datetime]] = {}
    for pk, since in TicketRequester.objects.filter(ticket__in=ids).values_list("ticket_id", "answer_owed_since"):
        if since:
            owed.setdefault(pk, []).append(since)
    for ticket in mailed:
        ticket.last_word_at = ticket.changed_at = now
        theirs = owed.get(ticket.pk, [])
        derive_with(ticket, now, owed_since=min(theirs, default=None), answers_owed=len(theirs))
        was = ticket.__dict__["_before"] | {"last_word_at": now, "changed_at": now}
        if changed := [name for name, value in _values(ticket).items() if value != was[name]]:
            ticket.save(update_fields=changed)
    told = Ticket.objects.filter(pk__in=[ticket.pk for ticket in mailed])
    told.update(last_word_at=now, changed_at=now, lock_version=F("lock_version") + 1)
    record_many(kind, by=by, changes=[(ticket, ticket.pk, after[ticket.pk]) for ticket in mailed])


def _end_gift(ticket: Ticket, kind: str) -> None:
    """Whoever was given the case has begun on it, or it is somebody else's now."""
    if kind != "ticket_given":
        ticket.given_at = ticket.given_by = None


def derive(ticket: Ticket, now: datetime) -> None:
    """Sets open, queue_rank, answers owed, targets and the next step from the rest."""
    owed = [(since, person) for since, person in _owed(ticket.pk) if since]
    calls = _calls(ticket.pk)
    # What is written and left to be said needs no other answer than the call.
    written = {person: at for _due, person, at in calls}
    unwritten = [since for since, person in owed if person not in written or written[person] < since]
    if State(ticket.state) in states.OPEN or ticket.proofs_lacking:  # what was solved stays as it was
        ticket.proofs_lacking = len(unproven(ticket))
    _drop_end(ticket, left=bool(calls))
    call_due = min((due for due, _person, _at in calls), default=None)
    derive_with(ticket, now, owed_since=min(unwritten, default=None), answers_owed=len(owed), call_due_at=call_due)


def _drop_end(ticket: Ticket, *, left: bool) -> None:
    """The end that waited for a call is there, or something else came first: a message, a wait, a question, the words taken back."""
    if ticket.ends_as is None:
        return
    going_on = State(ticket.state) in states.QUEUED
    if not (going_on and left) or ticket.new_message_at or ticket.clarify_due_at:
        ticket.ends_as = None
        if State(ticket.state) in states.OPEN:
            ticket.close_note = ""


def derive_with(
    ticket: Ticket,
    now: datetime,
    *,
    owed_since: datetime | None,
    answers_owed: int,
    call_due_at: datetime | None = None,
) -> None:
    """The same, where it is known already what is owed, and who must be phoned."""
    ticket.answers_owed = answers_owed
    ticket.open = int(State(ticket.state) in states.OPEN)
    unconfirmed = ticket.set_step == NextStep.CONFIRM_SENDER
    if not ticket.open:
        ticket.postponed_to = ticket.wait_until = None
        if not unconfirmed:
            clear_set_step(ticket)
        ticket.next_step, ticket.next_step_due_at = ticket.set_step, ticket.set_step_due_at
    else:
        set_targets(ticket)
        _set_next_step(ticket, owed_since, call_due_at)
    rank = queue.rank(ticket.state, ticket.priority, ticket.solve_due_at, now)
    ticket.queue_rank = queue.UNCONFIRMED if rank is None and unconfirmed else rank


def set_targets(ticket: Ticket) -> None:
    """When the case should be taken, answered and solved; nothing until it is assessed."""
    if ticket.priority is None:
        ticket.take_due_at = ticket.answer_due_at = ticket.solve_due_at = None
        return
    due = deadlines.targets_from(
        ticket.received_at,
        catalogue.targets(level_of(ticket)),
        hours_for(ticket),
        ticket.paused_minutes,
        ticket.promised_by,
    )
    ticket.take_due_at, ticket.answer_due_at, ticket.solve_due_at = due.taken, due.answered, due.solved


def level_of(ticket: Ticket) -> str:
    """Which row of targets counts: orders have their own, save the most urgent."""
    return "order" if ticket.type == TicketType.ORDER and (ticket.priority or 4) > 2 else str(ticket.priority)


def hours_for(ticket: Ticket) -> Hours:
    """The team's hours; priority 1 runs around the clock."""
    return catalogue.ROUND_THE_CLOCK if ticket.priority == 1 else catalogue.hours_of(ticket.team_id)


def _set_next_step(ticket: Ticket, owed_since: datetime | None, call_due_at: datetime | None) -> None:
    due = targets = None
    if ticket.take_due_at and ticket.answer_due_at and ticket.solve_due_at:
        due = deadlines.Due(ticket.take_due_at, ticket.answer_due_at, ticket.solve_due_at)
        targets = catalogue.targets(level_of(ticket))
    set_step = None
    if ticket.set_step and ticket.set_step_due_at:
        set_step = deadlines.Step(ticket.set_step, ticket.set_step_due_at)
    facts = deadlines.Facts(
        state=ticket.state,
        assessed=ticket.assessed_at is not None,
        is_order=ticket.type == TicketType.ORDER,
        promised_by=ticket.promised_by,
        state_since=ticket.state_since,
        team_since=ticket.team_since,
        answer_owed_since=owed_since,
        wait_until=ticket.wait_until,
        last_word_at=ticket.last_word_at,
        set_step=set_step,
        clarify_due_at=ticket.clarify_due_at,
        at_triage=ticket.at_triage,
    )
    step = deadlines.next_step(facts, due, targets, hours_for(ticket))
    if step.step != ticket.next_step:
        ticket.postponed_to = None  # a postponement belongs to the step it was given for
    first = deadlines.or_call(deadlines.Step(step.step, ticket.postponed_to or step.due_at), call_due_at)
    if ticket.ends_as and call_due_at:
        first = deadlines.Step(NextStep.CALL, call_due_at)  # nothing else is left to do
    ticket.next_step, ticket.next_step_due_at = first.step, first.due_at


def _leave_pause(ticket: Ticket, before: dict[str, Any], now: datetime, since: datetime) -> None:
    """Waiting for the requester stops the solving clock, ten working days at most; every other wait runs on."""
    if before["state"] == State.WAITING_REQUESTER and ticket.paused_since:
        ticket.paused_minutes += deadlines.pause_minutes(ticket.paused_since, now, hours_for(ticket))
        ticket.paused_since = None
    if ticket.state == State.WAITING_REQUESTER:
        ticket.paused_since = since
        ticket.pause_count += 1
    if State(ticket.state) not in states.PAUSED:
        ticket.wait_until = None  # what it waited for stays written, for whoever undoes the move


def clear_set_step(ticket: Ticket) -> None:
    """What an action had put first is done."""
    ticket.set_step = ticket.set_step_due_at = None


def put_first(ticket: Ticket, step: str, *, minutes: int) -> None:
    """Makes `step` the next one, due in so many working minutes. A case that nobody has assessed is assessed before it is followed up."""
    ticket.postponed_to = None  # what was moved was the step before this one
    if step == NextStep.FOLLOW_UP and ticket.assessed_at is None:
        step, minutes = NextStep.ASSESS, deadlines.ASSESS_MINUTES
        if add_minutes(ticket.team_since, minutes, hours_for(ticket)) > clock.now():
            clear_set_step(ticket)  # it is the next step already, and nothing that comes in puts it off
            return
    ticket.set_step = step
    ticket.set_step_due_at = add_minutes(clock.now(), minutes, hours_for(ticket))


def search_text(ticket: Ticket, requesters: Iterable[TicketRequester]) -> str:
    """What the one search box finds a case by, beside its number. `requesters` come with their persons."""
    words = [ticket.subject, ticket.place, ticket.callback_number, ticket.equipment_number, ticket.old_number]
    departments = [ticket.affected_department]
    for requester in requesters:
        words += [requester.person.name, requester.person.phone, requester.contact_name]
        departments.append(requester.person.department)
    words += [word for department in departments if department for word in (department.name, department.phone)]
    return text.fold(" ".join(dict.fromkeys(word for word in words if word)))


def plain(value: Any) -> Any:
    """A value as JSON holds it."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def _values(ticket: Ticket) -> dict[str, Any]:
    return {field.attname: getattr(ticket, field.attname) for field in ticket._meta.concrete_fields}
