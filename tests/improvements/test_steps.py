"""Each step tells everybody behind it once, in their language; nobody else decides (clause E1)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from saksgang.access.actions import grant
from saksgang.access.queries import NotAllowed
from saksgang.access.roles import Role
from saksgang.events.models import Delivery, Event
from saksgang.improvements.actions.changing import change, redact
from saksgang.improvements.actions.steps import take_step
from saksgang.improvements.kinds import Step
from saksgang.improvements.models import Improvement, ImprovementStep, ImprovementWord
from saksgang.lib import clock
from saksgang.tickets.actions.restriction import restrict
from saksgang.tickets.actions.taking_back import can_take_back
from saksgang.tickets.kinds import CloseReason, MessageKind, State
from saksgang.tickets.models import Message
from saksgang.tickets.policies import Refused, Stale
from tests.cast import SETUP
from tests.improvements.steps import DECLINED, DONE, PLANNED, joins, made, not_told, nynorsk, ranks, soon, step_to, told
from tests.tickets.steps import events_of, fresh


@pytest.fixture
def wanted(cast):
    """Nora, Torunn who reads nynorsk, and Ragnhild who has no address."""
    improvement = made(cast)
    torunn = nynorsk(cast)
    joins(cast, improvement, torunn)
    joins(cast, improvement, cast.phone_only)
    return improvement, torunn


def test_planned_and_done_are_told_once_each_in_everybodys_language(cast, wanted):
    improvement, torunn = wanted
    step_to(cast, improvement, Step.PLANNED)
    step_to(cast, improvement, Step.DONE)
    assert told(cast.nora)[1:] == [PLANNED["nb"], DONE["nb"]]
    assert told(torunn)[1:] == [PLANNED["nn"], DONE["nn"]]
    assert not_told(improvement) == [(step, "Ragnhild Renhold") for step in (Step.TAKEN_IN, Step.PLANNED, Step.DONE)]
    for word in ImprovementWord.objects.filter(person=cast.nora, step__step=Step.DONE):
        assert (word.message.text, word.message.kind) == (DONE["nb"], MessageKind.STATUS)


def test_a_step_is_a_message_on_the_closed_case_with_its_promise_and_moves_nothing(cast):
    improvement = made(cast, ticket := cast.case())
    before = fresh(ticket)
    step_to(cast, improvement, Step.PLANNED)
    event = events_of(ticket)[-1]
    assert (event.kind, event.after["improvement_id"]) == ("status_sent", improvement.pk)
    assert Delivery.objects.filter(event=event, follower="outbound").exists(), "the promise"
    after = fresh(ticket)
    for name in ("state", "close_reason", "answers_owed", "next_step", "open", "queue_rank", "assignee_id"):
        assert getattr(after, name) == getattr(before, name), name
    assert not can_take_back(Message.objects.latest("id"), cast.kari)


def test_it_leaves_the_list_and_the_others_move_up(cast):
    first, second, third = made(cast), made(cast), made(cast)
    step_to(cast, second, Step.DECLINED)
    first.refresh_from_db()
    third.refresh_from_db()
    second.refresh_from_db()
    assert (first.rank, second.rank, third.rank) == (1, None, 2)
    assert (second.step, second.due_at) == (Step.DECLINED, None)
    step_to(cast, second, Step.TAKEN_IN)
    second.refresh_from_db()
    assert (second.rank, ranks(cast)) == (3, [1, 2, 3])
    assert second.due_at is not None
    assert told(cast.nora).count(DECLINED["nb"]) == 1


def test_a_date_is_moved_and_told(cast):
    improvement = made(cast)
    step_to(cast, improvement, Step.PLANNED)
    step_to(cast, improvement, Step.PLANNED, planned_for=soon(60), words={"nb": "Flyttet"})
    improvement.refresh_from_db()
    assert improvement.planned_for == soon(60)
    assert clock.local(improvement.due_at).date() == soon(60)
    assert told(cast.nora)[-2:] == [PLANNED["nb"], "Flyttet"]
    event = Event.objects.filter(kind="improvement_step_taken").latest("id")
    assert (event.before["planned_for"], event.after["planned_for"]) == (soon().isoformat(), soon(60).isoformat())


@pytest.mark.parametrize(
    ("step", "facts"),
    [
        (Step.PLANNED, {"planned_for": None}),
        (Step.PLANNED, {"planned_for": soon(-1)}),
        (Step.DECLINED, {"reason": " "}),
        (Step.DONE, {"words": {}}),
        (Step.DONE, {"words": {"nn": "Ferdig"}}),
        (Step.TAKEN_IN, {}),
    ],
)
def test_a_step_that_says_too_little_tells_nobody(cast, step, facts):
    improvement = made(cast)
    with pytest.raises(Refused):
        step_to(cast, improvement, step, **facts)
    assert improvement.steps.count() == 1
    assert len(told(cast.nora)) == 1


def test_what_somebody_else_decided_meanwhile_is_seen_first(cast):
    improvement = made(cast)
    seen = improvement.steps.get().pk
    step_to(cast, improvement, Step.PLANNED, seen=seen)
    with pytest.raises(Stale):
        step_to(cast, improvement, Step.DONE, seen=seen)


def test_who_decides(cast):
    improvement = made(cast)
    for person in (cast.nils, cast.nora, cast.trine):
        with pytest.raises(NotAllowed):
            step_to(cast, improvement, Step.PLANNED, by=person)
        with pytest.raises(NotAllowed):
            change(improvement=improvement, by=person, title="Nei")
        with pytest.raises(NotAllowed):
            redact(improvement=improvement, by=person, reason="Nei")
    grant(by=SETUP, person=cast.trine, role=Role.TRIAGE_MANAGER, team=cast.triage)
    trine = type(cast.trine).objects.get(pk=cast.trine.pk)
    step_to(cast, improvement, Step.PLANNED, by=trine)
    step_to(cast, improvement, Step.DONE, by=cast.liv)


def test_a_requester_of_a_case_that_was_restricted_since_is_told_too(cast):
    improvement = made(cast, ticket := cast.case())
    restrict(ticket=fresh(ticket), by=cast.kari, readers=[], reason="Personalsak")
    step_to(cast, improvement, Step.DONE)
    assert told(cast.nora)[-1] == DONE["nb"]
    assert (fresh(ticket).state, fresh(ticket).close_reason) == (State.CLOSED, CloseReason.BECAME_IMPROVEMENT)


def test_its_facts_are_changed_with_one_event_and_no_words_in_it(cast):
    improvement = made(cast)
    change(improvement=improvement, by=cast.knut, title="Skriv ut fra nettbrett", effort="LARGE", note="Dyrt")
    improvement.refresh_from_db()
    assert (improvement.title, improvement.folded) == ("Skriv ut fra nettbrett", "skriv ut fra nettbrett")
    event = Event.objects.latest("id")
    assert (event.kind, event.before, event.after) == (
        "improvement_changed", {"effort": "UNKNOWN"}, {"effort": "LARGE", "facts": ["title", "note"]},
    )  # fmt: skip
    change(improvement=improvement, by=cast.knut, title="Skriv ut fra nettbrett")
    assert Event.objects.latest("id") == event
    with pytest.raises(Refused):
        change(improvement=improvement, by=cast.knut, title=" ")


def test_it_goes_to_another_teams_list_last(cast):
    first, second, there = made(cast), made(cast), made(cast, team=cast.network)
    change(improvement=first, by=cast.kari, team=cast.network)
    for one in (first, second, there):
        one.refresh_from_db()
    assert (first.team, first.rank, second.rank, there.rank) == (cast.network, 2, 1, 1)
    with pytest.raises(Refused):
        change(improvement=second, by=cast.kari, team=cast.triage)


def test_its_words_can_be_removed_for_good(cast):
    improvement = made(cast, description="Pasient Ola på rom 3", title="Olas rom")
    step_to(cast, improvement, Step.DECLINED, reason="Ola vil ikke")
    redact(improvement=improvement, by=cast.kari, reason="Pasientopplysninger")
    improvement.refresh_from_db()
    assert "Ola" not in improvement.title + improvement.description + improvement.folded
    assert not ImprovementStep.objects.filter(reason__contains="Ola").exists()
    assert not Event.objects.filter(reason__contains="Ola").exists()
    with pytest.raises(Refused):
        redact(improvement=improvement, by=cast.kari, reason=" ")


def test_the_database_keeps_one_word_for_each_requester_of_a_step(cast):
    made(cast)
    word = ImprovementWord.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ImprovementWord.objects.create(step=word.step, person=word.person, message=word.message)
    assert Improvement.objects.get().made_at <= clock.now() + timedelta(seconds=1)


def test_a_step_that_falls_out_half_way_tells_nobody(cast, monkeypatch):
    improvement = made(cast)
    joins(cast, improvement, cast.dag)
    from saksgang.improvements.actions import telling

    plain, calls = telling.send_status, []

    def breaks(**facts):
        calls.append(facts)
        if len(calls) == 2:
            raise RuntimeError("the power went")
        return plain(**facts)

    monkeypatch.setattr(telling, "send_status", breaks)
    with pytest.raises(RuntimeError), transaction.atomic():
        take_step(improvement=improvement, by=cast.kari, step=Step.DONE, words=DONE)
    assert improvement.steps.count() == 1
    assert DONE["nb"] not in told(cast.nora) + told(cast.dag)
