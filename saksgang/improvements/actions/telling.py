"""The word to requesters, shared by every step: each of them once, in their language.

A row of ImprovementWord is the promise. It is written in the transaction of the step, with the message on the requester's own case:
it goes by mail, and makes a call to whoever has no address (tickets/actions/telling/calling.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from typing import NamedTuple

from django.utils.translation import gettext as _

from saksgang.improvements.models import Improvement, ImprovementStep, ImprovementWord
from saksgang.people.models import Person
from saksgang.tickets.actions.status import send_status
from saksgang.tickets.languages import languages_of
from saksgang.tickets.merges import homes
from saksgang.tickets.models import Message, Ticket, TicketRequester
from saksgang.tickets.policies import Refused


class Reader(NamedTuple):
    """A requester, the case on which they hear, and their language."""

    ticket: Ticket
    person: Person
    language: str


def readers_of(tickets: Iterable[int]) -> list[Reader]:
    """The requesters of these cases, each once: on the first of their cases."""
    rows = TicketRequester.objects.filter(ticket__in=list(tickets)).select_related("ticket", "person")
    firsts = {row.person_id: row for row in reversed(rows.order_by("ticket_id", "id"))}
    languages = languages_of(firsts.values())
    found = [Reader(row.ticket, row.person, languages[row.ticket_id, row.person_id]) for row in firsts.values()]
    return sorted(found, key=lambda one: (one.ticket.pk, one.language, one.person.pk))


def cases_of(improvement: Improvement) -> list[int]:
    """The numbers of the cases on which its requesters hear of it, lowest first: what was merged lives on in another one."""
    cases = improvement.cases.select_related("ticket")
    return sorted(set(homes(one.ticket for one in cases).values()))


def behind(improvement: Improvement) -> list[Reader]:
    """Everybody who asked for it."""
    return readers_of(cases_of(improvement))


def check_words(readers: Collection[Reader], words: Mapping[str, str]) -> None:
    """Raises Refused when somebody would be told nothing."""
    if any(not words.get(one.language, "").strip() for one in readers):
        raise Refused(
            _("The requesters are told in the same step. Write what to tell them, in each of their languages.")
        )


def tell_all(step: ImprovementStep, readers: Collection[Reader], words: Mapping[str, str], *, by: Person) -> None:
    """Tells each of the readers of the step, once, whatever was told before."""
    told = set(ImprovementWord.objects.filter(step=step).values_list("person_id", flat=True))
    left = [one for one in readers if one.person.pk not in told]
    about = {"improvement_id": step.improvement_id, "improvement_step": step.step}
    for (_number, language), group in groupby(left, key=lambda one: (one.ticket.pk, one.language)):
        together = list(group)
        to, ticket = [one.person.pk for one in together], together[0].ticket
        message = send_status(ticket=ticket, by=by, words=words[language], to=to, about=about)
        promise(step, together, message)


def promise(step: ImprovementStep, readers: Iterable[Reader], message: Message) -> None:
    """Writes down that the message tells them of the step."""
    for one in readers:
        ImprovementWord.objects.get_or_create(step=step, person=one.person, defaults={"message": message})
