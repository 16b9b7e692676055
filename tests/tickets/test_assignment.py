from __future__ import annotations

import pytest

from saksgang.access.actions import grant
from saksgang.access.queries import NotAllowed
from saksgang.access.roles import Role
from saksgang.catalogue.working_time import add_minutes
from saksgang.lib import clock
from saksgang.tickets.actions import assignment, waiting
from saksgang.tickets.kinds import NextStep, State
from saksgang.tickets.policies import Refused
from saksgang.tickets.states import DONE, OPEN
from tests.cast import SETUP
from tests.tickets.steps import assess, events_of, fresh, in_state, nothing_happens, one_event, soon


def test_taking_a_case_makes_one_the_assignee(cast):
    ticket = assess(cast, cast.case())
    with one_event(ticket, "ticket_taken", cast.kari) as found:
        assignment.take(ticket=ticket, by=cast.kari)
    ticket = fresh(ticket)
    assert (ticket.assignee, ticket.state, ticket.taken_at) == (cast.kari, State.IN_PROGRESS, clock.now())
    event = found["event"]
    assert (event.before["state"], event.after["state"]) == ("NEW", "IN_PROGRESS")
    assert (event.before["assignee_id"], event.after["assignee_id"]) == (None, cast.kari.pk)
    assert "subject" not in event.after


@pytest.mark.parametrize("state", sorted(OPEN))
def test_every_open_case_can_be_taken(cast, state):
    ticket = in_state(cast, state)
    assert assignment.take(ticket=ticket, by=cast.kari).state == State.IN_PROGRESS


@pytest.mark.parametrize("state", sorted(DONE))
@pytest.mark.parametrize("move", ["take", "put_back", "hand_over"])
def test_a_case_that_is_done_is_reopened_first(cast, state, move):
    ticket = in_state(cast, state)
    extra = {"team": cast.network, "reason": "Nettverk"} if move == "hand_over" else {}
    with nothing_happens(ticket), pytest.raises(Refused):
        getattr(assignment, move)(ticket=ticket, by=cast.kari, **extra)


def test_what_somebody_has_is_taken_over_only_when_asked_for(cast):
    ticket = in_state(cast, State.IN_PROGRESS)
    with nothing_happens(ticket), pytest.raises(Refused, match="Kari Nordmann"):
        assignment.take(ticket=ticket, by=cast.knut)
    with one_event(ticket, "ticket_taken", cast.knut):
        assignment.take(ticket=ticket, by=cast.knut, take_over=True)
    assert fresh(ticket).assignee == cast.knut


def test_of_two_who_take_the_same_case_the_second_is_told(cast):
    seen_by_both = cast.case()
    assignment.take(ticket=seen_by_both, by=cast.kari)
    with pytest.raises(Refused):
        assignment.take(ticket=seen_by_both, by=cast.knut)


def test_taking_ones_own_case_again_keeps_when_it_was_taken(cast):
    ticket = in_state(cast, State.IN_PROGRESS)
    with clock.at(soon(1)):
        assert assignment.take(ticket=ticket, by=cast.kari).taken_at == ticket.taken_at


@pytest.mark.parametrize("move", ["take", "put_back"])
def test_another_teams_agent_may_not(cast, move):
    ticket = in_state(cast, State.IN_PROGRESS)
    with nothing_happens(ticket), pytest.raises(NotAllowed):
        getattr(assignment, move)(ticket=ticket, by=cast.nils)


def test_an_agent_may_hand_over_any_teams_case_but_a_nurse_may_not(cast):
    ticket = cast.case()
    with nothing_happens(ticket), pytest.raises(NotAllowed):
        assignment.hand_over(ticket=ticket, by=cast.nora, team=cast.network, reason="Nett")
    assignment.hand_over(ticket=ticket, by=cast.nils, team=cast.network, reason="Det er nettet")


def test_a_dispatcher_works_in_every_team(cast):
    grant(by=SETUP, person=cast.dag, role=Role.DISPATCHER)
    assignment.take(ticket=cast.case(), by=cast.dag)
    assignment.take(ticket=cast.case(team=cast.network), by=cast.dag)


@pytest.mark.parametrize("state", sorted(OPEN - {State.NEW}))
def test_putting_back_leaves_the_case_in_its_place_in_the_queue(cast, state):
    ticket = in_state(cast, state)
    with one_event(ticket, "ticket_put_back", cast.kari) as found, clock.at(soon(1)):
        assignment.put_back(ticket=ticket, by=cast.kari, reason=" Må gå ")
    after = fresh(ticket)
    assert (after.state, after.assignee, after.last_assignee) == (State.NEW, None, cast.kari)
    assert after.received_at == ticket.received_at
    assert found["event"].reason == "Må gå"


def test_nobody_puts_back_what_nobody_has(cast):
    ticket = cast.case()
    with nothing_happens(ticket), pytest.raises(Refused):
        assignment.put_back(ticket=ticket, by=cast.kari)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_handing_over_makes_the_case_new_with_the_other_team(cast, state):
    ticket = in_state(cast, state)
    with one_event(ticket, "ticket_handed_over", cast.kari) as found:
        assignment.hand_over(ticket=ticket, by=cast.kari, team=cast.network, reason="Svitsjen er nede")
    after = fresh(ticket)
    assert (after.team, after.state, after.assignee) == (cast.network, State.NEW, None)
    assert after.received_at == ticket.received_at
    event = found["event"]
    assert event.reason == "Svitsjen er nede"
    assert (event.before["team_id"], event.after["team_id"]) == (cast.service_desk.pk, cast.network.pk)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_hand_over_says_why(cast, reason):
    ticket = cast.case()
    with nothing_happens(ticket), pytest.raises(Refused):
        assignment.hand_over(ticket=ticket, by=cast.kari, team=cast.network, reason=reason)


def test_a_case_is_not_handed_to_the_team_that_has_it(cast):
    ticket = cast.case()
    with nothing_happens(ticket), pytest.raises(Refused, match="Servicesenter"):
        assignment.hand_over(ticket=ticket, by=cast.kari, team=cast.service_desk, reason="Nett")


def test_a_case_that_was_not_assessed_is_to_be_assessed_anew_by_the_other_team(cast):
    ticket = cast.case()
    waiting.postpone(ticket=ticket, by=cast.kari, until=soon(9), reason="Senere")
    with clock.at(soon(1)):
        assignment.hand_over(ticket=ticket, by=cast.kari, team=cast.network, reason="Nett")
        after = fresh(ticket)
        from saksgang.catalogue.queries import hours_of

        wanted = add_minutes(clock.now(), 30, hours_of(cast.network.pk))
    assert (after.next_step, after.next_step_due_at) == (NextStep.ASSESS, wanted)


def test_who_lost_the_case_to_another_team_may_no_longer_work_on_it(cast):
    stale = cast.case()
    assignment.hand_over(ticket=stale, by=cast.kari, team=cast.network, reason="Nett")
    with pytest.raises(NotAllowed):
        assignment.take(ticket=fresh(stale), by=cast.kari)
    assert [event.kind for event in events_of(stale)] == ["ticket_registered", "ticket_handed_over"]


def test_the_permission_is_asked_of_the_case_as_it_is_now_not_as_the_page_showed_it(cast):
    shown = cast.case()
    assignment.hand_over(ticket=fresh(shown), by=cast.kari, team=cast.network, reason="Nett")
    assert shown.team == cast.service_desk
    with nothing_happens(shown), pytest.raises(NotAllowed):
        assignment.take(ticket=shown, by=cast.kari)
    assignment.take(ticket=shown, by=cast.nils)


@pytest.mark.parametrize("state", [State.NEW, State.IN_PROGRESS])
def test_a_hand_over_is_undone_as_long_as_nothing_else_has_happened(cast, state):
    ticket = in_state(cast, state)
    before = (ticket.team_id, ticket.assignee_id, ticket.state)
    assignment.hand_over(ticket=ticket, by=cast.kari, team=cast.network, reason="Nett")
    with one_event(ticket, "ticket_handed_back", cast.kari):
        assignment.hand_back(ticket=ticket, by=cast.kari)
    after = fresh(ticket)
    assert (after.team_id, after.assignee_id, after.state) == before


def test_a_hand_over_is_not_undone_by_another_nor_after_something_else(cast):
    ticket = cast.case()
    assignment.hand_over(ticket=ticket, by=cast.kari, team=cast.network, reason="Nett")
    with nothing_happens(ticket), pytest.raises(Refused):
        assignment.hand_back(ticket=ticket, by=cast.knut)
    assignment.take(ticket=ticket, by=cast.nils)
    with nothing_happens(ticket), pytest.raises(Refused):
        assignment.hand_back(ticket=ticket, by=cast.kari)
