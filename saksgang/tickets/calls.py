"""Whom somebody must phone, because no mail reaches them: the list of a team, and what is left on a case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from saksgang.lib.prepared import prepared
from saksgang.people.models import Person
from saksgang.tickets.models import Call, Ticket
from saksgang.tickets.seen import may_see


def seen_by(viewer: Person) -> QuerySet[Call]:
    """Every call of the cases that `viewer` may see, made or not."""
    return Call.objects.filter(may_see(viewer, "message__ticket")).select_related(
        "person__department", "message__ticket__affected_department", "message__ticket__team"
    )


def open_for(viewer: Person, teams: Iterable[int] | None) -> QuerySet[Call]:
    """Those left to make for the cases of these teams (ids; None: of every team), in order of due."""
    left = seen_by(viewer).filter(done_at__isnull=True)
    if teams is not None:
        left = left.filter(message__ticket__team__in=list(teams))
    return left.order_by("due_at", "pk")


def oldest_due() -> datetime | None:
    """When the call that has waited longest was due."""
    return Call.objects.filter(done_at__isnull=True).order_by("due_at").values_list("due_at", flat=True).first()


def of_case(ticket: Ticket) -> list[Call]:
    """Every call of the case, made or not, in the order of what was to be said."""
    return _of_case(ticket.pk)


@prepared
def _of_case(ticket_id: int) -> QuerySet[Call]:
    calls = Call.objects.filter(message__ticket_id=ticket_id).select_related("person", "done_by")
    return calls.order_by("message_id", "pk")
