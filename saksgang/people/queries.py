"""Finding persons and teams for pages."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict

from django.db.models import F, Q, QuerySet

from saksgang.lib import text
from saksgang.lib.prepared import prepared
from saksgang.people import rules
from saksgang.people.models import Absence, Account, Department, Person, PersonAddress, Team

FEW = 1000
AT_ONCE = 100  # of the many that are found, until there are enough whom one may know of


class FoundPerson(TypedDict):
    id: int
    exact: bool  # the only one with the very extension or address that was typed
    name: str
    department: str
    phone: str
    address: str


def find_persons(words: str, among: QuerySet[Person], limit: int = 8) -> list[FoundPerson]:
    """Those `among` the persons whose name, address, phone or department holds every word typed; Norwegian order."""
    terms = text.fold(words).split()
    if not terms:
        return []
    found = Person.objects.filter(active=True)
    for term in terms[:10]:
        found = found.filter(Q(folded__contains=term) | Q(department__in=_wards(term)))
    exact = exactly(words, among)
    people = _first_of(found, among, limit)
    addresses = dict(
        PersonAddress.objects.filter(person_id__in=[row["id"] for row in people])
        .order_by("-id")
        .values_list("person_id", "address")
    )
    return [
        FoundPerson(
            id=row["id"],
            exact=exact is not None and row["id"] == exact.pk,
            name=row["name"],
            department=row["place"] or "",
            phone=row["phone"],
            address=addresses.get(row["id"], ""),
        )
        for row in people
    ]


def _first_of(found: QuerySet[Person], among: QuerySet[Person], limit: int) -> list[Any]:
    """The first of those found who are among them. Everybody is looked through once, and who one may know of is asked for few."""
    ids = list(found.values_list("pk", flat=True)[: FEW + 1])
    if len(ids) <= FEW:  # in no order, as they lie: the index that has them in order would fetch each row by itself
        return _known(among, ids, limit)
    in_order = found.order_by("sort_key", "id").values_list("pk", flat=True)
    people: list[Any] = []
    for start in range(0, FEW, AT_ONCE):
        people += _known(among, list(in_order[start : start + AT_ONCE]), limit - len(people))
        if len(people) == limit:
            break
    return people


def _known(among: QuerySet[Person], ids: list[int], limit: int) -> list[Any]:
    rows = among.filter(pk__in=ids).order_by("sort_key", "id")
    return list(rows.values("id", "name", "phone", place=F("department__name"))[:limit])


def _wards(term: str) -> list[int]:
    """Ids of the departments that are called so, or whose extension it is."""
    number = rules.digits(term)
    return [pk for pk, folded, phone in _ward_names() if term in folded or (number and phone == number)]


@prepared
def _ward_names() -> QuerySet[Department, Any]:
    return Department.objects.order_by("pk").values_list("pk", "folded", "phone")


def exactly(words: str, among: QuerySet[Person]) -> Person | None:
    """The one of them whose extension or address the words are. An extension that rings at a ward is the ward's, whoever has it too."""
    address, number = rules.folded_address(words), rules.digits(words)
    if rules.is_address(address):
        wanted = Q(pk__in=PersonAddress.objects.filter(address=address).values("person_id"))
    elif number and not any(letter.isalpha() for letter in words) and department_of_phone(number) is None:
        wanted = Q(phone=number)
    else:
        return None
    found = list(among.filter(wanted, active=True).select_related("department")[:2])
    return found[0] if len(found) == 1 else None


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
