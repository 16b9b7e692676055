from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from saksgang.access.queries import NotAllowed
from saksgang.lib import clock
from saksgang.lib.clock import OSLO
from saksgang.tickets.actions import answering, waiting
from saksgang.tickets.kinds import NextStep, State
from saksgang.tickets.models import Message
from saksgang.tickets.policies import Refused
from saksgang.tickets.states import DONE, OPEN, PAUSED
from tests.tickets.steps import CLOCK, assess, fresh, in_state, nothing_happens, one_event, owed, reply, soon

TEN_WORKING_DAYS = datetime(2026, 3, 25, 10, 0, tzinfo=OSLO)
SIXTY_WORKING_DAYS = datetime(2026, 6, 11, 10, 0, tzinfo=OSLO)  # over Easter, 1 and 14 May, and Whitsun


def ask(cast, ticket, **how):
    facts = {"ticket": ticket, "by": cast.kari, "words": "Hvilken skriver?", "until": soon()}
    return waiting.wait_for_requester(**(facts | how))


def refer(cast, ticket, **how):
    facts = {
        "ticket": ticket,
        "by": cast.kari,
        "words": "Leverandøren har den",
        "until": soon(),
        "waiting_for": "DIPS AS",
    }
    return waiting.wait_for_third_party(**(facts | how))


def plan(cast, ticket, **how):
    facts = {"ticket": ticket, "by": cast.kari, "words": "Vi kommer", "until": soon(), "reason": "Delen kommer da"}
    return waiting.plan(**(facts | how))


WAYS = {
    "wait_for_requester": (ask, State.WAITING_REQUESTER, "ticket_waits_for_requester", NextStep.FOLLOW_UP),
    "wait_for_third_party": (refer, State.WAITING_THIRD_PARTY, "ticket_waits_for_third_party", NextStep.FOLLOW_UP),
    "plan": (plan, State.PLANNED, "ticket_planned", NextStep.START),
}


@pytest.mark.parametrize("way", WAYS)
def test_waiting_tells_the_requester_and_leaves_the_queue(cast, way):
    wait, state, kind, step = WAYS[way]
    ticket = assess(cast, cast.case())
    with one_event(ticket, kind, cast.kari) as found:
        wait(cast, ticket)
    after = fresh(ticket)
    assert (after.state, after.wait_until, after.queue_rank, after.open) == (state, soon(), None, 1)
    assert (after.next_step, after.next_step_due_at) == (step, soon())
    assert (after.assignee, owed(ticket)) == (cast.kari, set())
    message = Message.objects.get(pk=found["event"].after["message_id"])
    assert message.recipients.filter(person=cast.nora).exists()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("state", sorted(OPEN))
def test_every_open_case_can_wait(cast, way, state):
    wait, wanted, _kind, _step = WAYS[way]
    assert wait(cast, in_state(cast, state)).state == wanted


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("state", sorted(DONE))
def test_what_is_done_does_not_wait(cast, way, state):
    ticket = in_state(cast, state)
    with nothing_happens(ticket), pytest.raises(Refused):
        WAYS[way][0](cast, ticket)


@pytest.mark.parametrize("way", WAYS)
def test_waiting_is_refused_without_a_word_or_a_sensible_time(cast, way):
    ticket = cast.case()
    for how in (
        {"words": " "},
        {"until": clock.now()},
        {"until": clock.now() - timedelta(days=1)},
        {"until": soon(400)},
    ):
        with nothing_happens(ticket), pytest.raises(Refused):
            WAYS[way][0](cast, ticket, **how)


def test_one_says_whom_a_case_waits_for_and_why_it_is_planned(cast):
    ticket = cast.case()
    with nothing_happens(ticket), pytest.raises(Refused):
        refer(cast, ticket, waiting_for=" ")
    with nothing_happens(ticket), pytest.raises(Refused):
        plan(cast, ticket, reason=" ")


@pytest.mark.parametrize("way", WAYS)
def test_another_teams_agent_may_not_let_it_wait(cast, way):
    ticket = cast.case()
    with nothing_happens(ticket), pytest.raises(NotAllowed):
        WAYS[way][0](cast, ticket, by=cast.nils)


@pytest.mark.parametrize("way", WAYS)
def test_nobody_waits_in_silence_for_somebody_without_an_address(cast, way):
    ticket = cast.case(requesters=[cast.phone_only])
    WAYS[way][0](cast, ticket)
    waits = fresh(ticket)
    assert (waits.next_step, waits.answers_owed) == (NextStep.CALL, 1)
    assert waits.next_step_due_at < waits.wait_until


@pytest.mark.parametrize(
    ("way", "latest"),
    [
        ("wait_for_requester", TEN_WORKING_DAYS),
        ("wait_for_third_party", TEN_WORKING_DAYS),
        ("plan", SIXTY_WORKING_DAYS),
    ],
)
def test_how_far_ahead_one_may_wait(cast, way, latest):
    with pytest.raises(Refused):
        WAYS[way][0](cast, cast.case(), until=latest + timedelta(minutes=1))
    WAYS[way][0](cast, cast.case(), until=latest)


def test_a_new_question_moves_the_wait_even_where_the_old_one_was_postponed(cast):
    ticket = ask(cast, cast.case())
    waiting.postpone(ticket=ticket, by=cast.kari, until=soon(5), reason="Ferie")
    ask(cast, ticket, until=soon(7))
    after = fresh(ticket)
    assert (after.wait_until, after.next_step_due_at) == (soon(7), soon(7))


# Pauses.


def test_waiting_for_the_requester_stops_the_solving_clock_only(cast):
    ticket = assess(cast, cast.case())
    ask(cast, ticket, until=soon(2))
    with clock.at(soon(1)):
        reply(cast, ticket)
    after = fresh(ticket)
    assert (after.paused_minutes, after.pause_count, after.paused_since) == (450, 1, None)
    assert after.solve_due_at - ticket.solve_due_at == timedelta(days=1)
    assert (after.take_due_at, after.answer_due_at) == (ticket.take_due_at, ticket.answer_due_at)


@pytest.mark.parametrize("way", ["wait_for_third_party", "plan"])
def test_every_other_wait_runs_on(cast, way):
    ticket = assess(cast, cast.case())
    WAYS[way][0](cast, ticket)
    with clock.at(soon(1)):
        reply(cast, ticket)
    after = fresh(ticket)
    assert (after.paused_minutes, after.pause_count, after.solve_due_at) == (0, 0, ticket.solve_due_at)


def test_pauses_are_counted_and_add_up(cast):
    ticket = assess(cast, cast.case())
    for _ in range(2):
        ask(cast, ticket, until=soon(2))
        with clock.at(clock.now() + timedelta(hours=1)):
            reply(cast, ticket)
    after = fresh(ticket)
    assert (after.paused_minutes, after.pause_count) == (120, 2)


def test_a_pause_ends_when_the_case_waits_for_others_instead(cast):
    ticket = ask(cast, assess(cast, cast.case()))
    with clock.at(soon(1)):
        refer(cast, ticket, until=soon(3))
    after = fresh(ticket)
    assert (after.paused_minutes, after.paused_since) == (450, None)


# Postponing.


def test_postponing_is_counted_and_told(cast):
    ticket = in_state(cast, State.IN_PROGRESS)
    for times in (1, 2, 3):
        with one_event(ticket, "next_step_postponed", cast.kari) as found:
            waiting.postpone(ticket=ticket, by=cast.kari, until=soon(times), reason=" Syk ")
        after = fresh(ticket)
        assert (after.postponed_count, after.next_step_due_at) == (times, soon(times))
        assert (found["event"].reason, found["event"].after["postponed_count"]) == ("Syk", times)
    assert (after.state, after.queue_rank) == (State.IN_PROGRESS, 40)  # the queue's order is never moved by it


@pytest.mark.parametrize("state", sorted(OPEN))
def test_any_open_cases_next_step_can_be_moved(cast, state):
    ticket = in_state(cast, state)
    after = waiting.postpone(ticket=ticket, by=cast.kari, until=soon(5), reason="Syk")
    assert fresh(after).next_step_due_at == soon(5)
    assert fresh(after).wait_until == (soon(5) if state in PAUSED else None)


@pytest.mark.parametrize("state", sorted(DONE))
def test_what_is_done_is_not_postponed(cast, state):
    ticket = in_state(cast, state)
    with nothing_happens(ticket), pytest.raises(Refused):
        waiting.postpone(ticket=ticket, by=cast.kari, until=soon(), reason="Syk")


def test_postponing_says_why_and_stays_with_the_team(cast):
    ticket = cast.case()
    with nothing_happens(ticket), pytest.raises(Refused):
        waiting.postpone(ticket=ticket, by=cast.kari, until=soon(), reason=" ")
    with nothing_happens(ticket), pytest.raises(NotAllowed):
        waiting.postpone(ticket=ticket, by=cast.nils, until=soon(), reason="Syk")


@pytest.mark.parametrize(
    ("state", "type", "latest"),
    [
        (State.IN_PROGRESS, "INCIDENT", TEN_WORKING_DAYS),
        (State.WAITING_REQUESTER, "INCIDENT", TEN_WORKING_DAYS),
        (State.PLANNED, "INCIDENT", SIXTY_WORKING_DAYS),
        (State.IN_PROGRESS, "ORDER", SIXTY_WORKING_DAYS),
    ],
)
def test_how_far_ahead_one_may_postpone(cast, state, type, latest):
    ticket = in_state(cast, state)
    assess(cast, ticket, type=type)
    for until in (latest + timedelta(minutes=1), clock.now(), clock.now() - timedelta(days=1)):
        with nothing_happens(ticket), pytest.raises(Refused):
            waiting.postpone(ticket=ticket, by=cast.kari, until=until, reason="Syk")
    waiting.postpone(ticket=ticket, by=cast.kari, until=latest, reason="Syk")


def test_a_postponement_belongs_to_the_step_it_was_given_for(cast):
    ticket = in_state(cast, State.IN_PROGRESS)
    waiting.postpone(ticket=ticket, by=cast.kari, until=soon(8), reason="Syk")
    answering.answer(ticket=ticket, by=cast.kari, words="Hei")
    after = fresh(ticket)
    assert (after.next_step, after.next_step_due_at) == (NextStep.SOLVE, after.solve_due_at)


def test_a_message_from_outside_is_followed_up_soon_even_where_a_follow_up_was_postponed(cast):
    ticket = in_state(cast, State.WAITING_THIRD_PARTY)
    waiting.resume(ticket=ticket, by=cast.kari)
    waiting.postpone(ticket=ticket, by=cast.kari, until=soon(9), reason="Syk")
    reply(cast, ticket, person=cast.dag)
    after = fresh(ticket)
    assert (after.next_step, after.next_step_due_at) == (NextStep.FOLLOW_UP, clock.now() + timedelta(hours=2))


# Resuming, and dates promised.


@pytest.mark.parametrize("state", sorted(PAUSED))
def test_a_wait_that_is_over_comes_back_to_be_followed_up(cast, state):
    ticket = in_state(cast, state)
    with clock.at(soon(2)), one_event(ticket, "ticket_resumed", CLOCK):
        waiting.resume(ticket=ticket, by=CLOCK)
        after = fresh(ticket)
        assert (after.state, after.assignee, after.wait_until) == (State.IN_PROGRESS, cast.kari, None)
        assert (after.next_step, after.next_step_due_at) == (NextStep.FOLLOW_UP, clock.now() + timedelta(hours=2))
        assert after.queue_rank is not None


def test_a_wait_that_was_postponed_and_is_over_has_its_two_hours_as_well(cast):
    ticket = in_state(cast, State.WAITING_REQUESTER)
    waiting.postpone(ticket=ticket, by=cast.kari, until=soon(5), reason="Ferie")
    with clock.at(soon(5)):
        waiting.resume(ticket=ticket, by=CLOCK)
    assert fresh(ticket).next_step_due_at > soon(5)


@pytest.mark.parametrize("state", sorted(set(State) - PAUSED))
def test_only_what_waits_is_resumed(cast, state):
    ticket = in_state(cast, state)
    with nothing_happens(ticket), pytest.raises(Refused):
        waiting.resume(ticket=ticket, by=CLOCK)


def test_another_teams_agent_may_not_end_the_wait(cast):
    ticket = in_state(cast, State.PLANNED)
    with nothing_happens(ticket), pytest.raises(NotAllowed):
        waiting.resume(ticket=ticket, by=cast.nils)
    with nothing_happens(ticket), pytest.raises(NotAllowed):
        waiting.resume(ticket=ticket, by=cast.nora)


def test_a_promised_date_is_told_and_becomes_the_target(cast):
    ticket = assess(cast, cast.case(), type="ORDER", consequence=None)
    with one_event(ticket, "date_promised", cast.kari) as found:
        waiting.promise(ticket=ticket, by=cast.kari, promised_by=soon(20), words="Den kommer 31. mars")
    after = fresh(ticket)
    assert (after.promised_by, after.solve_due_at, owed(ticket)) == (soon(20), soon(20), set())
    assert Message.objects.get(pk=found["event"].after["message_id"]).recipients.exists()
    with clock.at(soon(1)), one_event(ticket, "date_promised"):
        waiting.promise(ticket=ticket, by=cast.kari, promised_by=soon(30), words="Den er forsinket")


def test_an_answered_order_without_a_date_asks_for_one(cast):
    ticket = assess(cast, cast.case(), type="ORDER", consequence=None)
    answering.answer(ticket=ticket, by=cast.kari, words="Vi bestiller den")
    assert fresh(ticket).next_step == NextStep.SET_DATE
    waiting.promise(ticket=ticket, by=cast.kari, promised_by=soon(20), words="Den kommer 31. mars")
    assert fresh(ticket).next_step == NextStep.GIVE_STATUS, "ten working days without word come first"
    waiting.promise(ticket=ticket, by=cast.kari, promised_by=soon(5), words="Den kommer alt 10. mars")
    assert fresh(ticket).next_step == NextStep.SOLVE


def test_a_date_is_not_promised_in_silence_in_the_past_or_by_others(cast):
    ticket = in_state(cast, State.IN_PROGRESS)
    promise = {"ticket": ticket, "by": cast.kari, "promised_by": soon(), "words": "Fredag"}
    for change, error in (
        ({"words": " "}, Refused),
        ({"promised_by": clock.now()}, Refused),
        ({"promised_by": soon(400)}, Refused),
        ({"by": cast.nils}, NotAllowed),
    ):
        with nothing_happens(ticket), pytest.raises(error):
            waiting.promise(**(promise | change))
