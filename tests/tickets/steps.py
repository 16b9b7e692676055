"""Short ways to a case in a certain state, and to what was written down about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from saksgang.catalogue import actions as catalogue
from saksgang.catalogue.kinds import TicketType
from saksgang.catalogue.models import Category
from saksgang.events.actions import Robot
from saksgang.events.models import Event
from saksgang.lib import clock
from saksgang.lib.clock import OSLO
from saksgang.people.models import Person
from saksgang.tickets.actions import arrivals, assessment, assignment, closure, resolution, waiting
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.kinds import State
from saksgang.tickets.models import Message, Ticket, TicketRequester
from tests.cast import SETUP, Cast

WEDNESDAY = datetime(2026, 3, 11, 10, 0, tzinfo=OSLO)
SOLUTION = "Vi låste opp kontoen, og Nora logget på."
MAIL = Robot("mail")
CLOCK = Robot("clock")


def soon(days: int = 2) -> datetime:
    return clock.now() + timedelta(days=days)


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def assess(cast: Cast, ticket: Ticket, *, by: Person | None = None, **answers) -> Ticket:
    """Assessed by Kari as an ordinary incident of one user: priority 4."""
    facts = {
        "type": TicketType.INCIDENT,
        "service": cast.printing,
        "impact": "individuals",
        "consequence": "stops",
    }
    return assessment.assess(ticket=ticket, by=by or cast.kari, **(facts | answers))


def kind_of_case(cast: Cast, name: str = "Glemt passord", **facts) -> Category:
    """«Glemt passord» to DIPS, which demands that we know who asks; or as `facts` say."""
    known = {"service": cast.dips, "type": TicketType.SERVICE_REQUEST, "demands_proof": True}
    return catalogue.add_category(by=SETUP, name=name, **(known | facts))


def assess_as(cast: Cast, ticket: Ticket, category: Category, **answers) -> Ticket:
    """Assessed by Kari as this kind of case, with its type and service."""
    facts = {"type": category.type, "service": category.service, "category": category, "consequence": None}
    return assess(cast, ticket, **(facts | answers))


def in_state(cast: Cast, state: str, **changes) -> Ticket:
    """An assessed case of Nora's that Kari brought into `state`."""
    ticket = assess(cast, cast.case(**changes))
    kari = cast.kari
    if state == State.IN_PROGRESS:
        assignment.take(ticket=ticket, by=kari)
    elif state == State.WAITING_REQUESTER:
        waiting.wait_for_requester(ticket=ticket, by=kari, words="Hvilken skriver?", until=soon())
    elif state == State.WAITING_THIRD_PARTY:
        waiting.wait_for_third_party(
            ticket=ticket, by=kari, words="Leverandøren har den.", until=soon(), waiting_for="Leverandøren"
        )
    elif state == State.PLANNED:
        waiting.plan(ticket=ticket, by=kari, words="Vi kommer fredag.", until=soon(), reason="Ny skriver fredag")
    elif state == State.RESOLVED:
        resolution.resolve(ticket=ticket, by=kari, words=SOLUTION)
    elif state == State.CLOSED:
        resolution.resolve(ticket=ticket, by=kari, words=SOLUTION)
        with clock.at(clock.now() + timedelta(days=15)):
            closure.close_after_window(ticket=ticket, by=CLOCK)
    found = fresh(ticket)
    assert found.state == state
    return found


def reply(
    cast: Cast, ticket: Ticket, *, person: Person | None = None, words: str = "Det virker fortsatt ikke.", **how
) -> Message:
    """A mail of Nora's (or `person`'s) that joins the case."""
    who = person or cast.nora
    return arrivals.receive(
        ticket=ticket, by=MAIL, heard=Heard(words, who.name), person=who, received_at=clock.now(), **how
    )


def owed(ticket: Ticket) -> set[str]:
    """Names of those who are owed an answer."""
    rows = TicketRequester.objects.filter(ticket=ticket, answer_owed_since__isnull=False)
    return set(rows.values_list("person__name", flat=True))


def events_of(ticket: Ticket) -> list[Event]:
    return list(Event.objects.filter(ticket_id=ticket.pk).order_by("id"))


@contextmanager
def one_event(ticket: Ticket, kind: str, by: Person | Robot | None = None) -> Iterator[dict]:
    """Inside the block the case gets exactly one event, of this kind and by this actor. Yields {"event": …} afterwards."""
    before = len(events_of(ticket))
    found: dict = {}
    yield found
    new = events_of(ticket)[before:]
    assert [event.kind for event in new] == [kind]
    found["event"] = new[0]
    if isinstance(by, Robot):
        assert (new[0].by_robot, new[0].by_person_id) == (by.name, None)
    elif by is not None:
        assert (new[0].by_robot, new[0].by_person_id) == ("", by.pk)


@contextmanager
def nothing_happens(ticket: Ticket) -> Iterator[None]:
    """The case, its messages, its debts and its events are the same after the block."""

    def picture():
        return (
            Ticket.objects.filter(pk=ticket.pk).values().get(),
            list(TicketRequester.objects.filter(ticket=ticket).order_by("id").values()),
            list(Message.objects.filter(ticket=ticket).order_by("id").values()),
            [event.pk for event in events_of(ticket)],
        )

    before = picture()
    yield
    assert picture() == before
