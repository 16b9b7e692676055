"""A named cast, so that tests read as sentences. The hospital is made up."""

from __future__ import annotations

from dataclasses import dataclass

from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.catalogue import actions as catalogue
from saksgang.catalogue.models import Criticality, Mailbox, Service
from saksgang.events.actions import Robot
from saksgang.people import actions as people
from saksgang.people.models import Department, Person, PersonKind, Team, TeamKind
from saksgang.tickets.actions import registration
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.kinds import Channel
from saksgang.tickets.models import Ticket

SETUP = Robot("setup")
PASSWORD = "hemmelig-i-testene"  # noqa: S105


@dataclass
class Cast:
    service_desk: Team
    network: Team
    triage: Team
    ward: Department
    clinic: Department
    kari: Person  # agent in the service desk
    knut: Person  # agent in the service desk
    nils: Person  # agent in the network team
    liv: Person  # leader of the service desk
    trine: Person  # manager in Trakta
    nora: Person  # nurse on the ward
    dag: Person  # doctor at the clinic
    phone_only: Person  # cleaner without an e-mail address
    ward_mailbox: Person  # a shared address
    ikt: Mailbox
    ehelse: Mailbox
    dips: Service  # critical
    printing: Service  # ordinary
    telephony: Service  # important

    def case(self, **changes) -> Ticket:
        """A case that Nora wrote to ikt@, not assessed, in the service desk."""
        facts = {
            "by": Robot("mail"),
            "channel": Channel.EMAIL,
            "subject": "Får ikke logget på",
            "heard": Heard("Hei, jeg får ikke logget på.", self.nora.name, "nora@sykehus.example"),
            "team": self.service_desk,
            "requesters": [self.nora],
            "mailbox": self.ikt,
        }
        return registration.register(**(facts | changes))


def make_cast() -> Cast:
    service_desk = people.add_team(by=SETUP, name="Servicesenter")
    network = people.add_team(by=SETUP, name="Nettverk")
    triage = people.add_team(by=SETUP, name="Trakta", kind=TeamKind.TRIAGE)
    ward = people.add_department(by=SETUP, name="Sengepost 3", phone="12345")
    clinic = people.add_department(by=SETUP, name="Øyepoliklinikken", phone="23456")

    def person(name: str, address: str = "", **facts) -> Person:
        return people.add_person(by=SETUP, name=name, addresses=(address,) if address else (), **facts)

    def agent(name: str, login: str, team: Team, role: str = Role.AGENT) -> Person:
        made = person(name, f"{login}@ikt.sykehus.example", title="Rådgiver")
        people.join_team(by=SETUP, person=made, team=team)
        people.open_account(by=SETUP, person=made, username=login, password=PASSWORD)
        grant(by=SETUP, person=made, role=role, team=team)
        return made

    return Cast(
        service_desk=service_desk,
        network=network,
        triage=triage,
        ward=ward,
        clinic=clinic,
        kari=agent("Kari Nordmann", "kari", service_desk),
        knut=agent("Knut Lie", "knut", service_desk),
        nils=agent("Nils Berg", "nils", network),
        liv=agent("Liv Åsen", "liv", service_desk, Role.TEAM_LEADER),
        trine=agent("Trine Moe", "trine", triage, Role.TEAM_LEADER),
        nora=person("Nora Sykepleier", "nora@sykehus.example", department=ward, phone="4444"),
        dag=person("Dag Lege", "dag@sykehus.example", department=clinic),
        phone_only=person("Ragnhild Renhold", department=ward, answer_via="Avdelingsleder på sengepost 3"),
        ward_mailbox=person("Sengepost 3", "sengepost3@sykehus.example", kind=PersonKind.SHARED, department=ward),
        ikt=catalogue.add_mailbox(by=SETUP, slug="ikt", address="ikt@sykehus.example", name="IKT", team=service_desk),
        ehelse=catalogue.add_mailbox(
            by=SETUP, slug="e-helse", address="e-helse@sykehus.example", name="E-helse", team=network
        ),
        dips=catalogue.add_service(by=SETUP, name="DIPS", criticality=Criticality.CRITICAL, owner_team=service_desk),
        printing=catalogue.add_service(
            by=SETUP, name="Utskrift", criticality=Criticality.ORDINARY, owner_team=service_desk
        ),
        telephony=catalogue.add_service(
            by=SETUP, name="Telefoni", criticality=Criticality.IMPORTANT, owner_team=network
        ),
    )
