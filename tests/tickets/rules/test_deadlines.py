from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from saksgang.catalogue.defaults import OFFICE_WEEK, TARGETS, Target
from saksgang.catalogue.working_time import Hours, minutes_between
from saksgang.lib.clock import OSLO
from saksgang.tickets.kinds import NextStep, State
from saksgang.tickets.rules import deadlines
from saksgang.tickets.rules.deadlines import Facts, Step, next_step, targets_from

pytestmark = pytest.mark.once

OFFICE = Hours(week=OFFICE_WEEK)
ROUND_THE_CLOCK = Hours(week=(), round_the_clock=True)


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=OSLO)


START = at("2026-03-11 10:00")
WORKED_ON = Facts(
    state=State.IN_PROGRESS,
    assessed=True,
    is_order=False,
    promised_by=None,
    state_since=START,
    team_since=START,
    answer_owed_since=START,
    wait_until=None,
    set_step=None,
)


def step(level: str = "3", **changes) -> Step:
    facts = replace(WORKED_ON, **changes)
    due = targets_from(START, TARGETS[level], OFFICE, 0, facts.promised_by) if facts.assessed else None
    return next_step(facts, due, TARGETS[level] if facts.assessed else None, OFFICE)


@pytest.mark.parametrize(
    ("level", "hours", "taken", "answered", "solved"),
    [
        ("1", ROUND_THE_CLOCK, "2026-03-11 10:15", "2026-03-11 10:30", "2026-03-11 14:00"),
        ("2", OFFICE, "2026-03-11 11:00", "2026-03-11 12:00", "2026-03-12 10:00"),
        ("3", OFFICE, "2026-03-11 14:00", "2026-03-12 10:00", "2026-03-16 10:00"),
        ("4", OFFICE, "2026-03-12 10:00", "2026-03-13 10:00", "2026-03-25 10:00"),
        ("order", OFFICE, "2026-03-12 10:00", "2026-03-13 10:00", "2026-03-25 10:00"),
    ],
)
def test_targets_of_each_level(level, hours, taken, answered, solved):
    due = targets_from(START, TARGETS[level], hours, 0, None)
    assert (due.taken, due.answered, due.solved) == (at(taken), at(answered), at(solved))


def test_priority_1_runs_around_the_clock_also_at_night():
    due = targets_from(at("2026-03-14 23:50"), TARGETS["1"], ROUND_THE_CLOCK, 0, None)
    assert due.taken == at("2026-03-15 00:05")


def test_pauses_move_the_solving_target_only():
    paused = targets_from(START, TARGETS["3"], OFFICE, 450, None)
    plain = targets_from(START, TARGETS["3"], OFFICE, 0, None)
    assert (paused.taken, paused.answered) == (plain.taken, plain.answered)
    assert paused.solved == at("2026-03-17 10:00")


def test_a_promised_date_is_the_solving_target():
    promised = at("2026-04-20 12:00")
    assert targets_from(START, TARGETS["order"], OFFICE, 0, promised).solved == promised


def test_a_case_that_nobody_assessed_is_to_be_assessed_within_30_working_minutes():
    assert step(assessed=False, state=State.NEW) == Step(NextStep.ASSESS, at("2026-03-11 10:30"))
    night = at("2026-03-11 22:00")
    assert step(assessed=False, state=State.NEW, team_since=night) == Step(NextStep.ASSESS, at("2026-03-12 08:30"))


def test_an_imported_case_has_targets_and_is_to_be_assessed_all_the_same():
    due = targets_from(START, TARGETS["3"], OFFICE, 0, None)
    imported = replace(WORKED_ON, assessed=False)
    assert next_step(imported, due, TARGETS["3"], OFFICE).step == NextStep.ASSESS


def test_a_new_case_is_to_be_taken():
    assert step(state=State.NEW) == Step(NextStep.TAKE, at("2026-03-11 14:00"))


def test_a_case_in_progress_is_to_be_answered_then_solved():
    assert step() == Step(NextStep.ANSWER, at("2026-03-12 10:00"))
    assert step(answer_owed_since=None) == Step(NextStep.SOLVE, at("2026-03-16 10:00"))


def test_solving_comes_first_where_it_is_due_before_the_answer():
    late_reply = at("2026-03-16 09:00")
    assert step(answer_owed_since=late_reply) == Step(NextStep.SOLVE, at("2026-03-16 10:00"))


def test_an_answered_order_without_a_date_is_to_get_one():
    assert step("order", is_order=True) == Step(NextStep.ANSWER, at("2026-03-13 10:00"))
    assert step("order", is_order=True, answer_owed_since=None) == Step(NextStep.SET_DATE, at("2026-03-13 10:00"))
    promised = at("2026-04-20 12:00")
    assert step("order", is_order=True, answer_owed_since=None, promised_by=promised) == Step(NextStep.SOLVE, promised)


@pytest.mark.parametrize("is_order", [True, False])
def test_whoever_ordered_hears_from_us_within_ten_working_days_until_the_promised_date(is_order):
    """Others are promised a date too, but are told nothing on the way."""
    promised, word = at("2026-04-20 12:00"), at("2026-03-12 09:00")
    status = Step(NextStep.GIVE_STATUS, at("2026-03-26 09:00"))
    solve = Step(NextStep.SOLVE, promised)
    level = "order" if is_order else "3"
    facts = {"is_order": is_order, "answer_owed_since": None, "promised_by": promised}
    assert step(level, **facts, last_word_at=word) == (status if is_order else solve)
    assert step(level, **facts, last_word_at=at("2026-04-13 09:00")) == solve
    assert step(level, **facts) == solve


def test_a_doubt_about_who_wrote_comes_before_what_the_case_waits_for():
    doubt = Step(NextStep.CONFIRM_SENDER, START)
    waits = {"state": State.WAITING_REQUESTER, "wait_until": at("2026-03-19 12:00")}
    assert step(set_step=doubt, **waits) == doubt


@pytest.mark.parametrize(
    ("state", "name"),
    [
        (State.WAITING_REQUESTER, NextStep.FOLLOW_UP),
        (State.WAITING_THIRD_PARTY, NextStep.FOLLOW_UP),
        (State.PLANNED, NextStep.START),
    ],
)
def test_a_waiting_case_is_followed_up_when_its_time_comes_whatever_else_is_set(state, name):
    until = at("2026-03-19 12:00")
    again = Step(NextStep.CALL_AGAIN, START)
    assert step(state=state, wait_until=until, set_step=again) == Step(name, until)


def test_what_an_action_put_first_comes_first():
    again = Step(NextStep.CALL_AGAIN, at("2026-03-18 10:00"))
    assert step(set_step=again) == again
    assert step(set_step=again, assessed=False, state=State.NEW) == again


def test_a_pause_counts_working_minutes():
    assert deadlines.pause_minutes(START, at("2026-03-12 10:00"), OFFICE) == 450


def test_a_pause_counts_ten_working_days_at_most():
    longest = deadlines.pause_minutes(START, at("2026-03-25 10:00"), OFFICE)
    assert longest == 10 * 450
    assert deadlines.pause_minutes(START, at("2026-06-01 10:00"), OFFICE) == longest
    assert minutes_between(START, at("2026-06-01 10:00"), OFFICE) > longest


@pytest.mark.parametrize(
    ("state", "is_order", "latest"),
    [
        (State.IN_PROGRESS, False, "2026-03-25 10:00"),
        (State.WAITING_REQUESTER, False, "2026-03-25 10:00"),
        (State.WAITING_THIRD_PARTY, False, "2026-03-25 10:00"),
        (State.PLANNED, False, "2026-06-03 10:00"),
        (State.IN_PROGRESS, True, "2026-06-03 10:00"),
    ],
)
def test_how_far_ahead_a_next_step_may_lie(state, is_order, latest):
    assert deadlines.furthest(state, is_order, START, OFFICE) == at(latest)


def test_after_takes_minutes_or_days():
    assert deadlines.after(START, TARGETS["3"]["taken"], OFFICE) == START + timedelta(hours=4)
    assert deadlines.after(START, TARGETS["3"]["solved"], OFFICE) == at("2026-03-16 10:00")


def test_a_target_of_no_days_falls_due_when_the_team_is_next_at_work():
    assert deadlines.after(START, Target(days=0), OFFICE) == START
    assert deadlines.after(at("2026-03-11 22:00"), Target(days=0), OFFICE) == at("2026-03-12 08:00")
