"""Many persons at once, as another system knew them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from saksgang.events.actions import Actor, record_many
from saksgang.lib.bulk import insert
from saksgang.people.actions import drawn_up
from saksgang.people.models import Language, Person, PersonAddress, PersonKind


@dataclass(frozen=True, slots=True)
class OldPerson:
    """Known by one of their addresses (folded), else by the external id. One of the two must be there."""

    name: str
    addresses: tuple[str, ...] = ()
    external_id: str | None = None
    kind: str = PersonKind.PERSON
    department_id: int | None = None
    phone: str = ""
    title: str = ""
    language: str = Language.NB
    answer_via: str = ""
    active: bool = True


@transaction.atomic
def find_or_add_persons(*, by: Actor, persons: Sequence[OldPerson]) -> list[int]:
    """The id of each, in their order. Who is here stays as they are, and is vouched for; the others are made, each with one event."""
    known = _known(persons)
    made: list[Person] = []
    addresses: list[tuple[Person, str]] = []
    found: list[int | Person] = []
    for old in persons:
        keys = [*old.addresses, *([f"id {old.external_id}"] if old.external_id else [])]
        here = next((known[key] for key in keys if key in known), None)
        if here is None:
            here = _drawn_up(old)
            made.append(here)
            addresses += [(here, one) for one in old.addresses]
        for key in keys:
            known.setdefault(key, here)
        found.append(here)
    here_already = Person.objects.filter(pk__in={one for one in found if isinstance(one, int)})
    here_already.filter(Q(met_by_mail=True) | Q(written_down=True)).update(met_by_mail=False, written_down=False)
    insert(made)
    insert(PersonAddress(person=person, address=address) for person, address in addresses)
    record_many("person_imported", by=by, changes=[(person, None, {"kind": person.kind}) for person in made])
    return [one.pk if isinstance(one, Person) else one for one in found]


def _known(persons: Sequence[OldPerson]) -> dict[str, int | Person]:
    """Address, or «id » and external id → the person who has it. Addresses hold no blank, so the two never meet."""
    written = [address for old in persons for address in old.addresses]
    ids = [old.external_id for old in persons if old.external_id]
    known: dict[str, int | Person] = {}
    for external_id, pk in Person.objects.filter(external_id__in=ids).values_list("external_id", "pk"):
        known[f"id {external_id}"] = pk
    known.update(PersonAddress.objects.filter(address__in=written).values_list("address", "person_id"))
    return known


def _drawn_up(old: OldPerson) -> Person:
    return drawn_up(
        name=old.name or old.addresses[0],
        addresses=old.addresses,
        kind=old.kind,
        department_id=old.department_id,
        phone=old.phone,
        title=old.title,
        language=old.language,
        answer_via=old.answer_via,
        external_id=old.external_id,
        active=old.active,
    )
