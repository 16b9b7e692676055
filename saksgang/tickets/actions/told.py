"""An end that waits for the phone: decided, told to all whom a mail reaches, and there once the others have been phoned (clause H2).

A case is never closed past somebody who is owed an answer, and whoever decides for many has no phone in hand. So it stays open, with the
call as its next step, and ends by itself when the call is logged.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from saksgang.people.models import Person, Team
from saksgang.tickets.actions.assignment import release
from saksgang.tickets.actions.core import clear_set_step, store, unproven
from saksgang.tickets.actions.deviation import check_reported, lacks_report
from saksgang.tickets.actions.ending import end, open_parts, tell_parent
from saksgang.tickets.actions.resolution import be_solved, missing_facts
from saksgang.tickets.actions.telling import calling
from saksgang.tickets.kinds import CallOutcome, CloseReason, EndsAs
from saksgang.tickets.models import Call, Ticket, TicketRequester


class PutOff(NamedTuple):
    """What a case was to end as, and why."""

    ends_as: str | None
    note: str


def must_be_phoned_first(ticket: Ticket) -> bool:
    """Whether all who are owed an answer are on the list of calls with it, and there are such."""
    owed = _owed(ticket)
    return bool(owed) and owed <= set(calling.waiting(ticket).values_list("person_id", flat=True))


def put_off(ticket: Ticket, *, ends_as: str, note: str, team: Team, by: Person, after: dict[str, Any]) -> None:
    """The case ends as this when they have been phoned, which `team` does."""
    check_reported(ticket, closing=ends_as)
    if ticket.team_id != team.pk:
        release(ticket)
        ticket.team = team
    ticket.ends_as, ticket.close_note = ends_as, note.strip()
    ticket.postponed_to = None
    clear_set_step(ticket)
    store(ticket, "ticket_ending_postponed", by=by, after=after)


def was_put_off(ticket: Ticket) -> PutOff:
    """To be read before a call is written down, and given to `end_when_told` after it."""
    return PutOff(ticket.ends_as, ticket.close_note)


def end_when_told(ticket: Ticket, waited: PutOff, *, by: Person, tried: str) -> None:
    """The last of them was told: the case ends as was decided. Whoever could not be reached leaves it as UNREACHABLE, `tried` how often.

    It stays open where something else has come up: another answer is owed, a sub-case is open, a fact or a proof is lacking.
    """
    if waited.ends_as is None or ticket.new_message_at or lacks_report(ticket):
        return
    if calling.waiting(ticket).exists() or open_parts(ticket):
        return
    owed = _owed(ticket)
    given_up = Call.objects.filter(message__ticket=ticket, outcome=CallOutcome.GIVEN_UP)
    if owed:
        if owed <= set(given_up.values_list("person_id", flat=True)):
            _close(ticket, CloseReason.UNREACHABLE, "\n".join(filter(None, [waited.note, tried.strip()])), by)
    elif waited.ends_as != EndsAs.RESOLVED:
        _close(ticket, waited.ends_as, waited.note, by)
    elif not (missing_facts(ticket) or unproven(ticket)):
        be_solved(ticket, by=by, after={"was_put_off": True})


def _close(ticket: Ticket, reason: str, note: str, by: Person) -> None:
    end(ticket, reason=reason, note=note, by=by)
    store(ticket, "ticket_closed", by=by, after={"was_put_off": True})
    tell_parent(ticket, by=by, words=note or str(CloseReason(reason).label))


def _owed(ticket: Ticket) -> set[int]:
    owed = TicketRequester.objects.filter(ticket=ticket, answer_owed_since__isnull=False)
    return set(owed.values_list("person_id", flat=True))
