"""Departments, teams, services, kinds of case and the names of states."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from saksgang.catalogue import actions as catalogue
from saksgang.catalogue.models import Category, Service, StateLabel
from saksgang.events.actions import Robot
from saksgang.people import actions as people
from saksgang.people.models import Department
from saksgang.people.rules import digits
from saksgang.upkeep.configuring import finding
from saksgang.upkeep.configuring.document import Entry
from saksgang.upkeep.configuring.secret_places import Secrets
from saksgang.upkeep.configuring.telling import Told

BY = Robot("configure")


def given(facts: Mapping[str, Any], *names: str, **renamed: str) -> dict[str, Any]:
    """The facts that the file gives, under the names that the rows have. What it leaves out stays as it is."""
    wanted = {name: name for name in names} | {key: field for field, key in renamed.items()}
    return {field: facts[key] for key, field in wanted.items() if key in facts}


def set_department(entry: Entry, told: Told, _secrets: Secrets) -> None:
    name, phone = entry.facts["name"], digits(entry.facts.get("phone", ""))
    department = Department.objects.filter(name=name).first()
    if department is None:
        people.add_department(by=BY, name=name, phone=phone)
        told.added(f"department {name}")
    elif "phone" in entry.facts:
        act = partial(people.change_department, by=BY, department=department)
        told.alter(f"department {name}", department, {"phone": phone}, act)


def set_team(entry: Entry, told: Told, _secrets: Secrets) -> None:
    facts, team = entry.facts, finding.team(entry.facts)
    if team is None:
        team = people.add_team(by=BY, **given(facts, "name", "kind", "slug", "section"))
        told.added(f"team {team.name}")
    act = partial(people.change_team, by=BY, team=team)
    told.alter(f"team {team.name}", team, given(facts, "name", "kind", "section", "active"), act)


def set_service(entry: Entry, told: Told, _secrets: Secrets) -> None:
    facts = entry.facts
    owner = finding.team_named(facts["owner_team"])
    service = Service.objects.filter(name_nb=facts["name"]).select_related("owner_team").first()
    if service is None:
        new = given(facts, "name", "name_nn", "name_en", "criticality", "medical_device")
        service = catalogue.add_service(by=BY, owner_team=owner, **new)
        told.added(f"service {facts['name']}")
    wanted = given(facts, "name_nn", "name_en", "criticality", "medical_device", "active") | {"owner_team": owner}
    act = partial(catalogue.change_service, by=BY, service=service)
    told.alter(f"service {facts['name']}", service, wanted, act)


def set_category(entry: Entry, told: Told, _secrets: Secrets) -> None:
    facts = entry.facts
    service, type = Service.objects.get(name_nb=facts["service"]), facts["type"].upper()
    category = Category.objects.filter(name_nb=facts["name"]).select_related("service").first()
    if category is None:
        new = given(facts, "name", "name_nn", "name_en", "words", "demands_proof")
        category = catalogue.add_category(by=BY, service=service, type=type, **new)
        told.added(f"category {facts['name']}")
    wanted = given(facts, "name_nn", "name_en", "words", "demands_proof", "active")
    wanted |= {"service": service, "type": type}
    act = partial(catalogue.change_category, by=BY, category=category)
    told.alter(f"category {facts['name']}", category, wanted, act)


def set_state_label(entry: Entry, told: Told, _secrets: Secrets) -> None:
    state = entry.facts["state"]
    row = StateLabel.objects.filter(state=state).first() or StateLabel(state=state)
    act = partial(catalogue.set_state_label, by=BY, state=state)
    labels = given(entry.facts, label_nb="label") | given(entry.facts, "label_nn", "label_en")
    told.alter(f"state {state}", row, labels, act)
