"""Which team a case belongs to once its service or its kind is known: as a routing rule says, otherwise whoever owns the service."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from django.utils.translation import gettext as _

from saksgang.catalogue.models import Category, RoutingRule, Service
from saksgang.catalogue.queries import route_known, rules_of_what_is_known
from saksgang.console.case import facts
from saksgang.console.routing.sentences import sentence
from saksgang.people.models import Team
from saksgang.tickets.arrived import arrivals_of
from saksgang.tickets.models import Ticket


class Belongs(NamedTuple):
    team: Team
    why: str  # as a reason for handing it over
    short: str  # as it stands beside the answers


def belongs(ticket: Ticket, service: Service | None, category: Category | None) -> Belongs | None:
    """None: where it is, or nobody can tell."""
    if service is None:
        return None
    rule = _rule(ticket, service, category)
    team = rule.team if rule else service.owner_team
    named = {"team": team.name}
    if team.pk == ticket.team_id:
        return None
    if rule:
        return Belongs(team, sentence(rule), _("A routing rule sends this to %(team)s.") % named)
    return Belongs(team, facts.owned_by(service), _("%(team)s owns this service.") % named)


def _rule(ticket: Ticket, service: Service, category: Category | None) -> RoutingRule | None:
    """The first rule that asks for a service or a kind and holds. What is restricted, no rule moves: another team
    has other readers. A medical device is its owner's."""
    if ticket.restricted or service.medical_device or not rules_of_what_is_known():
        return None
    came = arrivals_of([ticket])[ticket.pk]
    return route_known(replace(came, service_id=service.pk, category_id=category.pk if category else None))
