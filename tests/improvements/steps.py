"""Short ways to an improvement in a certain step, and to what its requesters were told."""

from __future__ import annotations

from datetime import date, timedelta

from saksgang.improvements.actions.steps import take_step
from saksgang.improvements.actions.taking_in import New, take_in
from saksgang.improvements.kinds import Step
from saksgang.improvements.models import Improvement, ImprovementStep, ImprovementWord
from saksgang.lib import clock
from saksgang.people.actions import add_person
from saksgang.people.models import Person
from saksgang.people.queries import address_of
from saksgang.tickets.actions.answering import log_conversation
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.kinds import MessageKind
from saksgang.tickets.models import Call, MessageRecipient, Ticket
from tests.cast import SETUP, Cast

TAKEN_IN = {"nb": "Ønsket ditt står på lista.", "nn": "Ønsket ditt står på lista vår.", "en": "It is on our list."}
PLANNED = {"nb": "Det er planlagt.", "nn": "Det er planlagd.", "en": "It is planned."}
DONE = {"nb": "Det er gjort nå.", "nn": "Det er gjort no.", "en": "It is done now."}
DECLINED = {"nb": "Det blir ikke noe av.", "nn": "Det blir ikkje noko av.", "en": "We will not do it."}
SAID = {Step.TAKEN_IN: TAKEN_IN, Step.PLANNED: PLANNED, Step.DONE: DONE, Step.DECLINED: DECLINED}


def nynorsk(cast: Cast, name: str = "Torunn Haugen") -> Person:
    """Somebody who has chosen nynorsk."""
    address = f"{name.split(maxsplit=1)[0].lower()}@sykehus.example"
    return add_person(by=SETUP, name=name, addresses=(address,), language="nn", department=cast.ward)


def made(cast: Cast, ticket: Ticket | None = None, *, by: Person | None = None, **facts) -> Improvement:
    """Kari makes an improvement of a case of Nora's, on the list of the service desk."""
    new = New(**({"team": cast.service_desk, "title": "Skriv ut fra mobilen"} | facts))
    return take_in(ticket=ticket or cast.case(), by=by or cast.kari, into=new, words=TAKEN_IN)


def joins(cast: Cast, improvement: Improvement, person: Person, *, words=None, by: Person | None = None) -> Ticket:
    """A case of this person's comes to stand behind it."""
    told = words or SAID[Step(Improvement.objects.get(pk=improvement.pk).step)]
    ticket = cast.case(
        requesters=[person], heard=Heard("Jeg ønsker meg også dette, takk.", person.name), mailbox=cast.ikt
    )
    if not address_of(person):
        log_conversation(ticket=ticket, by=cast.kari, words="Vi ser på det.")
    take_in(ticket=ticket, by=by or cast.kari, into=improvement, words=told)
    return ticket


def step_to(cast: Cast, improvement: Improvement, step: str, *, by: Person | None = None, **facts) -> ImprovementStep:
    known = {
        "words": SAID[Step(step)],
        "reason": "Det er bestemt.",
        "planned_for": soon() if step == Step.PLANNED else None,
    }
    return take_step(improvement=improvement, by=by or cast.kari, step=step, **(known | facts))


def soon(days: int = 30) -> date:
    return clock.local(clock.now()).date() + timedelta(days=days)


def told(person: Person) -> list[str]:
    """What went to this person of it, in order of time."""
    kinds = (MessageKind.STATUS, MessageKind.CLOSING, MessageKind.ANSWER)
    rows = MessageRecipient.objects.filter(person=person, message__kind__in=kinds, message__taken_back_at__isnull=True)
    return list(rows.order_by("message_id").values_list("message__text", flat=True))


def not_told(improvement: Improvement) -> list[tuple[str, str]]:
    """(step, name) of those who must be phoned still."""
    words = ImprovementWord.objects.filter(step__improvement=improvement).order_by("id")
    left = {(one.message_id, one.person_id) for one in Call.objects.filter(done_at__isnull=True)}
    rows = words.values_list("message_id", "person_id", "step__step", "person__name")
    return [(step, name) for message, person, step, name in rows if (message, person) in left]


def ranks(cast: Cast) -> list[int]:
    rows = Improvement.objects.filter(team=cast.service_desk, rank__isnull=False)
    return list(rows.order_by("rank").values_list("rank", flat=True))
