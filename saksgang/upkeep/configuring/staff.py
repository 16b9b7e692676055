"""Persons: who they are, where they work, what they may, and the account they sign in with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from saksgang.access.actions import grant, withdraw
from saksgang.access.models import RoleGrant
from saksgang.lib import clock
from saksgang.people import actions as people
from saksgang.people.models import Account, Department, Membership, Person, PersonAddress
from saksgang.people.rules import digits
from saksgang.upkeep.configuring import finding
from saksgang.upkeep.configuring.desk import BY, given
from saksgang.upkeep.configuring.document import Entry
from saksgang.upkeep.configuring.secret_places import Secrets
from saksgang.upkeep.configuring.telling import Told


def set_person(entry: Entry, told: Told, secrets: Secrets) -> None:
    facts = entry.facts
    person = finding.person(facts)
    wanted = _wanted(facts)
    if person is None:
        new = {name: value for name, value in wanted.items() if name != "active"}
        addresses = tuple(dict.fromkeys(facts.get("addresses", [])))
        person = people.add_person(by=BY, addresses=addresses, verified_at=clock.now(), **new)
        told.added(f"person {person.name}")
    told.alter(f"person {person.name}", person, wanted, partial(people.change_person, by=BY, person=person))
    _set_addresses(person, facts.get("addresses", []), told)
    _set_places(person, facts, told)
    _set_account(person, facts, told, secrets)


def _wanted(facts: Mapping[str, Any]) -> dict[str, Any]:
    wanted = given(facts, "name", "title", "language", "active")
    if "phone" in facts:
        wanted["phone"] = digits(facts["phone"])
    if "external_id" in facts:
        wanted["external_id"] = facts["external_id"] or None
    if "department" in facts:
        place = facts["department"]
        wanted["department"] = Department.objects.get(name=place) if place else None
    return wanted


def _set_addresses(person: Person, addresses: list[str], told: Told) -> None:
    vouched = PersonAddress.objects.filter(person=person, verified_at__isnull=False)
    for address in dict.fromkeys(addresses):
        if not vouched.filter(address=address).exists():
            people.add_address(by=BY, person=person, address=address)
            told.changed(f"person {person.name}", f"has the address {address}")


def _set_places(person: Person, facts: Mapping[str, Any], told: Told) -> None:
    for name in dict.fromkeys(facts.get("teams", [])):
        team = finding.team_named(name)
        if not Membership.objects.filter(person=person, team=team).exists():
            people.join_team(by=BY, person=person, team=team)
            told.changed(f"person {person.name}", f"works in {team.name}")
    for one in facts.get("roles", []):
        place = finding.team_named(one["team"]) if one.get("team") else None
        section = one.get("section", "")
        if not RoleGrant.objects.filter(person=person, role=one["role"], team=place, section=section).exists():
            _leave_to(section, told)
            grant(by=BY, person=person, role=one["role"], team=place, section=section)
            where = f"in {place.name}" if place else f"of {section}" if section else "everywhere"
            told.changed(f"person {person.name}", f"is {one['role']} {where}")


def _leave_to(section: str, told: Told) -> None:
    """A section has one head: whoever was it is so no longer."""
    for former in RoleGrant.objects.filter(section=section).exclude(section="").select_related("person"):
        withdraw(by=BY, grant=former, reason="another head")
        told.changed(f"person {former.person.name}", f"is department_head of {section} no longer")


def _set_account(person: Person, facts: Mapping[str, Any], told: Told, secrets: Secrets) -> None:
    account = Account.objects.filter(person=person).first()
    if account is None and facts.get("username"):
        account = people.open_account(
            by=BY, person=person, username=facts["username"], password=secrets.of(facts)
        )  # fmt: skip
        told.added(f"account {account.username}")
    if account is None:
        return
    if not account.has_usable_password() and (password := secrets.of(facts)):
        people.set_first_password(by=BY, account=account, password=password)
        told.changed(f"account {account.username}", "has a password (not shown)")
    if "active" in facts and account.is_active != facts["active"]:
        people.let_sign_in(by=BY, account=account, active=facts["active"])
        told.changed(f"account {account.username}", "is open" if facts["active"] else "is closed")
