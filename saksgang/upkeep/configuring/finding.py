"""Which row a section speaks of, if there is one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from saksgang.lib.text import fold
from saksgang.people.actions import slug_of
from saksgang.people.models import Person, Team
from saksgang.people.rules import folded_address
from saksgang.upkeep.configuring.document import Wrong


def team(facts: Mapping[str, Any]) -> Team | None:
    """By its short name, which stays when the name changes; else by its name."""
    slug = facts.get("slug")
    if slug:
        return Team.objects.filter(slug=slug).first()
    name = facts["name"]
    return Team.objects.filter(name=name).first() or Team.objects.filter(slug=slug_of(name)).first()


def team_named(word: str) -> Team:
    """The team that another section names."""
    return Team.objects.get(Q(slug=word) | Q(name=word))


def person_named(word: str) -> Person | None:
    """The person that another section names, by username or address."""
    marks = Q(addresses__address=folded_address(word)) | Q(account__username=fold(word))
    return Person.objects.filter(marks).distinct().first()


def person(facts: Mapping[str, Any]) -> Person | None:
    """By external id, address or username. Raises Wrong when these belong to different persons."""
    marks = Q(addresses__address__in=facts.get("addresses", []))
    external_id, username = facts.get("external_id"), facts.get("username")
    if external_id:
        marks |= Q(external_id=external_id)
    if username:
        marks |= Q(account__username=fold(username))
    found = list(Person.objects.filter(marks).distinct().order_by("id")[:3])
    if len(found) > 1:
        names = " and ".join(f"«{one.name}»" for one in found)
        raise Wrong(f"External id, addresses and username belong to different persons: {names}. Write those of one.")
    if found and external_id and found[0].external_id not in (None, external_id):
        raise Wrong(
            f"«{found[0].name}» has the external id «{found[0].external_id}» and not «{external_id}». "
            "Give a new employee an address and a username of their own."
        )
    return found[0] if found else None
