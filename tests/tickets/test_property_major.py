"""Random joins, take-outs, updates, later joins and solutions: everybody is told each thing once, and gets back what they had."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from saksgang.people.actions import add_person
from saksgang.tickets.actions import assessment, resolution
from saksgang.tickets.actions.major import incident
from saksgang.tickets.actions.major.membership import LENT, join, leave
from saksgang.tickets.actions.restriction import restrict
from saksgang.tickets.kinds import MessageKind, State
from saksgang.tickets.models import Call, MajorIncident, MajorMember, MessageRecipient, Ticket
from saksgang.tickets.policies import Refused
from tests.cast import SETUP, Cast
from tests.tickets.steps import fresh, reply

pytestmark = pytest.mark.django_db
MENDED = "Feilen er rettet, og alle skal komme inn igjen."


class World:
    def __init__(self, cast: Cast, chance: Random) -> None:
        self.cast, self.chance = cast, chance
        facts = {"service": cast.dips, "impact": "departments", "consequence": "stops"}
        self.major = incident.start(by=cast.kari, title="Ingen får logget på", **facts)
        self.cases: list[int] = []
        self.said: list[tuple[str, set[int]]] = []  # each update, and the cases that hung there then
        self.had: dict[int, tuple[list, int]] = {}  # of each case in the fault: its facts before, and its claims
        for _nth in range(3):
            register(self)

    @property
    def ticket(self) -> Ticket:
        return Ticket.objects.get(pk=self.chance.choice(self.cases))

    def members(self) -> set[int]:
        return set(Ticket.objects.filter(major=self.major, open=1).values_list("pk", flat=True))


def facts_of(ticket: Ticket) -> list:
    return [getattr(ticket, name) for name in (*LENT, "assessed_at")]


def claims(ticket: Ticket) -> int:
    return ticket.requesters.filter(answer_owed_since__isnull=False).count()


def register(w: World) -> None:
    nth = len(w.cases)
    addresses = () if w.chance.random() < 0.2 else (f"ansatt{nth}@sykehus.example",)
    w.cases.append(w.cast.case(requesters=[add_person(by=SETUP, name=f"Ansatt {nth}", addresses=addresses)]).pk)


def tie(w: World) -> None:
    ticket = w.ticket
    before = facts_of(ticket), claims(ticket)
    join(ticket=ticket, by=w.cast.kari, major=w.major)
    w.had[ticket.pk] = before
    assert claims(fresh(ticket)) == before[1]


def untie(w: World) -> None:
    ticket = w.ticket
    lent, owed = ticket.facts_lent, claims(ticket)
    leave(ticket=ticket, by=w.cast.kari)
    if lent:
        assert facts_of(fresh(ticket)) == w.had[ticket.pk][0]
    assert claims(fresh(ticket)) == owed


def say(w: World) -> None:
    words = f"Oppdatering {len(w.said)}."
    members = w.members()
    incident.update(major=w.major, by=w.cast.kari, words=words)
    w.said.append((words, members))


def assess(w: World) -> None:
    facts = {"service": w.cast.printing, "impact": "individuals", "consequence": "nuisance"}
    assessment.assess(ticket=w.ticket, by=w.cast.kari, type="INCIDENT", **facts)


def shield(w: World) -> None:
    restrict(ticket=w.ticket, by=w.cast.kari, readers=[], reason="Personalsak")


def write(w: World) -> None:
    ticket = w.ticket
    reply(w.cast, ticket, person=ticket.requesters.get().person)


ACTIONS = {
    "register": register, "tie": tie, "tie_too": tie, "untie": untie, "say": say, "assess": assess, "shield": shield,
    "write": write, "resolve": lambda w: resolution.resolve(ticket=w.ticket, by=w.cast.kari, words="Rettet for deg."),
    "solve": lambda w: incident.solve(major=w.major, by=w.cast.kari, words=MENDED),
}  # fmt: skip


def check(w: World) -> None:
    mailed = Counter(
        MessageRecipient.objects.filter(message__kind=MessageKind.STATUS).values_list(
            "message__ticket", "message__text"
        )
    )
    phoned = Counter(
        Call.objects.filter(message__kind=MessageKind.STATUS).values_list("message__ticket", "message__text")
    )
    told = mailed + phoned
    assert not [key for key, times in told.items() if times > 1], "nobody is told the same twice"
    for words, members in w.said:
        assert members <= {pk for pk, text in told if text == words}, "whoever hung there is told"
    if w.said:
        newest = w.said[-1][0]
        assert w.members() <= {pk for pk, text in told if text == newest}, "and so is whoever came later"
    for ticket in Ticket.objects.filter(pk__in=w.cases):
        assert ticket.major_id is None or not ticket.restricted
        assert ticket.open or ticket.answers_owed == 0
        assert not ticket.open or (ticket.next_step and ticket.next_step_due_at and ticket.team_id)
        inside = MajorMember.objects.filter(ticket=ticket, left_at__isnull=True).values_list("major", flat=True)
        assert list(inside) == ([ticket.major_id] if ticket.major_id else [])
    if MajorIncident.objects.get().state == "SOLVED":
        solved = Ticket.objects.filter(state=State.RESOLVED, resolution=MENDED)
        assert all(one.messages.filter(kind=MessageKind.SOLUTION, text=MENDED).exists() for one in solved)


@settings(
    max_examples=12, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    seed=st.integers(0, 2**32),
    names=st.lists(st.sampled_from([*ACTIONS][:-1]), min_size=10, max_size=25),
    end=st.booleans(),
)
def test_everybody_is_told_once_and_has_back_what_they_had(cast, seed, names, end):
    with transaction.atomic():
        world = World(cast, Random(seed))
        for name in [*names, *(["solve"] if end else [])]:
            try:
                with transaction.atomic():
                    ACTIONS[name](world)
            except Refused:
                continue
            check(world)
        transaction.set_rollback(True)
