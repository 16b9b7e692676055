"""Carrying a verb out on several cases, one by one: each obeys its own rules, and none holds up another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.access.queries import NotAllowed
from saksgang.console.models import Batch
from saksgang.events.models import Event
from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.tickets import policies, queries
from saksgang.tickets.actions import assessment, assignment, closure, freshness, taking_back
from saksgang.tickets.actions.major import membership
from saksgang.tickets.actions.ties import merging
from saksgang.tickets.models import Message, Ticket

Did = list[list[int]]  # [number of the case, the event that tells of it]
CouldNot = list[list[int | str]]  # [number of the case, why]

UNDONE: dict[str, Callable[..., object]] = {
    "ticket_taken": assignment.give_back,
    "ticket_given": assignment.give_back,
    "ticket_handed_over": assignment.hand_back,
    "ticket_assessed": assessment.take_back,
    "major_joined": membership.leave,
    "ticket_closed": closure.undo_closing,
    "ticket_merged": merging.undo_merge,
}


def carry_out(
    do: Callable[[Ticket], object],
    *,
    by: Person,
    seen: Mapping[int, int],
    cases: Mapping[int, Ticket],
    beside: Iterable[int] = (),
) -> tuple[Did, CouldNot]:
    """`seen`: case → the newest event that `by` has seen of it; `cases`: those of them that `by` may see.

    `beside`: the numbers of other cases that each of them changes too.
    """
    did: Did = []
    could_not: CouldNot = []
    for number, event in seen.items():
        done = _one(do, by, cases.get(number), event, beside)
        if isinstance(done, str):
            could_not.append([number, done])
        else:
            did.append([number, done])
    return did, could_not


def _one(
    do: Callable[[Ticket], object], by: Person, ticket: Ticket | None, seen: int, beside: Iterable[int]
) -> int | str:
    """The event that tells of it, or why it could not be done."""
    if ticket is None:
        return _("There is no such case for you.")
    try:
        with transaction.atomic():
            freshness.hold(ticket=ticket, by=by, seen=seen, beside=beside)
            do(ticket)
            return queries.newest_event(ticket.pk)  # while nobody else gets in
    except policies.Stale:
        return _("Somebody else did something on the case after your list was made.")
    except policies.Refused as refusal:
        return str(refusal)
    except NotAllowed:
        return _("You may not do this on the case as it is now.")


def add_to(batch: Batch, did: Did, could_not: CouldNot) -> None:
    """Parts of one batch come one after the other from one page."""
    batch.did, batch.could_not = [*batch.did, *did], [*batch.could_not, *could_not]
    batch.seen_at = clock.now()
    batch.save()


def undo(batch: Batch, *, by: Person) -> tuple[Did, CouldNot]:
    """Takes back what was done to each case, where nothing else has happened on it since."""
    seen = {number: event for number, event in batch.did}
    cases = Ticket.objects.visible_to(by).in_bulk(seen)
    events = Event.objects.in_bulk(seen.values())

    def take_back(ticket: Ticket) -> object:
        event = events[seen[ticket.pk]]
        if queries.newest_event(ticket.pk) != event.pk:
            raise policies.Refused(_("Something else has happened on the case since, so it stays as it is."))
        return _undo_of(event)(ticket, by)

    return carry_out(take_back, by=by, seen=seen, cases=cases)


def _undo_of(event: Event) -> Callable[[Ticket, Person], object]:
    if event.after.get("message_id") and event.kind != "major_joined":  # what they were told then stays true
        return lambda ticket, by: taking_back.take_back(
            message=Message.objects.get(pk=event.after["message_id"]), by=by
        )
    if event.kind not in UNDONE:
        raise policies.Refused(_("This cannot be taken back here. Open the case."))
    if event.kind == "ticket_taken" and event.before.get("assignee_id") is None:
        return lambda ticket, by: assignment.put_back(ticket=ticket, by=by)
    undone = UNDONE[event.kind]
    return lambda ticket, by: undone(ticket=ticket, by=by)
