"""Who phones or comes by: somebody we know, an address, a new name, or an unknown person at a place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from saksgang.catalogue.models import Category
from saksgang.console.major.telling import since
from saksgang.lib import clock, text
from saksgang.lib.numbers import whole_number
from saksgang.people import actions as people
from saksgang.people.models import Department, Person, PersonKind
from saksgang.people.queries import department_of_phone
from saksgang.people.rules import digits, folded_address, is_address
from saksgang.tickets import majors, neighbours
from saksgang.tickets.models import MajorIncident

# «Ukjent, Akuttmottaket, tlf. 12345»: the number ends the line.
_PHONE = re.compile(r"(?:,?\s*(?:tlf|tel|telefon|phone)\.?)?\s*(\+?[0-9][0-9 ]{2,})$", re.IGNORECASE)
_UNKNOWN = {"ukjent", "ukjend", "unknown"}


@dataclass(frozen=True)
class Written:
    """What was typed as «who», taken apart."""

    name: str  # without the number
    phone: str  # digits; may be empty
    address: str  # a folded e-mail address; may be empty

    @property
    def parts(self) -> list[str]:
        return [part.strip() for part in self.name.split(",") if part.strip()]

    @property
    def unknown(self) -> bool:
        """Whether it names nobody: «Ukjent», or a number alone."""
        return not self.parts or text.fold(self.parts[0]).split(" ")[0] in _UNKNOWN


def read_who(who: str) -> Written:
    """«Kari Nordmann 12345» → her name and number. Pure."""
    who = text.one_line(who, 200)
    address = folded_address(who)
    if is_address(address):
        name, _, _ = who.rpartition("<")
        return Written(name.strip(' "'), "", address)
    number = _PHONE.search(who)
    return Written(_PHONE.sub("", who).strip(" ,"), digits(number[1]) if number else "", "")


def place_of(written: Written) -> Department | None:
    """The ward that was named, or that the number rings at."""
    names = [text.fold(part) for part in written.parts]
    named = Department.objects.filter(folded__in=names).order_by("id").first() if names else None
    return named or department_of_phone(written.phone)


def place_that_rings(who: str) -> Department | None:
    """The ward, where all that was typed is its extension."""
    written = read_who(who)
    return department_of_phone(written.phone) if written.phone and not written.name else None


def requester(*, by: Person, known: Person | None, who: str, department: Department | None) -> Person:
    """The person whose case it is, made when nobody knows them. Call inside the registration's own transaction."""
    if known:
        return known
    written = read_who(who)
    if written.address:
        return people.person_of_address(by=by, address=written.address, name=written.name)
    place = department or place_of(written)
    named_place = place is not None and text.fold(written.name) == place.folded
    if written.unknown or named_place:
        return _unknown_at(place, written, by=by)
    return people.add_person(by=by, name=written.name, department=place, phone=written.phone)


def _unknown_at(place: Department | None, written: Written, *, by: Person) -> Person:
    """Somebody unknown at a place. The same place and number is the same requester each time; they have no address."""
    phone = _("tel. %(number)s") % {"number": written.phone} if written.phone else ""
    where = place.name if place else ", ".join(written.parts[1:])
    name = ", ".join(part for part in (_("Unknown"), where, phone) if part)
    earlier = Person.objects.filter(kind=PersonKind.SHARED, name=name, department=place, active=True, addresses=None)
    return earlier.first() or people.add_person(
        by=by, name=name, kind=PersonKind.SHARED, department=place, phone=written.phone
    )


def around(
    viewer: Person, known: Person | None, who: str, asked: Mapping[str, Any], kind: Category | None
) -> dict[str, Any]:
    """What one wants to see while they talk: who it is, their ward, what is open already, and the faults that it may be about.

    `asked`: department, service and fault as they stand in the form; `kind`: the kind of case that is written there.
    """
    place = known.department if known else place_of(read_who(who)) if who.strip() else None
    return {
        **_faults(place, asked, kind),
        "known": known,
        "place": place,
        "theirs": neighbours.open_cases_of_person(viewer, known.pk) if known else [],
        "of_place": neighbours.open_cases_of_department(viewer, place.pk) if place else [],
    }


def _faults(place: Department | None, asked: Mapping[str, Any], kind: Category | None) -> dict[str, Any]:
    """`faults`, those of their place first, and `other_faults`: [{id, title, service, since, chosen}]. A kind that demands proof of
    who asks is part of none."""
    if kind and kind.demands_proof:
        return {"faults": [], "other_faults": []}
    now = clock.now()
    service = kind.service_id if kind else _number(asked, "service")
    department = _number(asked, "department") or (place.pk if place else None)
    chosen = _number(asked, "major")

    def drawn(one: MajorIncident) -> dict[str, Any]:
        told = {"id": one.pk, "title": one.title, "service": one.service.name, "since": since(one, now)}
        return told | {"chosen": one.pk == chosen}

    offered = majors.at_registration(now, service_id=service, department_id=department)
    return {"faults": [drawn(one) for one in offered.near], "other_faults": [drawn(one) for one in offered.others]}


def _number(asked: Mapping[str, Any], name: str) -> int | None:
    return whole_number(str(asked.get(name) or ""))
