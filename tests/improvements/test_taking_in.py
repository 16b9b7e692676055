"""A case becomes an improvement, in one action with the word to its requesters (clause E1)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.access.actions import grant
from saksgang.access.queries import NotAllowed
from saksgang.access.roles import Role
from saksgang.catalogue.queries import hours_of
from saksgang.catalogue.working_time import add_days
from saksgang.events.models import Event
from saksgang.improvements.actions.leaving import take_back_message, take_out
from saksgang.improvements.actions.taking_in import New, decide_in_triage, take_in
from saksgang.improvements.kinds import Step
from saksgang.improvements.models import Improvement, ImprovementCase, ImprovementWord
from saksgang.lib import clock
from saksgang.tickets.actions.answering import log_conversation
from saksgang.tickets.actions.clarification import ask
from saksgang.tickets.actions.closure import close, undo_closing
from saksgang.tickets.actions.ending import Parts
from saksgang.tickets.actions.reopening import reopen
from saksgang.tickets.actions.restriction import restrict
from saksgang.tickets.actions.ties.sub_cases import open_sub_case
from saksgang.tickets.kinds import CloseReason, Decision, MessageKind, State
from saksgang.tickets.models import Message, Ticket
from saksgang.tickets.policies import Refused
from tests.cast import SETUP
from tests.improvements.steps import DONE, PLANNED, TAKEN_IN, joins, made, not_told, nynorsk, ranks, step_to, told
from tests.tickets.steps import events_of, fresh, nothing_happens, one_event, owed


def test_the_case_is_closed_the_requester_told_and_the_improvement_last_on_the_list(cast):
    first, ticket = made(cast), cast.case(subject="Utskrift fra mobil")
    with one_event(ticket, "ticket_closed", cast.kari) as found:
        improvement = made(cast, ticket, title="  Skriv ut\nfra mobilen ", effort="SMALL", gain="LARGE")
    ticket = fresh(ticket)
    assert (ticket.state, ticket.close_reason, owed(ticket)) == (State.CLOSED, CloseReason.BECAME_IMPROVEMENT, set())
    assert found["event"].after["improvement_id"] == improvement.pk
    assert told(cast.nora)[-1] == TAKEN_IN["nb"]
    assert (improvement.title, improvement.step, improvement.made_by) == (
        "Skriv ut fra mobilen",
        Step.TAKEN_IN,
        cast.kari,
    )
    assert (first.rank, improvement.rank) == (1, 2)
    assert improvement.due_at == add_days(improvement.made_at, 10, hours_of(cast.service_desk.pk))
    word = ImprovementWord.objects.get(step__improvement=improvement)
    assert (word.person, word.message.ticket) == (cast.nora, ticket)
    assert word.message.kind == MessageKind.CLOSING
    made_events = Event.objects.filter(subject_kind="improvement", subject_id=improvement.pk)
    assert list(made_events.values_list("kind", flat=True)) == ["improvement_made"]


def test_a_second_case_joins_and_is_told_where_it_stands(cast):
    improvement = made(cast)
    step_to(cast, improvement, Step.PLANNED)
    ticket = joins(cast, improvement, cast.dag)
    assert told(cast.dag) == [PLANNED["nb"]]
    assert ImprovementCase.objects.filter(improvement=improvement).count() == 2
    word = ImprovementWord.objects.get(person=cast.dag)
    assert (word.step.step, word.message.ticket) == (Step.PLANNED, ticket)
    assert fresh(ticket).close_reason == CloseReason.BECAME_IMPROVEMENT


def test_requesters_of_one_case_are_each_told_in_their_language(cast):
    torunn = nynorsk(cast)
    ticket = cast.case(requesters=[cast.nora, torunn])
    made(cast, ticket)
    assert (told(cast.nora), told(torunn)) == ([TAKEN_IN["nb"]], [TAKEN_IN["nn"]])
    assert owed(ticket) == set()
    with nothing_happens(other := cast.case(requesters=[torunn])), pytest.raises(Refused, match="hvert av språkene"):
        take_in(ticket=other, by=cast.kari, into=New(cast.network, "Nett"), words={"nb": "Hei"})


def test_it_goes_on_the_list_of_another_team_too_and_never_on_traktas(cast):
    assert made(cast, team=cast.network).team == cast.network
    with nothing_happens(ticket := cast.case()), pytest.raises(Refused, match="Velg team"):
        made(cast, ticket, team=cast.triage)


@pytest.mark.parametrize("said", [{"title": " "}, {"words": {}}, {"words": {"nb": " "}}])
def test_it_says_what_and_tells_the_requester(cast, said):
    facts = {"team": cast.service_desk, "title": "Skriv ut"} | {
        key: value for key, value in said.items() if key == "title"
    }
    with nothing_happens(ticket := cast.case()), pytest.raises(Refused):
        take_in(ticket=ticket, by=cast.kari, into=New(**facts), words=said.get("words", TAKEN_IN))
    assert not Improvement.objects.exists()


def test_only_who_works_the_case_may(cast):
    with nothing_happens(ticket := cast.case()), pytest.raises(NotAllowed):
        made(cast, ticket, by=cast.nils)
    assert not Improvement.objects.exists()


def test_a_restricted_case_joins_none(cast):
    improvement, ticket = made(cast), cast.case()
    restrict(ticket=ticket, by=cast.kari, readers=[], reason="Personalsak")
    for into in (improvement, New(cast.service_desk, "Annet")):
        with nothing_happens(ticket), pytest.raises(Refused, match="skjermet"):
            take_in(ticket=ticket, by=cast.kari, into=into, words=TAKEN_IN)
    assert Improvement.objects.count() == 1


def test_there_is_no_other_way_to_close_a_case_as_an_improvement(cast):
    with nothing_happens(ticket := cast.case()), pytest.raises(Refused, match="forbedring"):
        close(ticket=ticket, by=cast.kari, reason=CloseReason.BECAME_IMPROVEMENT, words="Hei")


def test_what_is_over_takes_no_case(cast):
    improvement = made(cast)
    step_to(cast, improvement, Step.DONE)
    with pytest.raises(Refused, match="opp igjen"):
        joins(cast, improvement, cast.dag)
    assert told(cast.dag) == []


def test_who_has_no_address_is_phoned_and_not_told_before(cast):
    ticket = cast.case(requesters=[cast.phone_only], mailbox=None)
    with nothing_happens(ticket), pytest.raises(Refused, match="Ring"):
        made(cast, ticket)
    log_conversation(ticket=ticket, by=cast.kari, words="Vi ser på det.")
    improvement = made(cast, ticket)
    assert not_told(improvement) == [(Step.TAKEN_IN, "Ragnhild Renhold")]
    assert fresh(ticket).state == State.CLOSED
    log_conversation(ticket=fresh(ticket), by=cast.kari, words="Hun vet at det står på lista.", mailed=False)
    assert not_told(improvement) == []
    assert fresh(ticket).state == State.CLOSED
    with pytest.raises(Refused):
        undo_closing(ticket=fresh(ticket), by=cast.kari)


def test_what_becomes_of_open_sub_cases_is_said(cast):
    ticket = cast.case()
    part = open_sub_case(ticket=ticket, by=cast.kari, team=cast.network, subject="Måle nettet", words="Kan dere måle?")
    with nothing_happens(ticket), pytest.raises(Refused):
        made(cast, ticket)
    new = New(cast.service_desk, "Bedre nett")
    take_in(ticket=ticket, by=cast.kari, into=new, words=TAKEN_IN, sub_cases=Parts.CLOSE)
    assert (fresh(ticket).open, fresh(part).open) == (0, 0)


# Trakta.


def test_trakta_decides_it_and_whoever_asked_has_the_reason(cast):
    grant(by=SETUP, person=cast.trine, role=Role.TRIAGE_MANAGER, team=cast.triage)
    ticket = cast.case()
    asked = ask(ticket=ticket, by=cast.kari, question="Skal vi det?", words="Vi spør.")
    improvement = decide_in_triage(
        clarification=asked, by=cast.trine, reason="Ja, på sikt", into=New(cast.network, "Bedre nett"), words=TAKEN_IN
    )
    asked.refresh_from_db()
    ticket = fresh(ticket)
    assert (asked.decision, ticket.close_reason, ticket.close_note) == (
        Decision.IMPROVEMENT, CloseReason.BECAME_IMPROVEMENT, "Ja, på sikt",
    )  # fmt: skip
    assert [event.kind for event in events_of(ticket)][-2:] == ["clarification_decided", "ticket_closed"]
    assert told(cast.nora)[-1] == TAKEN_IN["nb"]
    assert ImprovementCase.objects.get().improvement == improvement


def test_trakta_may_join_one_and_nobody_else_decides_it_so(cast):
    improvement = made(cast)
    asked = ask(ticket=cast.case(requesters=[cast.dag]), by=cast.kari, question="Skal vi det?", words="Vi spør.")
    with nothing_happens(asked.ticket), pytest.raises(NotAllowed):
        decide_in_triage(clarification=asked, by=cast.trine, reason="Ja", into=improvement, words=TAKEN_IN)
    grant(by=SETUP, person=cast.trine, role=Role.TRIAGE_MANAGER, team=cast.triage)
    trine = type(cast.trine).objects.get(pk=cast.trine.pk)
    decide_in_triage(clarification=asked, by=trine, reason="Ja", into=improvement, words=TAKEN_IN)
    assert improvement.cases.count() == 2


# Out again.


def test_taking_the_message_back_takes_the_case_out_and_what_was_made_with_it_off_the_list(cast, settings):
    settings.UNDO_SECONDS = 10
    other, ticket = made(cast), cast.case()
    made(cast, ticket, title="Feil sak")
    take_back_message(message=Message.objects.latest("id"), by=cast.kari)
    assert fresh(ticket).open == 1
    assert owed(ticket) == {"Nora Sykepleier"}
    assert list(Improvement.objects.all()) == [other]
    assert ranks(cast) == [1]
    third = joins(cast, other, cast.dag)
    take_back_message(message=Message.objects.latest("id"), by=cast.kari)
    assert fresh(third).open == 1
    assert other.cases.count() == 1
    assert not ImprovementWord.objects.filter(person=cast.dag).exists()


def test_a_case_that_is_opened_again_can_be_taken_out_and_joins_the_same_one_again(cast):
    improvement, other = made(cast, ticket := cast.case()), made(cast)
    with pytest.raises(Refused, match="lukket"):
        take_out(ticket=ticket, by=cast.kari, reason="Noe annet")
    reopen(ticket=fresh(ticket), by=cast.kari, reason="Hun spør igjen")
    with pytest.raises(Refused, match="allerede"):
        take_in(ticket=ticket, by=cast.kari, into=other, words=TAKEN_IN)
    take_in(ticket=ticket, by=cast.kari, into=improvement, words=TAKEN_IN)
    assert improvement.cases.count() == 1
    reopen(ticket=fresh(ticket), by=cast.kari, reason="Hun spør igjen")
    with pytest.raises(NotAllowed):
        take_out(ticket=ticket, by=cast.nils, reason="Noe annet")
    take_out(ticket=ticket, by=cast.kari, reason="Noe annet")
    step_to(cast, improvement, Step.DONE)
    assert DONE["nb"] not in told(cast.nora)
    assert Ticket.objects.get(pk=ticket.pk).open == 1


def test_who_stands_behind_it_twice_has_one_word_of_the_step(cast):
    improvement = made(cast)
    joins(cast, improvement, cast.nora)
    assert ImprovementWord.objects.filter(person=cast.nora).count() == 1
    with clock.at(clock.now() + timedelta(minutes=1)):
        step_to(cast, improvement, Step.DONE)
    assert told(cast.nora).count(DONE["nb"]) == 1
