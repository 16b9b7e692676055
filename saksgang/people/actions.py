"""Making persons, teams and accounts. Called by configuration, import, mail and the demo."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from saksgang.events.actions import Actor, record
from saksgang.lib import text
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
def add_team(*, by: Actor, name: str, kind: str = TeamKind.ORDINARY, slug: str = "") -> Team:
    team = Team.objects.create(
        name=name,
        slug=slug or slugify(name.translate(NORWEGIAN_TO_ASCII)),
        sort_key=text.sort_key(name),
        kind=kind,
    )
    record("team_added", by=by, subject=team, after={"kind": kind})
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
) -> Person:
    """Raises IntegrityError when an address is another person's."""
    name = text.one_line(name, 200) or (addresses[0] if addresses else "")
    folded_addresses = tuple(rules.folded_address(address) for address in addresses)
    person = Person.objects.create(
        kind=kind,
        name=name,
        sort_key=text.sort_key(name)[:400],
        folded=text.fold(" ".join((name, *folded_addresses, rules.digits(phone))))[:600],
        department=department,
        phone=rules.digits(phone),
        title=title,
        language=language,
        answer_via=answer_via,
        external_id=external_id,
    )
    for address in folded_addresses:
        PersonAddress.objects.create(person=person, address=address, verified_at=verified_at)
    record("person_added", by=by, subject=person, after={"kind": kind})
    return person


def person_of_address(*, by: Actor, address: str, name: str) -> Person:
    """The person who owns an address, made when nobody does. Two mails at once make one person."""
    folded = rules.folded_address(address)
    known = PersonAddress.objects.filter(address=folded).select_related("person__department").first()
    if known:
        return known.person
    try:
        return add_person(by=by, name=name or folded, addresses=(folded,))
    except IntegrityError:  # another worker was quicker
        return PersonAddress.objects.select_related("person").get(address=folded).person


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
def choose_language(*, by: Person, language: str) -> None:
    """The language that pages and mails to this person are written in."""
    before = by.language
    if language == before:
        return
    by.language = Language(language)
    by.save(update_fields=["language"])
    record("language_chosen", by=by, subject=by, before={"language": before}, after={"language": language})
