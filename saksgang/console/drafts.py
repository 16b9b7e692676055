"""Keeping what somebody has half written: one box of one case, or the form for a new case."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict

from saksgang.console.models import Draft
from saksgang.lib import clock
from saksgang.people.models import Person

REGISTRATION = "registration"
# Without any of these a registration has not begun.
WRITTEN = ("who", "what", "text", "solution", "contact_name", "place", "callback_number", "equipment_number")
LONGEST_FORM = 500_000  # letters, as a form is encoded


def saved() -> HttpResponse:
    """The answer that a draft is kept. Nothing on the way, no proxy and no sign-in page, says it in these words."""
    answer = HttpResponse(status=204)
    answer["X-Draft"] = "saved"
    answer["Cache-Control"] = "no-store, private"
    return answer


def registration_of(person: Person) -> QueryDict | None:
    """What the person has filled in of a new case."""
    found = (
        Draft.objects.filter(ticket__isnull=True, person=person, box=REGISTRATION)
        .values_list("text", flat=True)
        .first()
    )
    return QueryDict(found) if found else None


def keep_registration(person: Person, written: QueryDict) -> None:
    if any(written.get(name, "").strip() for name in WRITTEN):
        known = {"text": written.urlencode(), "changed_at": clock.now()}
        Draft.objects.update_or_create(ticket=None, person=person, box=REGISTRATION, defaults=known)
    else:
        forget_registration(person)


def forget_registration(person: Person) -> None:
    Draft.objects.filter(ticket__isnull=True, person=person, box=REGISTRATION).delete()
