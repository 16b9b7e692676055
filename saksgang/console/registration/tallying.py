"""Tallies as rows: the newest, and what they come to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from saksgang.catalogue.models import Category
from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.tickets.actions.tallying import ALIKE, DAYS
from saksgang.tickets.models import Tally, Ticket

NEWEST = 100


def rows(viewer: Person) -> list[dict[str, Any]]:
    """The newest tallies. Who counted is not told; a case that somebody may not see is not named to them."""
    found = list(Tally.objects.select_related("category", "department").order_by("-at", "-id")[:NEWEST])
    cases = {one.ticket_id for one in found if one.ticket_id}
    seen = set(Ticket.objects.visible_to(viewer).filter(pk__in=cases).values_list("pk", flat=True))
    many = _repeating()
    return [
        {
            "id": one.pk,
            "at": one.at,
            "kind": one.category.name,
            "place": one.department.name if one.department else "",
            "minutes": one.minutes,
            "case": one.ticket_id if one.ticket_id in seen else None,
            "free": one.ticket_id is None,
            "alike": many.get((one.category_id, one.department_id or 0), 0) if one.ticket_id is None else 0,
        }
        for one in found
    ]


def _repeating() -> dict[tuple[int, int], int]:
    """(kind, department) → how many the last days had, where they are so many that they are a case."""
    lately = Tally.objects.filter(at__gt=clock.now() - timedelta(days=DAYS), ticket=None, department__isnull=False)
    counted = lately.values_list("category_id", "department_id").annotate(number=Count("id")).filter(number__gte=ALIKE)
    return {(kind, place): number for kind, place, number in counted}


def totals() -> list[dict[str, Any]]:
    """Each kind that was counted in the last thirty days: how often, and the minutes it took; most minutes first."""
    lately = Tally.objects.filter(at__gt=clock.now() - timedelta(days=30)).values("category_id")
    counted = lately.annotate(number=Count("id"), minutes=Coalesce(Sum("minutes"), 0)).order_by(
        "-minutes", "category_id"
    )
    names = {one.pk: one.name for one in Category.objects.filter(pk__in=[row["category_id"] for row in counted])}
    return [{**row, "kind": names[row["category_id"]]} for row in counted]
