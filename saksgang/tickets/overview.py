"""What those who lead look at beside their own: what is urgent anywhere, what goes from team to team, who is behind."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from saksgang.people.models import Person
from saksgang.tickets.kinds import PINGPONG
from saksgang.tickets.models import Clarification, Ticket
from saksgang.tickets.queries import COUNT_CAP, ROW_FIELDS
from saksgang.tickets.seen import may_see, seen_by
from saksgang.tickets.visibility import TicketQuerySet

URGENT_PRIORITIES = (1, 2)


class Behind(NamedTuple):
    """How many cases of a team are past what should have happened."""

    slug: str
    team: str
    overdue: int


def urgent(cases: TicketQuerySet[Ticket]) -> QuerySet[Ticket]:
    """The open incidents, requests and orders of priority 1 and 2."""
    return cases.filter(open=1, priority__in=URGENT_PRIORITIES).order_by("priority", "received_at", "id")


def pingpong(cases: TicketQuerySet[Ticket]) -> QuerySet[Ticket]:
    """The open cases that teams have handed to each other too often."""
    return cases.filter(open=1, handed_over_count__gte=PINGPONG).order_by("next_step_due_at", "id")


@seen_by
def first_urgent(cases: TicketQuerySet[Ticket]) -> QuerySet[Ticket, Any]:
    """The first rows of them, of all that somebody may see."""
    return urgent(cases).values_list(*ROW_FIELDS)[: COUNT_CAP + 1]


@seen_by
def first_pingpong(cases: TicketQuerySet[Ticket]) -> QuerySet[Ticket, Any]:
    return pingpong(cases).values_list(*ROW_FIELDS)[: COUNT_CAP + 1]


def behind(cases: TicketQuerySet[Ticket], now: datetime) -> list[Behind]:
    """The teams that have overdue cases, most first."""
    late = cases.filter(open=1, next_step_due_at__lt=now).order_by()
    counted = late.values_list("team__slug", "team__name").annotate(n=Count("id")).order_by("-n", "team__name")
    return [Behind(*row) for row in counted]


def escalated_to(head: Person) -> QuerySet[Clarification]:
    """What nobody decided at two meetings, and this department head was told of."""
    mine = Clarification.objects.filter(may_see(head), escalated_to=head, decision__isnull=True)
    return mine.select_related("ticket").order_by("asked_at", "pk")
