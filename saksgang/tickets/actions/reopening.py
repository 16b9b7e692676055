"""Bringing a case back among those that are worked on."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.catalogue import queries as catalogue
from saksgang.catalogue.working_time import add_days
from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.people.queries import is_away
from saksgang.tickets import policies
from saksgang.tickets.actions.core import lock, put_first, store
from saksgang.tickets.kinds import CloseReason, NextStep, State
from saksgang.tickets.models import Ticket
from saksgang.tickets.rules.deadlines import REOPEN_DAYS
from saksgang.tickets.states import DONE

FOLLOW_UP_MINUTES = 120


@transaction.atomic
def reopen(*, ticket: Ticket, by: Person, reason: str) -> Ticket:
    """Opens a solved or closed case again, with its owner if at work within a working day."""
    if not reason.strip():
        raise policies.Refused(_("Say why the case is opened again."))
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    policies.check_can("reopen", ticket)
    if ticket.close_reason == CloseReason.MERGED:
        raise policies.Refused(_("The case goes on in the one that it was merged into. Undo the merge instead."))
    if not within_window(ticket):
        raise policies.Refused(_("The case was closed too long ago. Register a new case and link it."))
    bring_back(ticket)
    put_first(ticket, NextStep.FOLLOW_UP, minutes=FOLLOW_UP_MINUTES)
    store(ticket, "ticket_reopened", by=by, reason=reason.strip())
    return ticket


def can_reopen(ticket: Ticket) -> bool:
    """For the button: whether `reopen` would carry it out."""
    merged = ticket.close_reason == CloseReason.MERGED
    return policies.can("reopen", ticket) and within_window(ticket) and not merged


def within_window(ticket: Ticket) -> bool:
    """Whether a message still reopens the case: until 30 days after it was closed."""
    return ticket.closed_at is None or clock.now() - ticket.closed_at <= timedelta(days=REOPEN_DAYS)


def bring_back(ticket: Ticket) -> None:
    """IN_PROGRESS with its owner, or NEW when the owner is away beyond the next working day. The caller stores."""
    owner = ticket.assignee or ticket.last_assignee
    if State(ticket.state) in DONE:
        ticket.reopened_count += 1
    if owner and _at_work_soon(owner, ticket):
        ticket.state = State.IN_PROGRESS
        if ticket.assignee_id != owner.pk:
            ticket.assignee, ticket.taken_at = owner, clock.now()
    else:
        ticket.state = State.NEW
        ticket.last_assignee = owner
        ticket.assignee = ticket.taken_at = None
    ticket.resolved_at = ticket.resolved_by = ticket.close_after = None
    ticket.close_reason = ticket.closed_at = ticket.closed_by = None
    ticket.closed_by_robot, ticket.close_note = "", ""


def _at_work_soon(owner: Person, ticket: Ticket) -> bool:
    if not owner.active:
        return False
    now = clock.now()
    next_day = add_days(now, 1, catalogue.hours_of(ticket.team_id))
    return not (is_away(owner, clock.local(now).date()) and is_away(owner, clock.local(next_day).date()))
