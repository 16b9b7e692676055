"""Finding persons and teams for pages."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict

from django.db.models import F, Q, QuerySet

from saksgang.lib import text
from saksgang.lib.prepared import prepared
from saksgang.people import rules
from saksgang.people.models import Absence, Account, Department, Person, PersonAddress, Team


class FoundPerson(TypedDict):
    id: int
    name: str
    department: str
    phone: str
    address: str


def find_persons(words: str, among: QuerySet[Person], limit: int = 8) -> list[FoundPerson]:
    """Those `among` the persons whose name, address, phone or department holds every word typed; Norwegian order."""
    terms = text.fold(words).split()
    if not terms:
        return []
    found = among.filter(active=True)
    for term in terms[:10]:
        wanted = Q(folded__contains=term) | Q(department__folded__contains=term)
        if number := rules.digits(term):
            wanted |= Q(department__phone=number)
        found = found.filter(wanted)
    rows = found.order_by("sort_key", "id").values("id", "name", "phone", place=F("department__name"))
    people = list(rows[:limit])
    addresses = dict(
        PersonAddress.objects.filter(person_id__in=[row["id"] for row in people])
        .order_by("-id")
        .values_list("person_id", "address")
    )
    return [
        FoundPerson(
            id=row["id"],
            name=row["name"],
            department=row["place"] or "",
            phone=row["phone"],
            address=addresses.get(row["id"], ""),
        )
        for row in people
    ]


def department_of_phone(phone: str) -> Department | None:
    """The ward that an extension rings at."""
    number = rules.digits(phone)
    return Department.objects.filter(phone=number).first() if number else None


def address_of(person: Person) -> str:
    """Where mail to this person goes; empty when they have none."""
    return next((address for address, _pk in _first_address(person.pk)), "")


@prepared
def _first_address(person_id: int) -> QuerySet[PersonAddress, Any]:
    return PersonAddress.objects.filter(person_id=person_id).order_by("id").values_list("address", "id")[:1]


def is_vouched_for(person: Person) -> bool:
    """Whether somebody configured, imported or registered them, or vouched for an address: more than that they once wrote."""
    return (
        not person.met_by_mail
        or person.external_id is not None
        or person.addresses.filter(verified_at__isnull=False).exists()
        or is_agent(person)
    )


def is_registered(person: Person) -> bool:
    """Whether what we know of them comes from a source of our own: not from a mail of theirs, nor from what was said on the phone."""
    return (
        not (person.met_by_mail or person.written_down)
        or person.external_id is not None
        or person.addresses.filter(verified_at__isnull=False).exists()
    )


def is_agent(person: Person) -> bool:
    """Whether the person can sign in here."""
    return Account.objects.filter(person=person, is_active=True).exists()


def active_agents() -> list[Person]:
    """Everybody who can sign in here, in Norwegian order."""
    return list(Person.objects.filter(account__is_active=True, active=True).order_by("sort_key", "id"))


@prepared
def _active_teams() -> QuerySet[Team]:
    return Team.objects.filter(active=True).order_by("kind", "sort_key")


def active_teams() -> list[Team]:
    return _active_teams()


@prepared
def _departments() -> QuerySet[Department, Any]:
    return Department.objects.order_by("sort_key").values_list("pk", "name")


def departments() -> list[tuple[int, str]]:
    """Every department's id and name, in Norwegian order."""
    return _departments()


def away_until(day: date) -> dict[int, date]:
    """Who is away on the day → the last day of it."""
    away = Absence.objects.filter(first_day__lte=day, last_day__gte=day).order_by("last_day")
    return dict(away.values_list("person_id", "last_day"))


def is_away(person: Person, day: date) -> bool:
    return Absence.objects.filter(person=person, first_day__lte=day, last_day__gte=day).exists()
