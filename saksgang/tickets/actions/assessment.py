"""Assessing a case: type, service, impact, consequence; the priority follows (clauses Y1–Y3, P1–P5)."""

from __future__ import annotations

from copy import copy
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from saksgang.catalogue import queries as catalogue
from saksgang.catalogue.kinds import TicketType
from saksgang.catalogue.models import Category, Service
from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.tickets import policies
from saksgang.tickets.actions import deviation
from saksgang.tickets.actions.core import clear_set_step, lock, store
from saksgang.tickets.actions.freshness import own_newest
from saksgang.tickets.kinds import NextStep, Told
from saksgang.tickets.models import Ticket
from saksgang.tickets.rules import deadlines, priority


class Answers(NamedTuple):
    """What the priority is computed from. `service` None, and `unknown` elsewhere, mean «don't know»."""

    type: str
    service: Service | None
    impact: str
    consequence: str | None = None
    needed_by: datetime | None = None
    danger: bool = False
    category: Category | None = None
    patient_harm: str | None = None
    harm_again: str | None = None


INPUTS = (
    "type", "service_id", "category_id", "impact", "consequence", "time_critical", "needed_by", "danger", "patient_harm", "harm_again",
)  # fmt: skip


@transaction.atomic
def assess(
    *,
    ticket: Ticket,
    by: Person,
    type: str,
    service: Service | None,
    impact: str,
    consequence: str | None = None,
    needed_by: datetime | None = None,
    danger: bool = False,
    danger_note: str = "",
    category: Category | None = None,
    patient_harm: str | None = None,
    harm_again: str | None = None,
    deviation_number: str = "",
    deviation_reason: str = "",
) -> Ticket:
    """Stores what was answered and computes the priority. `service` None, and `unknown` elsewhere, mean «don't know».

    `category`: the kind of case, which is of this type and service. `patient_harm` None: nobody has said. What is known of the
    deviation stays where nothing newer is said. Raises Refused where an answer is missing that its question needs.
    """
    if category and (category.type, category.service_id) != (type, service.pk if service else None):
        raise policies.Refused(
            _("«%(kind)s» is of another type or service. Choose it again, or none.") % {"kind": category.name}
        )
    if danger and not danger_note.strip():
        raise policies.Refused(_("Say in one sentence who is in danger, and of what."))
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    _check_open(ticket)
    before = [getattr(ticket, name) for name in INPUTS]
    _answer(ticket, Answers(type, service, impact, consequence, needed_by, danger, category, patient_harm, harm_again))
    deviation.write(ticket, deviation_number, deviation_reason)
    ticket.danger_note = danger_note.strip() if danger else ""
    ticket.facts_lent = False  # they are its own from now on
    first = ticket.assessed_at is None
    if first:
        ticket.assessed_at, ticket.assessed_by = clock.now(), by
    if ticket.override_priority and before != [getattr(ticket, name) for name in INPUTS]:
        ticket.override_stale = True
    if ticket.set_step == NextStep.ASSESS:
        clear_set_step(ticket)
    compute_priority(ticket)
    store(ticket, "ticket_assessed", by=by, after={"first": True} if first else None)
    return ticket


@transaction.atomic
def take_back(*, ticket: Ticket, by: Person) -> Ticket:
    """Undoes the assessment that `by` has just made: the answers are what they were, as long as nothing else has happened since."""
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    newest = own_newest(ticket, by, "ticket_assessed")
    if newest.before.get("danger"):  # who was in danger stands on the case only, and stands there no more
        raise policies.Refused(_("Before, somebody was in danger here. Assess the case again, and say who."))
    for name in INPUTS:
        if name in newest.before:
            setattr(ticket, name, _as_stored(name, newest.before[name]))
    ticket.facts_lent = newest.before.get("facts_lent", ticket.facts_lent)
    if not ticket.danger:
        ticket.danger_note = ""
    if newest.after.get("first"):
        ticket.assessed_at = ticket.assessed_by = ticket.priority = None
        ticket.priority_steps = []
    else:
        compute_priority(ticket)
    store(ticket, "assessment_withdrawn", by=by)
    return ticket


def _as_stored(name: str, told: Any) -> Any:
    """A value of an event as the case holds it."""
    return parse_datetime(told) if name == "needed_by" and told else told


def outlook(*, ticket: Ticket, answers: Answers) -> Ticket:
    """The case as these answers would make it: `priority` and `priority_steps` as `assess` would compute them. Stores nothing."""
    as_answered = copy(ticket)
    _answer(as_answered, answers)
    compute_priority(as_answered)
    return as_answered


def _answer(ticket: Ticket, answers: Answers) -> None:
    ticket.type = answers.type
    ticket.service, ticket.category = answers.service, answers.category
    ticket.impact = answers.impact
    ticket.consequence = answers.consequence if answers.type == TicketType.INCIDENT else None
    ticket.needed_by = answers.needed_by
    ticket.time_critical = answers.needed_by is not None
    ticket.danger = answers.danger
    ticket.patient_harm = (answers.patient_harm or None) if answers.type == TicketType.INCIDENT else None
    ticket.harm_again = (answers.harm_again or None) if ticket.patient_harm == Told.YES else None


@transaction.atomic
def override(*, ticket: Ticket, by: Person, value: int, reason: str) -> Ticket:
    """Sets the priority by hand, with a reason, until its inputs change."""
    if not reason.strip():
        raise policies.Refused(_("Say why the priority should be another."))
    if value not in range(1, 5):
        raise policies.Refused(_("Choose a priority from 1 to 4."))
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    _check_open(ticket)
    if ticket.assessed_at is None:
        raise policies.Refused(_("Assess the case first."))
    ticket.override_priority, ticket.override_reason = value, reason.strip()
    ticket.override_at, ticket.override_by = clock.now(), by
    ticket.override_stale = False
    compute_priority(ticket)
    store(ticket, "priority_overridden", by=by, reason=reason.strip())
    return ticket


@transaction.atomic
def drop_override(*, ticket: Ticket, by: Person) -> Ticket:
    """Lets the computed priority count again."""
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    _check_open(ticket)
    if ticket.override_priority is None:
        raise policies.Refused(_("Nobody has set the priority by hand."))
    if ticket.assessed_at is None:  # an imported case: nothing else says how urgent it is
        raise policies.Refused(_("Assess the case first."))
    ticket.override_priority = ticket.override_at = ticket.override_by = None
    ticket.override_reason, ticket.override_stale = "", False
    compute_priority(ticket)
    store(ticket, "priority_override_dropped", by=by)
    return ticket


def _check_open(ticket: Ticket) -> None:
    """What a solved case was solved as stays as it is; reopening comes first."""
    if not ticket.open:
        raise policies.Refused(_("The case is solved or closed. Reopen it first."))


def compute_priority(ticket: Ticket) -> None:
    """Sets priority and its steps from the inputs on the case."""
    group = "incident" if ticket.type == TicketType.INCIDENT else "other"
    inputs = priority.Inputs(
        type=ticket.type or "",
        impact=ticket.impact or "unknown",
        criticality=ticket.service.criticality if ticket.service else None,
        consequence=ticket.consequence,
        needed_by=ticket.needed_by if ticket.time_critical else None,
        danger=ticket.danger,
        harm_again=ticket.harm_again == Told.YES,
        override=ticket.override_priority,
    )

    def ordinary_due(value: int) -> datetime:
        # In the team's hours whatever priority the case had before: only priority 1 runs around the clock, and nothing lifts to it.
        level = "order" if ticket.type == TicketType.ORDER else str(value)
        return deadlines.after(
            ticket.received_at, catalogue.targets(level)["solved"], catalogue.hours_of(ticket.team_id)
        )

    result = priority.compute(inputs, catalogue.matrix(group), ordinary_due)
    ticket.priority = result.priority
    ticket.priority_steps = [list(step) for step in result.steps]
