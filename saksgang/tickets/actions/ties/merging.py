"""Two cases about one thing become one, and come apart again when they were not.

What the one brings to the other is written on the merge, so that undoing it gives back just that. What came meanwhile goes
where its thread points.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from saksgang.events.models import Event
from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.tickets import merges, policies
from saksgang.tickets.actions.core import lock, plain, put_first, search_text, store
from saksgang.tickets.actions.ending import end
from saksgang.tickets.actions.registration import name_readers
from saksgang.tickets.actions.reopening import FOLLOW_UP_MINUTES, bring_back
from saksgang.tickets.actions.ties.claims import bring, give_back
from saksgang.tickets.actions.undoing import ends, put_where_it_was
from saksgang.tickets.kinds import CloseReason, LinkKind, NextStep, State
from saksgang.tickets.models import (
    Message,
    Ticket,
    TicketFollower,
    TicketLink,
    TicketMailbox,
    TicketMention,
    TicketMerge,
    TicketReader,
    TicketRequester,
)
from saksgang.tickets.states import PAUSED

# What comes along and is the same thing on both: rows of these, the same by these columns.
BESIDE: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "links": (TicketLink, ("other_id", "kind")),
    "followers": (TicketFollower, ("address",)),
    "mailboxes": (TicketMailbox, ("mailbox_id",)),
}


@transaction.atomic
def merge(*, ticket: Ticket, into: Ticket, by: Person) -> Ticket:
    """`ticket` ends as a part of `into`, with all that was said, everybody who asked and what they are owed. Returns `into`.

    Raises Refused where either is done, asked about at the triage team, or more people would read than may now.
    """
    if into.pk == ticket.pk:
        raise policies.Refused(_("A case cannot be merged with itself."))
    ticket, into = _both(ticket, into)
    _check(ticket, into, by)
    was = {"ticket": ends(ticket), "into": ends(into)}
    merged = TicketMerge(ticket=ticket, into=into, at=clock.now(), by=by)
    merged.before = {"received_at": plain(into.received_at), **_bring(ticket, into)}
    merged.message_ids = _move(Q(ticket=ticket), to=into)
    merged.save(force_insert=True)
    _wake(into, ticket)
    into.received_at = min(into.received_at, ticket.received_at)
    into.search_folded = search_text(into, _everybody(into))
    store(
        into, "ticket_absorbed", by=by, before=was["into"], after={"merge_id": merged.pk, "merged_ticket_id": ticket.pk}
    )
    end(ticket, reason=CloseReason.MERGED, note="", by=by)
    store(
        ticket, "ticket_merged", by=by, before=was["ticket"], after={"merge_id": merged.pk, "into_ticket_id": into.pk}
    )
    return into


@transaction.atomic
def undo_merge(*, ticket: Ticket, by: Person) -> Ticket:
    """The case that was merged is itself again: its messages, files, requesters, claims and deadlines, and what came for it since.

    Somebody who was answered in the meantime is owed their answer again: it was given to two matters at once.
    """
    merged = merges.standing(ticket)
    if merged is None:
        raise policies.Refused(_("The case is not merged with another."))
    ticket, into = _both(ticket, merged.into)
    merged = TicketMerge.objects.select_for_update().get(pk=merged.pk)
    _check_undo(merged, into, by)
    merged.undone_at, merged.undone_by = clock.now(), by
    merged.save(update_fields=["undone_at", "undone_by"])
    theirs = Q(pk__in=merged.message_ids) | Q(came_for__in=[ticket.pk, *merges.family(ticket)], at__gt=merged.at)
    late = Message.objects.filter(theirs, ticket=into).exclude(pk__in=merged.message_ids)
    after = {"merge_id": merged.pk, "message_ids": sorted(late.values_list("pk", flat=True))}
    _move(theirs & Q(ticket=into), to=ticket)
    give_back(merged)
    _take_away(merged)
    _release(into, merged, by, after)
    _come_back(ticket, merged, by, after)
    return ticket


def _both(one: Ticket, other: Ticket) -> tuple[Ticket, Ticket]:
    """Both locked, always the lower number first, so that two agents who merge two cases never wait for one another."""
    first, second = sorted((one, other), key=lambda ticket: ticket.pk)
    locked = {ticket.pk: lock(ticket) for ticket in (first, second)}
    return locked[one.pk], locked[other.pk]


def _check(ticket: Ticket, into: Ticket, by: Person) -> None:
    policies.check_may_work(by, ticket)
    policies.check_may_work(by, into)
    policies.check_can("close", ticket)
    if not into.open:
        raise policies.Refused(
            _("Case %(number)s is solved or closed. Solve this one by itself.") % {"number": into.pk}
        )
    if ticket.clarify_due_at or into.clarify_due_at:
        raise policies.Refused(_("The triage team has been asked about this case. Its decision comes first."))
    if ticket.major_id != into.major_id:
        raise policies.Refused(
            _("Only one of the cases belongs to a major incident. Tie the other one to it first, or take this one out.")
        )
    _check_readers(ticket, into)


def _check_readers(ticket: Ticket, into: Ticket) -> None:
    """Nobody reads more afterwards than before: of two restricted cases, those who may read both go on."""
    if not ticket.restricted and not into.restricted:
        return
    if ticket.restricted != into.restricted:
        number = {"number": ticket.pk if ticket.restricted else into.pk}
        raise policies.Refused(
            _("Case %(number)s is restricted and the other is not: more people would read it.") % number
        )
    sees = Ticket.objects.filter(pk=ticket.pk)
    if ticket.team_id != into.team_id or (into.assignee and not sees.visible_to(into.assignee).exists()):
        raise policies.Refused(_("Both cases are restricted, to different people. They cannot be merged."))


def _bring(ticket: Ticket, into: Ticket) -> dict[str, Any]:
    """Everything but the messages, onto `into`. Returns what undoing needs: the ids of what is new there, the claims, the readers."""
    brought = {name: _copy(model, columns, ticket, into) for name, (model, columns) in BESIDE.items()}
    TicketLink.objects.get_or_create(ticket=ticket, other=into, kind=LinkKind.MERGED)
    return {
        **brought,
        "sub_cases": _move_parts(ticket, into),
        "claims": bring(ticket, into),
        "readers": _narrow(ticket, into),
    }


def _move_parts(ticket: Ticket, into: Ticket) -> list[int]:
    """What other teams do for the one they do for the other from now on. Returns their numbers."""
    if ticket.parent_id or into.parent_id:
        raise policies.Refused(_("A sub-case is merged with no other case. Solve it, or close it with a reason."))
    parts = sorted(Ticket.objects.filter(parent=ticket).values_list("pk", flat=True))
    Ticket.objects.filter(pk__in=parts).update(parent=into)
    into.sub_case_count += len(parts)
    return parts


def _copy(model: type[Model], columns: tuple[str, ...], ticket: Ticket, into: Ticket) -> list[int]:
    """The rows of the one that the other lacks, onto the other. Returns the new ones' ids."""
    new = []
    for row in model._default_manager.filter(ticket=ticket).order_by("pk"):
        same = {column: getattr(row, column) for column in columns}
        if same.get("other_id") == into.pk or model._default_manager.filter(ticket=into, **same).exists():
            continue
        row.pk, row._state.adding = None, True
        row.ticket = into  # type: ignore[attr-defined]
        row.save(force_insert=True)
        new.append(row.pk)
    return new


def _narrow(ticket: Ticket, into: Ticket) -> list[int]:
    """Only who may read both goes on. Returns those who had to go."""
    if not into.restricted:
        return []
    may = {*ticket.readers.values_list("person_id", flat=True), *([ticket.assignee_id] if ticket.assignee_id else [])}
    gone = TicketReader.objects.filter(ticket=into).exclude(person_id__in=may)
    ids = sorted(gone.values_list("person_id", flat=True))
    gone.delete()
    return ids


def _move(which: Q, *, to: Ticket) -> list[int]:
    """Messages, with the names that are called in them. Returns their ids."""
    ids = sorted(Message.objects.filter(which).values_list("pk", flat=True))
    Message.objects.filter(pk__in=ids).update(ticket=to)
    TicketMention.objects.filter(message_id__in=ids).update(ticket=to)
    return ids


def _wake(into: Ticket, ticket: Ticket) -> None:
    """What is new on the one is new on both; a claim that comes to a case at rest wakes it."""
    moments = [moment for moment in (into.new_message_at, ticket.new_message_at) if moment]
    into.new_message_at = max(moments, default=None)
    if State(into.state) in PAUSED and (ticket.answers_owed or ticket.new_message_at):
        bring_back(into)
        put_first(into, NextStep.FOLLOW_UP, minutes=FOLLOW_UP_MINUTES)


def _everybody(ticket: Ticket) -> Any:
    return TicketRequester.objects.filter(ticket=ticket).select_related("person__department").order_by("id")


def _check_undo(merged: TicketMerge, into: Ticket, by: Person) -> None:
    policies.check_may_work(by, into)
    policies.check_may_work(by, merged.ticket)
    if merged.undone_at:
        raise policies.Refused(_("Somebody has undone this already."))
    if merges.standing(into):
        raise policies.Refused(
            _("Case %(number)s was itself merged into another. Undo that one first.") % {"number": into.pk}
        )


def _take_away(merged: TicketMerge) -> None:
    """What `into` had only from the other. What another merge that stands brought too is that one's from now on."""
    others = [one for one in merges.absorbed(merged.into) if one.pk != merged.pk]
    for name, (model, columns) in BESIDE.items():
        for row in model._default_manager.filter(pk__in=merged.before[name], ticket=merged.into_id):
            same = {column: getattr(row, column) for column in columns}
            heir = next((one for one in others if _has(model, one, same)), None)
            if heir:
                heir.before[name].append(row.pk)
                heir.save(update_fields=["before"])
            else:
                row.delete()
    Ticket.objects.filter(pk__in=merged.before["sub_cases"], parent=merged.into_id).update(parent=merged.ticket_id)
    TicketLink.objects.filter(ticket=merged.ticket_id, other=merged.into_id, kind=LinkKind.MERGED).delete()
    for person in merged.before["readers"]:
        TicketReader.objects.get_or_create(ticket_id=merged.into_id, person_id=person)


def _has(model: type[Model], merged: TicketMerge, same: dict[str, Any]) -> bool:
    return model._default_manager.filter(ticket=merged.ticket_id, **same).exists()


def _release(into: Ticket, merged: TicketMerge, by: Person, after: dict[str, Any]) -> None:
    """`into` without the other. Where nothing else has happened on it since, it is just what it was before."""
    since = None
    newest = Event.objects.filter(ticket_id=into.pk).order_by("-id").first()
    if newest and newest.kind == "ticket_absorbed" and newest.after.get("merge_id") == merged.pk:
        since = _as_before(into, newest)
    into.received_at = merges.received_without(into)
    into.sub_case_count -= len(merged.before["sub_cases"])
    into.search_folded = search_text(into, _everybody(into))
    store(into, "ticket_released", by=by, after={**after, "merged_ticket_id": merged.ticket_id}, since=since)


def _as_before(into: Ticket, absorbed: Event) -> datetime | None:
    into.new_message_at = None
    since = put_where_it_was(into, absorbed)
    if "assignee_id" in absorbed.before:
        into.assignee_id = absorbed.before["assignee_id"]
        into.taken_at = into.taken_at if into.assignee_id else None
    return since


def _come_back(ticket: Ticket, merged: TicketMerge, by: Person, after: dict[str, Any]) -> None:
    """The case as it was before the merge, and awake where somebody has written to it since."""
    ended = Event.objects.filter(ticket_id=ticket.pk, kind="ticket_merged", after__merge_id=merged.pk).get()
    ticket.close_reason = ticket.closed_at = ticket.closed_by = None
    ticket.close_note = ""
    if merged.into.restricted and not ticket.restricted:  # since the merge: what came for this one came under it too
        ticket.restricted = True
        name_readers(ticket, merged.into)
    since = put_where_it_was(ticket, ended)
    if after["message_ids"]:
        ticket.new_message_at = clock.now()
        if State(ticket.state) in PAUSED:
            bring_back(ticket)
            since = None
            put_first(ticket, NextStep.FOLLOW_UP, minutes=FOLLOW_UP_MINUTES)
    ticket.search_folded = search_text(ticket, _everybody(ticket))
    store(ticket, "merge_reverted", by=by, after={**after, "into_ticket_id": merged.into_id}, since=since)
