"""«Ring»: whoever no mail reaches is phoned (clause H2). Part of the actions that speak: they write the event.

A line stands on the team's list from the moment that a message is written until somebody has talked with the person. Only then
do they count as told, and is what they were owed given.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, QuerySet

from saksgang.catalogue.working_time import add_minutes
from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.tickets.actions.core import hours_for
from saksgang.tickets.kinds import CallOutcome
from saksgang.tickets.models import Call, Message, Ticket
from saksgang.tickets.rules.deadlines import call_minutes

CALL_AGAIN_MINUTES = 60
TRIES = 3  # before a line may be given up


def must_phone(ticket: Ticket, message: Message, persons: Iterable[Person]) -> None:
    """Nobody can mail these what the message says: somebody must say it."""
    due = add_minutes(clock.now(), call_minutes(ticket.priority), hours_for(ticket))
    Call.objects.bulk_create(Call(message=message, person=person, due_at=due) for person in persons)


def reached(ticket: Ticket, persons: Iterable[int], who: Person) -> None:
    """`who` talked with these (ids of persons): what they were to be told on this case is told, and asked."""
    told = waiting(ticket, persons).update(done_at=clock.now(), done_by=who, outcome=CallOutcome.REACHED)
    if told and ticket.paused_since:
        ticket.paused_since = clock.now()  # nobody waits for the answer to what was not asked yet


def try_again(ticket: Ticket, persons: Iterable[int] | None) -> bool:
    """Nobody took the phone: when to try next. `persons`: ids; None for everybody. False when none was to be phoned."""
    again = add_minutes(clock.now(), CALL_AGAIN_MINUTES, hours_for(ticket))
    return bool(waiting(ticket, persons).update(due_at=again, tries=F("tries") + 1))


def give_up(ticket: Ticket, persons: Iterable[int], who: Person) -> bool:
    """Nobody has taken the phone, however often: the lines go, and they do not count as told. False when it is too early for that."""
    often = waiting(ticket, persons).filter(tries__gte=TRIES)
    return bool(often.update(done_at=clock.now(), done_by=who, outcome=CallOutcome.GIVEN_UP))


def put_off(ticket: Ticket, until: datetime) -> None:
    """A person moved the next step, which was to phone."""
    waiting(ticket).filter(due_at__lt=until).update(due_at=until)


def unsaid(message: Message, who: Person) -> None:
    """The message was taken back before anybody was told."""
    left = Call.objects.filter(message=message, done_at__isnull=True)
    left.update(done_at=clock.now(), done_by=who, outcome=CallOutcome.WITHDRAWN)


def follow(ticket: Ticket, former: Person, person: Person) -> None:
    """The case is `person`'s now: they are the one to phone."""
    waiting(ticket, [former.pk]).update(person=person)


def waiting(ticket: Ticket, persons: Iterable[int] | None = None) -> QuerySet[Call]:
    """The calls that are left on the case, to these persons; None: to everybody."""
    left = Call.objects.filter(message__ticket=ticket, done_at__isnull=True)
    return left if persons is None else left.filter(person__in=list(persons))
