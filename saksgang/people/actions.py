"""Making persons, teams and accounts. Called by configuration, import, mail and the demo."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from saksgang.events.actions import Actor, Robot, record
from saksgang.lib import clock, text
from saksgang.lib.rows import put
from saksgang.people import rules
from saksgang.people.models import (
    Absence,
    Account,
    Department,
    Language,
    Membership,
    Person,
    PersonAddress,
    PersonKind,
    Team,
    TeamKind,
)

NORWEGIAN_TO_ASCII = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "Æ": "ae", "Ø": "o", "Å": "a"})


@transaction.atomic
def add_department(*, by: Actor, name: str, phone: str = "") -> Department:
    department = Department.objects.create(
        name=name, sort_key=text.sort_key(name), folded=text.fold(name), phone=rules.digits(phone)
    )
    record("department_added", by=by, subject=department)
    return department


@transaction.atomic
def change_department(*, by: Actor, department: Department, phone: str) -> Department:
    """What does not differ is not written down."""
    changed = put(department, {"phone": rules.digits(phone)})
    if changed:
        department.save(update_fields=changed)
        record("department_changed", by=by, subject=department, after={"fields": changed})
    return department


@transaction.atomic
def add_team(*, by: Actor, name: str, kind: str = TeamKind.ORDINARY, slug: str = "", section: str = "") -> Team:
    team = Team.objects.create(
        name=name,
        slug=slug or slug_of(name),
        sort_key=text.sort_key(name),
        kind=kind,
        section=section,
    )
    record("team_added", by=by, subject=team, after={"kind": kind})
    return team


def slug_of(name: str) -> str:
    """The short name that a team gets when nobody gave it one: «Øye og øre» becomes `oye-og-ore`."""
    return slugify(name.translate(NORWEGIAN_TO_ASCII))


@transaction.atomic
def change_team(*, by: Actor, team: Team, **facts: Any) -> Team:
    """Sets name, kind, section or active. What does not differ is not written down."""
    if "name" in facts:
        facts["sort_key"] = text.sort_key(facts["name"])
    changed = put(team, facts)
    if changed:
        team.save(update_fields=changed)
        record("team_changed", by=by, subject=team, after={"fields": changed})
    return team


@transaction.atomic
def add_person(
    *,
    by: Actor,
    name: str,
    kind: str = PersonKind.PERSON,
    addresses: tuple[str, ...] = (),
    department: Department | None = None,
    phone: str = "",
    title: str = "",
    language: str = Language.NB,
    answer_via: str = "",
    external_id: str | None = None,
    verified_at: datetime | None = None,
    met_by_mail: bool = False,
) -> Person:
    """Raises IntegrityError when an address is another person's."""
    folded_addresses = tuple(rules.folded_address(address) for address in addresses)
    person = drawn_up(
        name=text.one_line(name, 200) or (addresses[0] if addresses else ""),
        addresses=folded_addresses,
        kind=kind,
        department=department,
        phone=phone,
        title=title,
        language=language,
        answer_via=answer_via,
        external_id=external_id,
        met_by_mail=met_by_mail,
        written_down=isinstance(by, Person),
    )
    person.save(force_insert=True)
    for address in folded_addresses:
        PersonAddress.objects.create(person=person, address=address, verified_at=verified_at)
    record("person_added", by=by, subject=person, after={"kind": kind})
    return person


@transaction.atomic
def change_person(*, by: Actor, person: Person, **facts: Any) -> Person:
    """Sets name, department, phone, title, language, external_id or active. What does not differ is not written down."""
    if "phone" in facts:
        facts["phone"] = rules.digits(facts["phone"])
    changed = put(person, facts)
    if changed:
        _store_person(person, changed)
        record("person_changed", by=by, subject=person, after={"fields": changed})
        person.__dict__.pop("_grants", None)
    return person


@transaction.atomic
def add_address(*, by: Actor, person: Person, address: str) -> PersonAddress:
    """One more address of a person, vouched for by whoever adds it. Raises IntegrityError when it is another person's.

    An address that the person has already, from a mail only, is vouched for; nothing is written when it was so before.
    """
    folded = rules.folded_address(address)
    known = PersonAddress.objects.filter(person=person, address=folded).first()
    if known and known.verified_at:
        return known
    row = known or PersonAddress(person=person, address=folded)
    row.verified_at = clock.now()
    row.save()
    _store_person(person, [])
    record("address_vouched", by=by, subject=row, after={"person_id": person.pk})
    return row


def _store_person(person: Person, changed: list[str]) -> None:
    """Saves what changed, and what lists and look-ups derive from it."""
    addresses = tuple(person.addresses.order_by("id").values_list("address", flat=True))
    person.sort_key = text.sort_key(person.name)[:400]
    person.folded = _found_by(person.name, addresses, person.phone)
    person.save(update_fields=[*changed, "sort_key", "folded"])


def _found_by(name: str, addresses: tuple[str, ...], phone: str) -> str:
    """The words that a person is found by as one types."""
    return text.fold(" ".join((name, *addresses, phone)))[:600]


def drawn_up(*, name: str, addresses: tuple[str, ...], phone: str, **facts: Any) -> Person:
    """An unsaved person, with the columns that follow from the name, the folded addresses and the phone."""
    number = rules.digits(phone)
    return Person(
        name=name,
        sort_key=text.sort_key(name)[:400],
        folded=_found_by(name, addresses, number),
        phone=number,
        **facts,
    )


def person_of_address(*, by: Actor, address: str, name: str, kind: str = PersonKind.PERSON) -> Person:
    """The person who owns an address, made when nobody does, as one of `kind`. Two mails at once make one person."""
    folded = rules.folded_address(address)
    known = PersonAddress.objects.filter(address=folded).select_related("person__department").first()
    if known:
        return known.person
    try:
        met = isinstance(by, Robot)
        return add_person(by=by, name=name or folded, addresses=(folded,), kind=kind, met_by_mail=met)
    except IntegrityError:  # another worker was quicker
        return PersonAddress.objects.select_related("person").get(address=folded).person


UNKNOWN_SENDER = "unknown-sender"


def unknown_sender(*, by: Actor) -> Person:
    """Whoever asks when nobody knows yet who it is. Has no address; pages offer who it may be."""
    known = Person.objects.filter(external_id=UNKNOWN_SENDER).first()
    if known:
        return known
    try:
        return add_person(by=by, name="Ukjent avsender", kind=PersonKind.SYSTEM, external_id=UNKNOWN_SENDER)
    except IntegrityError:  # another worker was quicker
        return Person.objects.get(external_id=UNKNOWN_SENDER)


@transaction.atomic
def join_team(*, by: Actor, person: Person, team: Team) -> Membership:
    membership = Membership.objects.create(person=person, team=team)
    record("team_joined", by=by, subject=membership, after={"person_id": person.pk, "team_id": team.pk})
    return membership


@transaction.atomic
def note_absence(*, by: Actor, person: Person, first_day: date, last_day: date) -> Absence:
    absence = Absence.objects.create(person=person, first_day=first_day, last_day=last_day)
    record("absence_noted", by=by, subject=absence, after={"person_id": person.pk})
    return absence


@transaction.atomic
def open_account(*, by: Actor, person: Person, username: str, password: str | None) -> Account:
    """An account for `person`. Without a password only a sign-in service can open it."""
    account = Account(username=text.fold(username), person=person)
    account.set_password(password)
    account.save()
    record("account_opened", by=by, subject=account, after={"person_id": person.pk})
    return account


@transaction.atomic
def set_first_password(*, by: Actor, account: Account, password: str) -> None:
    """A password for an account that has none. One that has keeps it: only its owner or a reset changes that."""
    if account.has_usable_password():
        return
    account.set_password(password)
    account.save(update_fields=["password"])
    record("password_set", by=by, subject=account, after={"person_id": account.person_id})


@transaction.atomic
def let_sign_in(*, by: Actor, account: Account, active: bool) -> None:
    """Closes an account, or opens it again. Whoever is signed in is out at once. Nothing is written when it was so before."""
    if account.is_active == active:
        return
    account.is_active = active
    account.save(update_fields=["is_active"])
    record("account_changed", by=by, subject=account, after={"person_id": account.person_id, "active": active})


@transaction.atomic
def choose_language(*, by: Person, language: str) -> None:
    """The language that pages and mails to this person are written in."""
    before = by.language
    if language == before:
        return
    by.language = Language(language)
    by.save(update_fields=["language"])
    record("language_chosen", by=by, subject=by, before={"language": before}, after={"language": language})
