"""What people wish were better: an improvement with three requesters, and others in different steps on two teams' lists."""

from __future__ import annotations

from datetime import timedelta

from saksgang.demo.stage import Stage, hello
from saksgang.demo.stories import story
from saksgang.improvements.actions.changing import change
from saksgang.improvements.actions.ranking import move
from saksgang.improvements.actions.steps import take_step
from saksgang.improvements.actions.taking_in import New, take_in
from saksgang.improvements.actions.telling import behind
from saksgang.improvements.kinds import Size, Step
from saksgang.improvements.models import Improvement
from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.tickets.actions import answering, registration
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.kinds import Channel
from saksgang.tickets.models import Ticket

ON_THE_LIST = "Ønsket ditt står nå på lista vår over forbedringer. Du hører fra oss når vi har bestemt oss."


def wishes(stage: Stage) -> Ticket:
    """Three ask to print from the phone; the third has no e-mail and is to be phoned. It is planned. Others stand beside it."""
    first, improvement = _from_the_phone(stage)
    with stage.ago(3000):
        _asked(
            stage,
            "Fødeavdelingen",
            "Mørk bakgrunn i journalen om natta",
            "Skjermen blender på nattevakt. Kan den bli mørk?",
            story.CLINICAL,
        )
    with stage.ago(2400):
        done = _asked(
            stage,
            "Fysioterapien",
            "Kortere ventetid på telefonen",
            "Kan dere si hvor mange som står i kø?",
            story.SERVICE_DESK,
        )
    with stage.ago(2000):
        declined = _asked(
            stage,
            "Radiologisk avdeling",
            "Egen telefon til hver radiograf",
            "Vi er åtte om to telefoner.",
            story.SERVICE_DESK,
        )
        new = _asked(
            stage,
            "Barneavdelingen",
            "Melde sak med bilde",
            "Det hadde vært fint å sende bilde av feilen.",
            story.SERVICE_DESK,
        )
    with stage.ago(900):
        _decide(stage, done, Step.DONE, "Nå hører du hvor mange som står foran deg i køen. Takk for at du sa fra.")
        reason = "Avdelingen leier telefonene selv."
        _decide(
            stage,
            declined,
            Step.DECLINED,
            "Vi kan ikke kjøpe flere telefoner. Avdelingen din kan leie dem selv.",
            reason,
        )
    with stage.ago(700):
        move(improvement=new, by=stage.agent(), to=1)
        move(improvement=improvement, by=stage.agent(), to=1)
    return first


def _from_the_phone(stage: Stage) -> tuple[Ticket, Improvement]:
    words = "Kan vi få skrive ut fra mobilen når vi står hos pasienten?"
    by = stage.agent()
    with stage.ago(4200):
        asks = stage.employee("Intensiv")
        first = stage.case_of(asks, "Utskrift fra mobil", words)
        new = New(stage.desk, "Skriv ut fra mobilen", words, effort=Size.MEDIUM, gain=Size.LARGE)
        improvement = take_in(ticket=first, by=by, into=new, words=_to(asks, ON_THE_LIST))
    with stage.ago(3600):
        asks = stage.employee("Dialysen")
        ticket = stage.case_of(asks, "Skrive ut fra telefonen", "Vi løper til vaktrommet for hver utskrift.")
        take_in(ticket=ticket, by=by, into=improvement, words=_to(asks, ON_THE_LIST))
    with stage.ago(1800):
        caller = stage.rng.choice(stage.hospital.unmailed)
        heard = Heard("Ringte og ønsket seg utskrift fra mobilen.", caller.name)
        ticket = registration.register(
            by=by,
            channel=Channel.PHONE,
            subject="Utskrift fra mobilen",
            heard=heard,
            team=stage.desk,
            requesters=[caller],
        )
        answering.log_conversation(ticket=ticket, by=by, words="Sa at flere har ønsket det samme.", mailed=False)
        take_in(ticket=ticket, by=by, into=improvement, words=_to(caller, ON_THE_LIST))
    with stage.ago(600):
        words = "Utskrift fra mobilen er planlagt om tre uker. Du hører fra oss når det er klart."
        _decide(stage, improvement, Step.PLANNED, words)
        change(improvement=improvement, by=by, note="Leverandøren kommer uka før for å sette opp køene.")
    return first, improvement


def _asked(stage: Stage, place: str, title: str, words: str, team: str) -> Improvement:
    """Somebody asks for something, and it goes on a team's list."""
    asks = stage.employee(place)
    ticket = stage.case_of(asks, title, words)
    new = New(stage.hospital.teams[team], title, words)
    return take_in(ticket=ticket, by=stage.agent(), into=new, words=_to(asks, ON_THE_LIST))


def _decide(stage: Stage, improvement: Improvement, step: str, words: str, reason: str = "") -> None:
    planned = clock.local(clock.now()).date() + timedelta(weeks=3) if step == Step.PLANNED else None
    said = {one.language: words for one in behind(improvement)}
    take_step(improvement=improvement, by=stage.agent(), step=step, words=said, reason=reason, planned_for=planned)


def _to(person: Person, words: str) -> dict[str, str]:
    """The same words whatever language they have: the made-up hospital writes as its people do."""
    return {language: hello(person, words) for language in ("nb", "nn", "en")}
