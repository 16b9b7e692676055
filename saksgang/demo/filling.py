"""Who asks, and what stands in the braces of a story."""

from __future__ import annotations

import random
import re
from datetime import datetime, timedelta

from saksgang.demo.hospital import Hospital
from saksgang.demo.letters import written_date
from saksgang.demo.stories import Story
from saksgang.lib import clock
from saksgang.people.models import Person, PersonKind
from saksgang.tickets.kinds import Impact

# Who never works in the clinical systems.
OFFICES = {"Personalavdelingen", "Renhold og portør"}
CLINICAL_SERVICES = {
    "Journal", "Kurve", "e-resept", "Operasjonsplan", "Bildearkiv", "Labsystem", "Timebok", "Diktat", "Pasientvarsling",
    "Etikettskriver", "Pasientmonitorer", "Digital dialog", "Henvisning", "Skjema",
}  # fmt: skip
WARDS = (
    "Akuttmottaket", "Intensiv", "Medisinsk sengepost 1", "Medisinsk sengepost 2", "Kirurgisk sengepost",
    "Ortopedisk sengepost", "Barneavdelingen", "Fødeavdelingen", "Nevrologisk sengepost", "Hjerteovervåkingen",
)  # fmt: skip
CLINICS = ("Øyepoliklinikken", "Medisinsk poliklinikk", "Kirurgisk poliklinikk", "Fysioterapien", "Dialysen")
# Matters that come from some places only.
AT = {
    "operasjon-tavle": ("Operasjonsavdelingen", "Oppvåkningen"),
    "operasjon-bytte": ("Operasjonsavdelingen",),
    "bilder-kommer-ikke": ("Radiologisk avdeling",),
    "lab-skjerm": ("Laboratoriet", "Blodbanken"),
    "lab-rekvisisjon": (*WARDS, "Medisinsk poliklinikk"),
    "lab-etiketter": (*WARDS, *CLINICS),
    "arbeidsavtale": ("Personalavdelingen",),
    "kurve-doser": WARDS,
    "kurve-utskrift": WARDS,
    "varsling-stille": WARDS,
    "monitor-sender-ikke": WARDS,
    "pc-pa-tralle": WARDS,
    "nettbrett-hjemme": WARDS,
    "timebok-dobbel": CLINICS,
    "timebok-ny-ressurs": CLINICS,
    "dialog-svar": CLINICS,
    "dialog-opplaering": CLINICS,
    "henvisning-feil": CLINICS,
    "videokonsultasjon": CLINICS,
    "melding-fastlege": (*WARDS, *CLINICS),
    "skjema-endring": WARDS,
}
GREETINGS = ("Hei!", "Hei!", "Hei,", "Hei.", "God dag,", "Hei IKT!", "")
ENDINGS = ("Mvh", "Med vennlig hilsen", "Vennlig hilsen", "Hilsen", "På forhånd takk!")


def requester(hospital: Hospital, story: Story, rng: random.Random, *, spoken: bool) -> Person:
    """Somebody for whom the story is likely. Of those who call, some have no e-mail."""
    if spoken and story.service in ("Innlogging", "Adgangskort") and rng.random() < 0.5:
        return rng.choice(hospital.unmailed)
    places = AT.get(story.slug)
    barred = OFFICES if story.service in CLINICAL_SERVICES else set()
    able = [
        person
        for person in hospital.employees
        if person.department
        and (person.department.name in places if places else person.department.name not in barred)
        # A ward's shared mailbox asks about the ward's matters, not about somebody's password.
        and (person.kind == PersonKind.PERSON or story.impact == Impact.DEPARTMENTS)
    ]
    return rng.choice(able)


def words(hospital: Hospital, person: Person, rng: random.Random, at: datetime) -> dict[str, str]:
    """What the braces of a story stand for, this time."""
    colleagues = [
        one.name
        for one in hospital.employees
        if one.department_id == person.department_id and one.pk != person.pk and one.kind == PersonKind.PERSON
    ]
    earlier = clock.local(at - timedelta(minutes=rng.randrange(10, 90)))
    later = at + timedelta(days=rng.randrange(4, 18))
    return {
        "avd": person.department.name if person.department else "",
        "hos": hospital.place_phrase(person.department),
        "rom": f"{rng.choice('ABCDE')}{rng.randint(1, 4)}-{rng.randint(101, 139)}",
        "pc": f"PC-{rng.randrange(20_000, 29_999)}",
        "skriver": f"SKR-{rng.randrange(100, 480)}",
        "utstyr": f"SH{rng.randrange(100_000, 999_999)}",
        "tlf": person.phone or (person.department.phone if person.department else "41000"),
        "kollega": rng.choice(colleagues) if colleagues else "vikaren vår",
        "kl": f"{earlier:%H.%M}",
        "dato": written_date(later),
        "ref": f"SR-{rng.randrange(10_000, 99_999)}",
    }


def fill(text: str, known: dict[str, str]) -> str:
    """Puts words in the braces; a brace that nobody knows is a mistake in the story."""
    return re.sub(r"\{(\w+)\}", lambda match: known[match[1]], text)


def letter(person: Person, told: str, rng: random.Random, *, short: bool = False) -> str:
    """What somebody writes in a mail: a greeting, the matter and their name."""
    place = person.department.name if person.department else ""
    name = person.name
    if short:
        return "\n\n".join(
            (told, f"{rng.choice(ENDINGS[:4])}\n{name.split()[0] if person.kind == PersonKind.PERSON else name}")
        )
    lines = [rng.choice(ENDINGS), name]
    if person.kind == PersonKind.PERSON and rng.random() < 0.7:
        lines.append(f"{person.title.capitalize()}, {place}")
        lines.append(f"Tlf. {person.phone}")
    parts = [rng.choice(GREETINGS), told, "\n".join(lines)]
    return "\n\n".join(part for part in parts if part)
