"""One fault that many report: eleven say that the telephones are dead, two updates go to all, and it is not mended yet."""

from __future__ import annotations

from saksgang.demo.stage import Stage
from saksgang.demo.stories import story
from saksgang.people.models import PersonKind
from saksgang.tickets.actions.major.incident import start, update
from saksgang.tickets.actions.major.membership import join
from saksgang.tickets.kinds import Consequence, Impact
from saksgang.tickets.models import Ticket

REPORTS = (
    ("Telefonene er døde", "Ingen av telefonene på avdelingen har summetone. Hva gjør vi?"),
    ("Får ikke ringt ut", "Vi får ikke ringt ut fra vaktrommet. Det er helt stille i røret."),
    ("Telefonen virker ikke", "Pårørende kommer ikke gjennom til oss. Noe galt med telefonen?"),
    ("Bare stille i røret", "Alle apparatene i gangen er stille siden i sted."),
    ("Ekspedisjonen kan ikke ta imot telefoner", "Pasientene ringer, men det ringer ikke hos oss."),
    ("Ingen summetone", "Jeg har prøvd tre telefoner, og ingen av dem har summetone."),
    ("Fasttelefonene", "Fasttelefonene våre er nede. Vi bruker mobil så lenge."),
    ("Telefonfeil på poliklinikken", "Vi får ikke kalt inn pasienter på telefon i dag."),
    ("Døde telefoner", "Telefonene døde midt i en samtale med et annet sykehus."),
)
LATER = (
    ("Telefonene er fortsatt nede", "Er det flere som har det slik? Hos oss er det stille."),
    ("Ingen kommer fram på telefon", "Kollegaer sier at de ikke når oss. Er det en feil hos dere?"),
)


def telephones(stage: Stage) -> Ticket:
    """The network team has one major incident of it; whoever writes later hears the newest update at once."""
    by = stage.agent(story.NETWORK)
    people = [one for one in stage.hospital.employees if one.kind == PersonKind.PERSON and one.department]
    writers = stage.rng.sample(people, len(REPORTS) + len(LATER))
    cases = []
    for nth, (subject, words) in enumerate(REPORTS):
        with stage.ago(75 - 2 * nth):
            cases.append(stage.case_of(writers[nth], subject, words))
    with stage.ago(55):
        major = start(
            by=by,
            title="Fasttelefonene er nede på flere avdelinger",
            service=stage.hospital.services["Telefoni"],
            impact=Impact.DEPARTMENTS,
            consequence=Consequence.DEGRADED,
            began_at=cases[0].received_at,
        )
        for ticket in cases:
            join(ticket=ticket, by=by, major=major)
    with stage.ago(45):
        update(
            major=major,
            by=by,
            words="Vi har funnet feilen: en telefonsentral startet ikke igjen i natt. Leverandøren er på vei. Bruk mobil så lenge.",
            words_nn="Vi har funne feilen: ein telefonsentral starta ikkje igjen i natt. Leverandøren er på veg. Bruk mobil så lenge.",
            words_en="We have found the fault: an exchange did not start again last night. The supplier is coming. Please use mobiles.",
        )
    for nth, (subject, words) in enumerate(LATER):
        with stage.ago(38 - 2 * nth):
            join(ticket=stage.case_of(writers[len(REPORTS) + nth], subject, words), by=by, major=major)
    with stage.ago(15):
        update(
            major=major,
            by=by,
            words="Leverandøren bytter en del i sentralen nå. Vi regner med at telefonene virker igjen innen en time.",
        )
    return cases[0]
