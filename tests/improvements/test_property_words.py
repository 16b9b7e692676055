"""Random cases, joins and steps, in any order: nobody is told twice of one step, and nobody is left out of one."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from saksgang.access.queries import NotAllowed
from saksgang.events.models import Event
from saksgang.improvements.actions.changing import change
from saksgang.improvements.actions.leaving import take_out
from saksgang.improvements.actions.ranking import move
from saksgang.improvements.actions.steps import take_step
from saksgang.improvements.actions.taking_in import New, take_in
from saksgang.improvements.kinds import OPEN, Step
from saksgang.improvements.models import Improvement, ImprovementCase, ImprovementStep, ImprovementWord
from saksgang.improvements.queries import numbers_of_requesters
from saksgang.lib import clock
from saksgang.people.queries import address_of
from saksgang.tickets.actions.answering import log_conversation
from saksgang.tickets.actions.facts import include_requester
from saksgang.tickets.actions.reopening import reopen
from saksgang.tickets.actions.restriction import restrict
from saksgang.tickets.actions.ties.merging import merge, undo_merge
from saksgang.tickets.kinds import MessageKind
from saksgang.tickets.models import Call, Message, MessageRecipient, Ticket, TicketMerge, TicketRequester
from saksgang.tickets.policies import Refused
from tests.cast import Cast
from tests.improvements.steps import nynorsk
from tests.tickets.steps import WEDNESDAY

pytestmark = pytest.mark.django_db


class World:
    def __init__(self, cast: Cast, chance: Random) -> None:
        self.cast, self.chance, self.said = cast, chance, 0
        self.people = [cast.nora, cast.dag, cast.phone_only, nynorsk(cast)]
        self.behind: dict[int, set[int]] = {}  # step → who stood behind it when it was taken

    def pick(self, *choices):
        return self.chance.choice(choices)

    @property
    def agent(self):
        return self.pick(self.cast.kari, self.cast.kari, self.cast.knut, self.cast.nils, self.cast.nora)

    @property
    def improvement(self) -> Improvement:
        return self.pick(*Improvement.objects.order_by("id"))

    @property
    def case(self) -> ImprovementCase:
        cases = list(ImprovementCase.objects.order_by("id"))
        if not cases:
            raise Refused("there is no case left")
        return self.pick(*cases)

    @property
    def words(self) -> dict[str, str]:
        """Other words each time, so that a word tells which step it was of."""
        self.said += 1
        return self.pick({}, *[{language: f"Ord {self.said} {language}" for language in ("nb", "nn", "en")}] * 9)


def new_case(w: World) -> Ticket:
    people = w.chance.sample(w.people, w.pick(1, 1, 2))
    ticket = w.cast.case(requesters=people)
    if not all(address_of(one) for one in people) and w.pick(True, True, False):
        log_conversation(ticket=ticket, by=w.cast.kari, words="Vi ser på det.", to=[w.cast.phone_only.pk])
    if w.pick(True, False, False, False, False):
        restrict(ticket=ticket, by=w.cast.kari, readers=[], reason="Personalsak")
    return ticket


def take_new(w: World) -> None:
    team = w.pick(w.cast.service_desk, w.cast.network, w.cast.triage)
    take_in(ticket=new_case(w), by=w.agent, into=New(team, "Ønske"), words=w.words)


def join(w: World) -> None:
    take_in(ticket=new_case(w), by=w.agent, into=w.improvement, words=w.words)


def join_again(w: World) -> None:
    """A case that stands behind one already is opened again, and put on some list once more."""
    case = w.case
    reopen(ticket=case.ticket, by=w.cast.kari, reason="Spør igjen")
    take_in(ticket=case.ticket, by=w.cast.kari, into=w.pick(case.improvement, w.improvement), words=w.words)


def leave(w: World) -> None:
    case = w.case
    if w.pick(True, False):
        reopen(ticket=case.ticket, by=w.cast.kari, reason="Noe annet")
    take_out(ticket=case.ticket, by=w.agent, reason="Noe annet")


def merge_one(w: World) -> None:
    """A case behind one is opened again and goes into another case, which may have asked for it as well."""
    case = w.case
    if not case.ticket.open:
        reopen(ticket=case.ticket, by=w.cast.kari, reason="Samme sak")
    into = w.pick(new_case(w), w.case.ticket)
    if not into.open and into.pk != case.ticket_id:
        reopen(ticket=into, by=w.cast.kari, reason="Samme sak")
    merge(ticket=case.ticket, into=into, by=w.cast.kari)


def undo_one(w: World) -> None:
    undo_merge(ticket=w.case.ticket, by=w.cast.kari)


def homes_of(improvement: Improvement) -> set[int]:
    """Where its cases live on, one step at a time."""
    found = set()
    for pk in improvement.cases.values_list("ticket_id", flat=True):
        home = pk
        while gone := TicketMerge.objects.filter(ticket=home, undone_at__isnull=True).first():
            home = gone.into_id
        found.add(home)
    return found


def one_more_requester(w: World) -> None:
    case = w.case
    include_requester(ticket=case.ticket, person=w.pick(*w.people), by=w.cast.kari)


def decide(w: World) -> None:
    improvement = w.improvement
    planned = w.pick(None, clock.local(clock.now()).date() + timedelta(days=w.pick(-1, 3, 40)))
    step = w.pick(*Step)
    taken = take_step(
        improvement=improvement, by=w.agent, step=step, words=w.words, reason=w.pick("Fordi", ""),
        planned_for=planned if step == Step.PLANNED else None,
    )  # fmt: skip
    asked = TicketRequester.objects.filter(ticket__in=homes_of(improvement))
    w.behind[taken.pk] = set(asked.values_list("person_id", flat=True))


ACTIONS = {
    "take_new": take_new, "join": join, "join_again": join_again, "leave": leave, "decide": decide,
    "decide_more": decide, "one_more_requester": one_more_requester,
    "merge": merge_one, "undo_merge": undo_one,
    "move": lambda w: move(improvement=w.improvement, by=w.agent, to=w.pick(0, 1, 2, 5)),
    "change": lambda w: change(improvement=w.improvement, by=w.agent, team=w.pick(w.cast.network, w.cast.service_desk)),
}  # fmt: skip


def check_what_must_hold(w: World) -> None:
    for improvement in Improvement.objects.all():
        assert (improvement.rank is not None) == (improvement.step in OPEN)
        assert improvement.steps.latest("pk").step == improvement.step
        asked = TicketRequester.objects.filter(ticket__in=homes_of(improvement)).values("person_id").distinct().count()
        assert numbers_of_requesters([improvement], w.cast.liv).get(improvement.pk, 0) == asked
    for team in (w.cast.service_desk, w.cast.network):
        places = Improvement.objects.filter(team=team, rank__isnull=False).order_by("rank")
        assert list(places.values_list("rank", flat=True)) == list(range(1, places.count() + 1))
    for word in ImprovementWord.objects.select_related("person"):
        mails = MessageRecipient.objects.filter(message=word.message_id, person=word.person).count()
        calls = Call.objects.filter(message=word.message_id, person=word.person).count()
        assert (mails, calls) == ((1, 0) if address_of(word.person) else (0, 1)), "by a mail that they get, or a call"
    for step, persons in w.behind.items():
        assert persons <= set(ImprovementWord.objects.filter(step=step).values_list("person_id", flat=True))
    sent = Message.objects.filter(kind=MessageKind.STATUS)
    got = Counter(MessageRecipient.objects.filter(message__in=sent).values_list("person_id", "message__text"))
    got += Counter(Call.objects.filter(message__in=sent).values_list("person_id", "message__text"))
    assert set(got.values()) <= {1}, "each step has its own words, and nobody got them twice"


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    chance=st.randoms(use_true_random=False), names=st.lists(st.sampled_from(sorted(ACTIONS)), min_size=8, max_size=25)
)
def test_whatever_is_decided_in_whatever_order(cast, chance, names):
    with transaction.atomic(), clock.at(WEDNESDAY):
        world = World(cast, chance)
        take_in(ticket=cast.case(), by=cast.kari, into=New(cast.service_desk, "Første"), words={"nb": "Ord"})
        for name in names:
            before = (Event.objects.latest("id").pk, Message.objects.count(), ImprovementStep.objects.count())
            try:
                with transaction.atomic():
                    ACTIONS[name](world)
            except (Refused, NotAllowed):
                after = (Event.objects.latest("id").pk, Message.objects.count(), ImprovementStep.objects.count())
                assert after == before
            check_what_must_hold(world)
        transaction.set_rollback(True)
