"""What a rule would have done to the newest cases, before it is saved: always as many queries, however many cases there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from saksgang.catalogue.models import RoutingRule
from saksgang.catalogue.queries import routing_rows, rule_holds, rule_of
from saksgang.catalogue.routing import Rule, first_hit
from saksgang.events.models import Event
from saksgang.people.models import Person, Team
from saksgang.tickets.arrived import arrivals_of
from saksgang.tickets.models import Clarification, Ticket

MOST = 1000
SHOWN = 50  # of those that would have gone elsewhere


@dataclass
class Tried:
    """`asked`: how many cases; `hits`: for how many the rule would have decided; `moved`: [{id, subject, first, to}]."""

    asked: int
    hits: int = 0
    moved: list[dict[str, Any]] = field(default_factory=list)

    @property
    def shown(self) -> list[dict[str, Any]]:
        return self.moved[:SHOWN]


def tried(viewer: Person, draft: RoutingRule, former: RoutingRule | None) -> Tried:
    """Asks every rule about the newest cases that `viewer` may see, with `draft` in the place of `former`, or after all others."""
    cases = list(Ticket.objects.visible_to(viewer).order_by("-id")[:MOST])
    arrivals, first_teams = arrivals_of(cases), _first_teams(cases)
    rule = rule_of(draft)
    rules = list(_in_place(rule, former))
    names = dict(Team.objects.values_list("pk", "name"))
    found = Tried(len(cases))
    for case in cases:
        if first_hit(rules, arrivals[case.pk]) is not rule:
            continue
        found.hits += 1
        first = first_teams.get(case.pk, case.team_id)
        if first != rule.team_id:
            told = {"first": names.get(first or 0, ""), "to": names[rule.team_id]}
            found.moved.append({"id": case.pk, "subject": case.subject, **told})
    return found


def _in_place(draft: Rule, former: RoutingRule | None) -> Iterator[Rule]:
    for row in routing_rows():
        if former and row.pk == former.pk:
            yield draft
        elif rule_holds(row):
            yield rule_of(row)
    if former is None:
        yield draft


def _first_teams(cases: list[Ticket]) -> dict[int, int | None]:
    """Where each case went when it came; those from the system before this one have no such event."""
    numbers = [case.pk for case in cases]
    events = Event.objects.filter(ticket_id__in=numbers, kind="ticket_registered")
    first = {number: after.get("team_id") for number, after in events.values_list("ticket_id", "after") if number}
    by_rule = Clarification.objects.filter(ticket_id__in=numbers, rule__isnull=False)
    return first | dict(by_rule.values_list("ticket_id", "triage_id"))
