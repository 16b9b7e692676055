from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from saksgang.access.queries import NotAllowed
from saksgang.catalogue.kinds import TicketType
from saksgang.lib import clock
from saksgang.tickets.actions import assessment, assignment
from saksgang.tickets.kinds import Consequence, Impact, NextStep, State, Told
from saksgang.tickets.policies import Refused
from saksgang.tickets.states import DONE
from tests.tickets.steps import assess, fresh, in_state, nothing_happens, one_event, soon


def test_assessing_gives_priority_targets_and_next_step(cast):
    ticket = cast.case()
    assert (ticket.type, ticket.priority, ticket.queue_rank, ticket.next_step) == (None, None, 15, NextStep.ASSESS)
    with one_event(ticket, "ticket_assessed", cast.kari) as found:
        assess(cast, ticket, service=cast.dips)
    after = fresh(ticket)
    assert (after.priority, after.queue_rank, after.next_step) == (2, 20, NextStep.TAKE)
    assert (after.assessed_at, after.assessed_by) == (clock.now(), cast.kari)
    assert after.priority_steps == [["matrix", 2]]
    assert after.take_due_at < after.answer_due_at < after.solve_due_at
    told = found["event"]
    assert (told.before["priority"], told.after["priority"], told.after["type"]) == (None, 2, "INCIDENT")
    assert told.after["service_id"] == cast.dips.pk


def test_only_the_first_assessment_counts_as_when_it_was_assessed(cast):
    ticket = assess(cast, cast.case())
    with clock.at(soon(1)):
        assess(cast, ticket, by=cast.knut, service=cast.dips)
    after = fresh(ticket)
    assert (after.assessed_at, after.assessed_by, after.priority) == (ticket.assessed_at, cast.kari, 2)


def test_a_request_has_no_consequence(cast):
    ticket = assess(cast, cast.case(), type="SERVICE_REQUEST", consequence="nuisance")
    assert (ticket.consequence, ticket.priority) == (None, 4)


def test_dont_know_is_3(cast):
    assert assess(cast, cast.case(), service=None).priority == 3
    assert assess(cast, cast.case(), impact="unknown").priority == 3
    assert assess(cast, cast.case(), service=cast.dips, consequence="unknown").priority == 3


@pytest.mark.parametrize("note", ["", "   "])
def test_danger_asks_who_and_what(cast, note):
    ticket = cast.case()
    with nothing_happens(ticket), pytest.raises(Refused):
        assess(cast, ticket, danger=True, danger_note=note)


def test_danger_is_1_around_the_clock(cast):
    with clock.at(clock.now().replace(hour=22)):
        ticket = assess(cast, cast.case(), danger=True, danger_note="Pasienten på rom 4 får ikke hjelp")
        assert (ticket.priority, ticket.queue_rank) == (1, 10)
        assert ticket.take_due_at == clock.now() + timedelta(minutes=15)


def test_needed_before_the_ordinary_target_lifts_one_step(cast):
    assert assess(cast, cast.case(), needed_by=soon(1)).priority == 3
    assert assess(cast, cast.case(), needed_by=soon(60)).priority == 4


def test_an_orders_ordinary_target_is_that_of_orders(cast):
    """A target of ten working days: what is needed in a week is needed before it."""
    order = {"type": "ORDER", "service": cast.dips, "consequence": None}
    assert assess(cast, cast.case(), **order).priority == 3
    assert assess(cast, cast.case(), **order, needed_by=soon(7)).priority == 2
    assert assess(cast, cast.case(), **order, needed_by=soon(30)).priority == 3


def test_the_same_answers_give_the_same_priority_whatever_the_case_was_before(cast):
    answers = {"needed_by": soon(11)}
    plain = assess(cast, cast.case(), **answers)
    was_dangerous = assess(cast, cast.case(), danger=True, danger_note="Noen kan bli skadet")
    assert assess(cast, was_dangerous, **answers).priority == plain.priority


@pytest.mark.parametrize("state", sorted(DONE))
def test_what_a_case_was_solved_as_stays(cast, state):
    ticket = in_state(cast, state)
    with nothing_happens(ticket), pytest.raises(Refused):
        assess(cast, ticket, service=cast.dips)
    with nothing_happens(ticket), pytest.raises(Refused):
        assessment.override(ticket=ticket, by=cast.kari, value=1, reason="Haster")
    with nothing_happens(ticket), pytest.raises(Refused):
        assessment.drop_override(ticket=ticket, by=cast.kari)


def test_another_teams_agent_may_not_assess(cast):
    ticket = in_state(cast, State.NEW)
    for action in (
        lambda: assess(cast, ticket, by=cast.nils),
        lambda: assessment.override(ticket=ticket, by=cast.nils, value=1, reason="Haster"),
        lambda: assessment.drop_override(ticket=ticket, by=cast.nils),
    ):
        with nothing_happens(ticket), pytest.raises(NotAllowed):
            action()


def test_a_person_sets_the_priority_with_a_reason(cast):
    ticket = assess(cast, cast.case())
    with one_event(ticket, "priority_overridden", cast.knut) as found:
        assessment.override(ticket=ticket, by=cast.knut, value=2, reason=" Fagdagen ")
    after = fresh(ticket)
    assert (after.priority, after.override_priority, after.override_by) == (2, 2, cast.knut)
    assert (after.override_reason, found["event"].reason) == ("Fagdagen", "Fagdagen")
    assert (found["event"].before["priority"], found["event"].after["priority"]) == (4, 2)


def test_an_override_needs_a_reason_and_an_assessed_case(cast):
    ticket = assess(cast, cast.case())
    with nothing_happens(ticket), pytest.raises(Refused):
        assessment.override(ticket=ticket, by=cast.kari, value=2, reason=" ")
    ticket = cast.case()
    with nothing_happens(ticket), pytest.raises(Refused):
        assessment.override(ticket=ticket, by=cast.kari, value=2, reason="Haster")


def test_an_override_stays_when_its_inputs_change_but_asks(cast):
    ticket = assess(cast, cast.case())
    assessment.override(ticket=ticket, by=cast.kari, value=1, reason="Haster")
    assert not assess(cast, ticket).override_stale
    after = assess(cast, ticket, service=cast.dips)
    assert (after.priority, after.override_stale) == (1, True)
    assert not assessment.override(ticket=ticket, by=cast.kari, value=1, reason="Fortsatt").override_stale


def test_dropping_the_override_lets_the_computed_priority_count(cast):
    ticket = assess(cast, cast.case())
    assessment.override(ticket=ticket, by=cast.kari, value=1, reason="Haster")
    with one_event(ticket, "priority_override_dropped", cast.kari):
        assessment.drop_override(ticket=ticket, by=cast.kari)
    after = fresh(ticket)
    assert (after.priority, after.override_priority, after.override_by, after.override_reason) == (4, None, None, "")


def test_two_agents_with_the_same_answers_get_the_same_result_whatever_they_answer(cast):
    """All answers there are, on two cases that came at the same moment."""
    one, other = cast.case(), cast.case(requesters=[cast.dag])
    assignment.take(ticket=other, by=cast.knut)
    other = fresh(other)
    services = (cast.dips, cast.telephony, cast.printing, None)
    every = product(
        TicketType.values, services, Impact.values, [*Consequence.values, None], (None, soon(0), soon(9)), (True, False)
    )
    harms = [(None, None), (Told.NO, None), (Told.UNKNOWN, None), *((Told.YES, again) for again in Told.values)]
    seen = set()
    for answered, (harm, again) in product(every, harms):
        answers = assessment.Answers(*answered, patient_harm=harm, harm_again=again)
        told = [assessment.outlook(ticket=ticket, answers=answers) for ticket in (one, other)]
        assert told[0].priority == told[1].priority, answers
        assert told[0].priority_steps == told[1].priority_steps, answers
        seen.add(told[0].priority)
    assert seen == {1, 2, 3, 4}
