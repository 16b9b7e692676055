"""When things must happen, and what must happen next. Pure: hours and targets come in as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from saksgang.catalogue.defaults import Target
from saksgang.catalogue.working_time import Hours, add_days, add_minutes, minutes_between
from saksgang.tickets.kinds import NextStep, State

ASSESS_MINUTES = 30
FURTHEST_DAYS = 10  # a next step lies at most so many working days ahead
FURTHEST_PLANNED_DAYS = 60
STATUS_DAYS = 10  # an order without word
CALL_MINUTES = 240  # half a day's work: what was written is news today still
CALL_SOON_MINUTES = 60  # of priority 1 and 2, where the target for an answer is an hour or two
REMINDER_DAYS = (4, 9)  # working days after which a requester who was asked is reminded
CLOSING_DAYS = 14
REOPEN_DAYS = 30
LONGEST_PAUSE_DAYS = 10


@dataclass(frozen=True)
class Due:
    taken: datetime
    answered: datetime
    solved: datetime


def after(start: datetime, target: Target, hours: Hours) -> datetime:
    """The moment a target falls due."""
    if target.minutes is not None:
        return add_minutes(start, target.minutes, hours)
    return add_days(start, target.days or 0, hours)


def targets_from(
    start: datetime, targets: dict[str, Target], hours: Hours, paused_minutes: int, promised_by: datetime | None
) -> Due:
    """All three targets of a case received at `start`. Waiting for the requester moves the last one only."""
    solved = after(start, targets["solved"], hours)
    if paused_minutes:
        solved = add_minutes(solved, paused_minutes, hours)
    return Due(
        taken=after(start, targets["taken"], hours),
        answered=after(start, targets["answered"], hours),
        solved=promised_by or solved,
    )


@dataclass(frozen=True)
class Step:
    step: str
    due_at: datetime


@dataclass(frozen=True)
class Facts:
    """What decides the next step."""

    state: str
    assessed: bool
    is_order: bool
    promised_by: datetime | None
    state_since: datetime
    team_since: datetime  # when the case came to its team; receipt, unless it was handed over
    answer_owed_since: datetime | None
    wait_until: datetime | None
    set_step: Step | None  # put first by an action, such as «call again»
    last_word_at: datetime | None = None  # when the requesters last heard from us
    clarify_due_at: datetime | None = None  # of a question that the triage team has
    at_triage: bool = False  # and the case went there with it


def next_step(facts: Facts, due: Due | None, targets: dict[str, Target] | None, hours: Hours) -> Step:
    """The earliest thing that must happen. `due` and `targets` are None until the case is assessed."""
    if facts.set_step and facts.set_step.step == NextStep.CONFIRM_SENDER:
        return facts.set_step  # whoever wrote may be the one that is waited for
    if facts.clarify_due_at is None:
        return _own_step(facts, due, targets, hours)
    clarify = Step(NextStep.CLARIFY, facts.clarify_due_at)
    if facts.at_triage and not (facts.set_step or facts.wait_until):
        return clarify  # nobody takes or assesses it until it is decided
    return min(clarify, _own_step(facts, due, targets, hours), key=lambda step: step.due_at)


def or_call(step: Step, call_due_at: datetime | None) -> Step:
    """The call to somebody whom no mail reaches, where that comes first. Who wrote is confirmed before anything."""
    if call_due_at is None or step.step == NextStep.CONFIRM_SENDER or step.due_at <= call_due_at:
        return step
    return Step(NextStep.CALL, call_due_at)


def _own_step(facts: Facts, due: Due | None, targets: dict[str, Target] | None, hours: Hours) -> Step:
    """What must happen, whatever the triage team is asked."""
    if facts.wait_until:
        return Step(NextStep.START if facts.state == State.PLANNED else NextStep.FOLLOW_UP, facts.wait_until)
    if facts.set_step:
        return facts.set_step
    if not facts.assessed or due is None or targets is None:
        return Step(NextStep.ASSESS, add_minutes(facts.team_since, ASSESS_MINUTES, hours))
    return min(_work_steps(facts, due, targets, hours), key=lambda step: step.due_at)


def _work_steps(facts: Facts, due: Due, targets: dict[str, Target], hours: Hours) -> list[Step]:
    if facts.state == State.NEW:
        # Handed over from one queue to another, it is the new team's to take from then on.
        waits_since = max(facts.state_since, facts.team_since)
        return [Step(NextStep.TAKE, after(waits_since, targets["taken"], hours))]
    steps = []
    if facts.answer_owed_since:
        steps.append(Step(NextStep.ANSWER, after(facts.answer_owed_since, targets["answered"], hours)))
    elif facts.is_order and facts.promised_by is None:
        return [Step(NextStep.SET_DATE, due.answered)]
    steps.append(Step(NextStep.SOLVE, due.solved))
    if facts.is_order and facts.promised_by and facts.last_word_at:
        steps.append(Step(NextStep.GIVE_STATUS, add_days(facts.last_word_at, STATUS_DAYS, hours)))
    return steps


def call_minutes(priority: int | None) -> int:
    """Within how many working minutes somebody is phoned who cannot get the mail."""
    return CALL_SOON_MINUTES if priority in (1, 2) else CALL_MINUTES


def pause_minutes(start: datetime, end: datetime, hours: Hours) -> int:
    """Working minutes that a wait for the requester moves the solving target; ten working days at most."""
    return int(minutes_between(start, min(end, add_days(start, LONGEST_PAUSE_DAYS, hours)), hours))


def furthest(state: str, is_order: bool, now: datetime, hours: Hours) -> datetime:
    """The latest that a person may set a next step to."""
    far = state == State.PLANNED or is_order
    return add_days(now, FURTHEST_PLANNED_DAYS if far else FURTHEST_DAYS, hours)
