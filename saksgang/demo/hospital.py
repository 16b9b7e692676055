"""Makes the hospital by the product's own actions, and finds it again at the next start."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property

from django.contrib.auth.hashers import make_password

from saksgang.access.actions import grant
from saksgang.access.models import RoleGrant
from saksgang.access.roles import Role
from saksgang.catalogue import actions as catalogue
from saksgang.catalogue.models import Category, Duty, Mailbox, Service
from saksgang.catalogue.routing import in_words
from saksgang.demo import hospital_data as data
from saksgang.demo import moments
from saksgang.demo.stories import story
from saksgang.demo.stories.kinds import KINDS
from saksgang.events.actions import Robot
from saksgang.lib import clock
from saksgang.people import actions as people
from saksgang.people.actions import NORWEGIAN_TO_ASCII
from saksgang.people.models import Account, Department, Language, Person, PersonKind, Section, Team, TeamKind

DEMO = Robot("demo")
PLACE_AT = {place.name: place.at for place in data.PLACES}
EMPLOYEES_EACH = 5
WEEKS_BEHIND, WEEKS_AHEAD = 18, 26


@dataclass
class Hospital:
    """The people and places that the stories need, read once."""

    teams: dict[str, Team]
    services: dict[str, Service]
    categories: dict[str, Category]
    mailboxes: dict[str, Mailbox]

    @cached_property
    def agents(self) -> dict[str, list[Person]]:
        """Team name → those who work there, always in the same order."""
        found: dict[str, list[Person]] = {name: [] for name in self.teams}
        roles = (
            RoleGrant.objects.exclude(role__in=(Role.ADMINISTRATOR, Role.TRIAGE_MANAGER, Role.DEPARTMENT_HEAD))
            .select_related("person")
            .order_by("id")
        )
        names = {team.pk: name for name, team in self.teams.items()}
        for role in roles:
            found[names.get(role.team_id or 0, story.SERVICE_DESK)].append(role.person)
        return found

    @cached_property
    def employees(self) -> list[Person]:
        """Everybody with an address who is not of the desk, and the wards' shared mailboxes."""
        return list(self._staff.filter(addresses__isnull=False).exclude(addresses__address=data.LEFT_ADDRESS))

    @cached_property
    def unmailed(self) -> list[Person]:
        """Those without an e-mail address."""
        return list(self._staff.filter(addresses__isnull=True))

    @property
    def _staff(self):
        return (
            Person.objects.filter(department__isnull=False, account__isnull=True)
            .select_related("department")
            .prefetch_related("addresses")
            .order_by("id")
        )

    @cached_property
    def left(self) -> Person:
        """The one who has left, and whose address refuses mail."""
        return Person.objects.select_related("department").get(addresses__address=data.LEFT_ADDRESS)

    def place_phrase(self, department: Department | None) -> str:
        """«på Laboratoriet»; what stands in a sentence."""
        return PLACE_AT.get(department.name, "hos oss") if department else "hos oss"


def load() -> Hospital:
    return Hospital(
        teams={team.name: team for team in Team.objects.all()},
        services={service.name_nb: service for service in Service.objects.select_related("owner_team")},
        categories={kind.name_nb: kind for kind in Category.objects.select_related("service")},
        mailboxes={mailbox.slug: mailbox for mailbox in Mailbox.objects.select_related("team")},
    )


def make(seed: int) -> Hospital:
    """Teams, services, mailboxes, agents and employees. Call inside a transaction."""
    teams = {name: people.add_team(by=DEMO, name=name, section=_section(name)) for name in data.TEAMS}
    teams[story.TRIAGE] = people.add_team(by=DEMO, name=story.TRIAGE, kind=TeamKind.TRIAGE)
    for name, (criticality, owner, nn, en) in data.SERVICES.items():
        catalogue.add_service(
            by=DEMO,
            name=name,
            criticality=criticality,
            owner_team=teams[owner],
            name_nn=nn,
            name_en=en,
            medical_device=name in data.MEDICAL_DEVICES,
        )
    services = {service.name_nb: service for service in Service.objects.all()}
    for kind in KINDS:
        catalogue.add_category(
            by=DEMO,
            service=services[kind.service],
            **{key: value for key, value in kind._asdict().items() if key not in ("service", "stories")},
        )
    for slug, name, owner in (("ikt", "IKT", story.SERVICE_DESK), ("e-helse", "E-helse", story.EHEALTH)):
        catalogue.add_mailbox(by=DEMO, slug=slug, address=f"{slug}@{data.DOMAIN}", name=name, team=teams[owner])
    names = _names(random.Random(f"{seed}/names"))
    _make_agents(teams, names)
    _make_employees(names, random.Random(f"{seed}/employees"))
    _make_rules(teams)
    return load()


def _section(team: str) -> str:
    return Section.EHEALTH if team == story.EHEALTH else Section.ICT


def meet(now: datetime) -> None:
    """Trakta meets each week, and tomorrow or the next working day; the managers take a week each as manager of the day."""
    day = clock.local(now).date() + timedelta(days=1)
    while not moments.office().spans(day):
        day += timedelta(days=1)
    first = datetime.combine(day, time(8, 15), tzinfo=clock.OSLO)
    managers = list(Person.objects.filter(grants__role=Role.TRIAGE_MANAGER).order_by("id"))
    for week in range(-WEEKS_BEHIND, WEEKS_AHEAD):
        begins = first + timedelta(weeks=week)
        catalogue.set_meeting(by=DEMO, starts_at=begins, place="Møterom Fjorden")
        catalogue.set_on_call(
            by=DEMO, duty=Duty.TRIAGE, person=managers[week % len(managers)], starts_at=begins,
            ends_at=begins + timedelta(weeks=1),
        )  # fmt: skip


def _make_rules(teams: dict[str, Team]) -> None:
    """Which team gets what; the last one rests."""
    for rule in data.ROUTING:
        asked = {
            "channel": rule.channel,
            "words": "\n".join(in_words(rule.words)),
            "sender": rule.sender,
            "question": rule.question,
        }
        place = Department.objects.get(name=rule.department) if rule.department else None
        when = asked | ({"department": place} if place else {})
        catalogue.add_routing_rule(by=DEMO, team=teams[rule.team], active=rule.active, **when)


def _names(rng: random.Random) -> list[str]:
    """More names than are needed, no two alike, and none of those one signs in as."""
    taken = {one[0] for one in data.SIGN_INS}
    every = [f"{first} {last}" for first in data.FIRST_NAMES for last in data.LAST_NAMES]
    return [name for name in rng.sample(every, 400) if name not in taken]


def _make_agents(teams: dict[str, Team], names: list[str]) -> None:
    for name, login, team, role, title in data.SIGN_INS:
        _agent(name, login, teams.get(team), role, title)
    for team, number in data.OTHERS.items():
        for nth in range(number):
            name = names.pop()
            lacks_leader = nth == 0 and not any(one[2] == team and one[3] == "team_leader" for one in data.SIGN_INS)
            role, title = (Role.TEAM_LEADER, "teamleder") if lacks_leader else (Role.AGENT, "rådgiver")
            _agent(name, address_part(name), teams[team], role, title)
    for name, login, section, title in data.HEADS:
        head = people.add_person(by=DEMO, name=name, addresses=(f"{address_part(name)}@{data.DOMAIN}",), title=title)
        people.open_account(by=DEMO, person=head, username=login, password=None)
        grant(by=DEMO, person=head, role=Role.DEPARTMENT_HEAD, section=section)
    # Reckoned once for all: a password's hash is slow on purpose. The others have none.
    logins = [one[1] for one in (*data.SIGN_INS, *data.HEADS)]
    Account.objects.filter(username__in=logins).update(password=make_password(data.PASSWORD))


def _agent(name: str, login: str, team: Team | None, role: str, title: str) -> None:
    person = people.add_person(by=DEMO, name=name, addresses=(f"{address_part(name)}@{data.DOMAIN}",), title=title)
    people.open_account(by=DEMO, person=person, username=login, password=None)
    if team:
        people.join_team(by=DEMO, person=person, team=team)
    everywhere = role in (Role.DISPATCHER, Role.ADMINISTRATOR)
    grant(by=DEMO, person=person, role=role, team=None if everywhere else team)
    if team and team.kind == TeamKind.TRIAGE:
        grant(by=DEMO, person=person, role=Role.TRIAGE_MANAGER, team=team)


def _make_employees(names: list[str], rng: random.Random) -> None:
    for place in data.PLACES:
        department = people.add_department(by=DEMO, name=place.name, phone=place.phone)
        if place.mailbox:
            address = f"{place.mailbox}@{data.DOMAIN}"
            people.add_person(
                by=DEMO, name=place.name, kind=PersonKind.SHARED, addresses=(address,), department=department
            )
        for nth in range(EMPLOYEES_EACH):
            title = place.titles[nth % len(place.titles)]
            name = names.pop()
            without_mail = title in ("renholder", "portør")
            people.add_person(
                by=DEMO,
                name=name,
                addresses=() if without_mail else (f"{address_part(name)}@{data.DOMAIN}",),
                department=department,
                phone=str(int(place.phone) + nth + 1),
                title=title,
                language=rng.choices((Language.NB, Language.NN, Language.EN), (85, 10, 5))[0],
                answer_via=f"Leder {place.at}, tlf. {place.phone}" if without_mail else "",
            )
        if place.name == "Medisinsk poliklinikk":
            people.add_person(
                by=DEMO, name="Even Solli", addresses=(data.LEFT_ADDRESS,), department=department, title="vikar"
            )


def address_part(name: str) -> str:
    """«Åse Løken» → «ase.loken»."""
    plain = name.lower().translate(NORWEGIAN_TO_ASCII)
    return ".".join(plain.split())
