"""Keeping what somebody has filled in of a new case."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from saksgang.console.models import Draft
from saksgang.lib import clock
from saksgang.lib.prepared import prepared
from saksgang.people.models import Person

REGISTRATION = "registration"
# Without any of these a registration has not begun.
WRITTEN = (
    "who",
    "what",
    "category",
    "text",
    "solution",
    "contact_name",
    "place",
    "callback_number",
    "equipment_number",
)
LONGEST_FORM = 500_000  # letters, as a form is encoded


@prepared
def _draft(person_id: int) -> QuerySet[Draft, Any]:
    return Draft.objects.filter(ticket__isnull=True, person_id=person_id, box=REGISTRATION).values_list("text", "id")


def draft_of(person: Person) -> QueryDict | None:
    """What the person has filled in of a new case."""
    found = next((text for text, _pk in _draft(person.pk)), "")
    return QueryDict(found) if found else None


def keep(person: Person, written: QueryDict) -> None:
    if any(written.get(name, "").strip() for name in WRITTEN):
        known = {"text": written.urlencode(), "changed_at": clock.now()}
        Draft.objects.update_or_create(ticket=None, person=person, box=REGISTRATION, defaults=known)
    else:
        forget(person)


def forget(person: Person) -> None:
    Draft.objects.filter(ticket__isnull=True, person=person, box=REGISTRATION).delete()
