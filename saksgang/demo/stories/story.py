"""The shape of a story: one matter, and the words for each way that it can go."""

from __future__ import annotations

from dataclasses import dataclass

from saksgang.catalogue.kinds import TicketType
from saksgang.tickets.kinds import Consequence, Impact

FAULT, REQUEST, ORDER = TicketType.INCIDENT, TicketType.SERVICE_REQUEST, TicketType.ORDER
ALL, WARDS, ONE = Impact.ORGANISATION, Impact.DEPARTMENTS, Impact.INDIVIDUALS
STOPS, DETOUR, NUISANCE = Consequence.STOPS, Consequence.DEGRADED, Consequence.NUISANCE

SERVICE_DESK = "Servicesenter"
WORKPLACE = "Arbeidsflate"
NETWORK = "Nettverk og telefoni"
SERVERS = "Server og drift"
CLINICAL = "Kliniske systemer"
IMAGING = "Radiologi og lab"
PRINTING = "Utskrift og utstyr"
EHEALTH = "E-helse"
SECURITY = "Informasjonssikkerhet"
MEDICAL = "Medisinsk teknologi"
TRIAGE = "Trakta"


@dataclass(frozen=True)
class Story:
    """Words in braces are filled in: {hos} {avd} {rom} {pc} {skriver} {utstyr} {tlf} {kollega} {kl} {dato} {ref}.

    What is left empty is a way that this matter does not go.
    """

    slug: str
    type: str
    service: str
    impact: str
    team: str  # who solves it
    subjects: tuple[str, ...]
    words: tuple[str, ...]
    answer: str
    solution: str
    consequence: str | None = None  # of a fault
    technical: str = ""
    ask: str = ""  # a question to the requester …
    reply: str = ""  # … and their reply
    supplier: str = ""  # somebody outside has it …
    told: str = ""  # … and what the requester is told of it
    plan: str = ""  # it will be done on a date …
    plan_reason: str = ""  # … and why not before
    handover: str = ""  # why the case goes from the service desk to the team
    complaint: str = ""  # the solution did not hold …
    fix: str = ""  # … and what did
    note: str = ""  # among ourselves
    decline: str = ""
    question_to_triage: str = ""
    file: str = ""  # the name of a file with the mail
