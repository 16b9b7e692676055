"""Whoever no mail reaches is phoned: told when somebody has talked with them, and shown as not told until then."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.access.actions import grant as grant_role
from saksgang.access.roles import Role
from saksgang.lib import clock
from saksgang.tickets import calls
from saksgang.tickets.actions import (
    answering,
    clarification,
    closure,
    facts,
    redaction,
    resolution,
    restriction,
    taking_back,
    waiting,
)
from saksgang.tickets.actions.messages import tell
from saksgang.tickets.kinds import CallOutcome, CloseReason, MessageKind, NextStep, State
from saksgang.tickets.models import Call, Message, TicketRequester
from saksgang.tickets.policies import Refused
from tests.cast import SETUP
from tests.tickets.steps import CLOCK, SOLUTION, assess, fresh, nothing_happens, owed, soon

pytestmark = pytest.mark.django_db
RAGNHILD = "Ragnhild Renhold"


def told_by_phone(cast, ticket, words="Vi avtalte fredag"):
    return answering.log_conversation(ticket=ticket, by=cast.kari, words=words, to=[cast.phone_only.pk], mailed=False)


def written_to(cast, **facts):
    """A case of hers, with an answer that nobody has said to her yet."""
    ticket = assess(cast, cast.case(requesters=[cast.phone_only]), **facts)
    answering.answer(ticket=ticket, by=cast.kari, words="Skriveren kommer i morgen.")
    return fresh(ticket)


def test_an_answer_makes_a_line_with_its_words(cast):
    ticket = written_to(cast)
    call = Call.objects.get()
    assert (call.person, call.message.ticket, call.message.text) == (
        cast.phone_only,
        ticket,
        "Skriveren kommer i morgen.",
    )
    assert (ticket.next_step, ticket.next_step_due_at) == (NextStep.CALL, call.due_at)


@pytest.mark.parametrize(("answers", "hours"), [({}, 4), ({"service": "dips", "impact": "departments"}, 1)])
def test_how_soon_she_is_phoned(cast, answers, hours):
    if answers:
        answers = answers | {"service": cast.dips}
    written_to(cast, **answers)
    assert Call.objects.get().due_at == clock.now() + timedelta(hours=hours)


def test_told_is_who_was_talked_with(cast):
    ticket = written_to(cast)
    assert owed(ticket) == {RAGNHILD}
    told_by_phone(cast, ticket)
    call = Call.objects.get()
    assert (call.outcome, call.done_by, owed(ticket)) == (CallOutcome.REACHED, cast.kari, set())
    assert fresh(ticket).next_step != NextStep.CALL


def test_the_other_way_to_hear_of_it_is_once_only(cast):
    ticket = cast.case(requesters=[cast.nora, cast.phone_only])
    message = answering.answer(ticket=ticket, by=cast.kari, words="Hei")
    assert [one.person for one in message.recipients.all()] == [cast.nora]
    assert [one.person for one in message.calls.all()] == [cast.phone_only]


def test_nobody_took_the_phone(cast):
    ticket = written_to(cast)
    answering.log_no_answer(ticket=ticket, by=cast.kari, to=[cast.phone_only.pk])
    call = Call.objects.get()
    assert (call.tries, call.done_at, call.due_at) == (1, None, clock.now() + timedelta(hours=1))
    assert (fresh(ticket).next_step_due_at, owed(ticket)) == (call.due_at, {RAGNHILD})


def test_a_colleague_of_another_team_moves_nothing(cast):
    ticket = written_to(cast)
    before = Call.objects.get().due_at
    answering.log_no_answer(ticket=ticket, by=cast.nils)
    answering.log_conversation(ticket=ticket, by=cast.nils, words="Traff henne i gangen", to=[cast.phone_only.pk])
    call = Call.objects.get()
    assert (call.done_at, call.due_at, owed(ticket)) == (None, before, {RAGNHILD})


def test_to_move_the_next_step_moves_the_call(cast):
    ticket = written_to(cast)
    waiting.postpone(ticket=ticket, by=cast.kari, until=soon(1), reason="Hun er på nattevakt")
    assert Call.objects.get().due_at == fresh(ticket).next_step_due_at == soon(1)


def test_the_wait_for_her_answer_begins_when_she_is_asked(cast):
    ticket = assess(cast, cast.case(requesters=[cast.phone_only]))
    waiting.wait_for_requester(ticket=ticket, by=cast.kari, words="Hvilken skriver?", until=soon(8))
    with pytest.raises(Refused):
        waiting.remind(ticket=ticket, by=CLOCK)
    with clock.at(clock.now() + timedelta(hours=3)):
        told_by_phone(cast, ticket)
        assert fresh(ticket).paused_since == clock.now()
        assert waiting.remind(ticket=ticket, by=CLOCK).next_step == NextStep.CALL


def test_a_solution_does_not_leave_her_out(cast):
    ticket = assess(cast, cast.case(requesters=[cast.phone_only]))
    with pytest.raises(Refused):
        resolution.resolve(ticket=ticket, by=cast.kari, words=SOLUTION)
    told_by_phone(cast, ticket)
    resolution.resolve(ticket=ticket, by=cast.kari, words=SOLUTION)
    call = Call.objects.get(done_at=None)
    assert (fresh(ticket).state, call.message.kind) == (State.RESOLVED, MessageKind.SOLUTION)
    told_by_phone(cast, ticket)
    assert (fresh(ticket).state, Call.objects.filter(done_at=None).count()) == (State.RESOLVED, 0)


def test_nor_does_a_closing(cast):
    ticket = cast.case(requesters=[cast.phone_only])
    told_by_phone(cast, ticket)
    closure.close(ticket=ticket, by=cast.kari, reason=CloseReason.WITHDRAWN, words="Vi avslutter.")
    assert Call.objects.get(done_at=None).message.text == "Vi avslutter."


def test_nor_does_a_promised_date(cast):
    ticket = assess(cast, cast.case(requesters=[cast.phone_only]), type="ORDER")
    waiting.promise(ticket=ticket, by=cast.kari, promised_by=soon(3), words="Den kommer lørdag.")
    assert Call.objects.get().message.text == "Den kommer lørdag."


def test_nor_do_the_managers(cast):
    ticket = assess(cast, cast.case(requesters=[cast.phone_only]))
    boss = grant_role(by=SETUP, person=cast.trine, role=Role.TRIAGE_MANAGER, team=cast.triage).person
    asked = clarification.ask(ticket=ticket, by=cast.kari, question="Skal vi?", words="Vi spør lederne.")
    clarification.decide(clarification=asked, by=boss, decision="ANSWERED", reason="Ja", words="Vi gjør det.")
    assert list(Call.objects.order_by("pk").values_list("message__text", flat=True)) == [
        "Vi spør lederne.",
        "Vi gjør det.",
    ]


def test_a_word_on_a_closed_case_is_said_too(cast):
    ticket = cast.case(requesters=[cast.phone_only])
    closure.close(ticket=ticket, by=cast.kari, reason=CloseReason.MISTAKE)
    tell(fresh(ticket), by=cast.kari, words="Det er ordnet nå.", kind=MessageKind.STATUS)
    assert [one.message.text for one in calls.open_for(cast.kari, [cast.service_desk.pk])] == ["Det er ordnet nå."]
    told_by_phone(cast, ticket)
    assert not calls.open_for(cast.kari, [cast.service_desk.pk]).exists()


def test_what_is_taken_back_is_not_said(cast, settings):
    settings.UNDO_SECONDS = 20
    ticket = written_to(cast)
    taking_back.take_back(message=Message.objects.get(kind=MessageKind.ANSWER), by=cast.kari)
    assert (Call.objects.get().outcome, owed(ticket)) == (CallOutcome.WITHDRAWN, {RAGNHILD})


def test_the_call_goes_to_whose_case_it_is(cast):
    ticket = written_to(cast)
    facts.replace_requester(ticket=ticket, by=cast.kari, former=cast.phone_only, person=cast.dag)
    assert Call.objects.get().person == cast.dag


def test_only_who_may_see_the_case_sees_the_line(cast):
    ticket = written_to(cast)
    restriction.restrict(ticket=ticket, by=cast.liv, readers=[cast.kari], reason="Personalsak")
    teams = [cast.service_desk.pk]
    assert calls.open_for(cast.kari, teams).exists()
    assert not calls.open_for(cast.knut, teams).exists()
    assert not calls.open_for(cast.kari, [cast.network.pk]).exists()
    assert calls.open_for(cast.kari, None).exists()


def test_removed_words_are_not_said(cast):
    written_to(cast)
    redaction.redact_message(message=Message.objects.get(kind="ANSWER"), by=cast.kari, reason="Pasientnavn")
    [line] = calls.open_for(cast.kari, None)
    assert "Skriveren" not in line.message.text


def test_how_late_the_oldest_is(cast):
    assert calls.oldest_due() is None
    written_to(cast)
    assert calls.oldest_due() == Call.objects.get().due_at


def test_an_order_of_messages_is_said_in_one_call(cast):
    ticket = written_to(cast)
    tell(fresh(ticket), by=cast.kari, words="Den er forsinket.", kind=MessageKind.STATUS)
    assert Call.objects.filter(done_at=None).count() == 2
    told_by_phone(cast, ticket)
    assert not Call.objects.filter(done_at=None).exists()
    assert not TicketRequester.objects.filter(ticket=ticket, answer_owed_since__isnull=False).exists()


def test_a_line_that_nobody_ever_answers_is_given_up_after_three_tries_and_what_is_owed_stays_owed(cast):
    ticket = written_to(cast)
    asked = {"ticket": ticket, "by": cast.kari, "to": [cast.phone_only.pk]}
    for _nth in range(3):
        with nothing_happens(ticket), pytest.raises(Refused):
            answering.give_up_calling(**asked, words="Ringt mandag og tirsdag")
        answering.log_no_answer(**asked)
    with nothing_happens(ticket), pytest.raises(Refused):
        answering.give_up_calling(**asked, words=" ")
    answering.give_up_calling(**asked, words="Ringt mandag, tirsdag og onsdag")
    assert Call.objects.get().outcome == CallOutcome.GIVEN_UP
    assert owed(ticket) == {RAGNHILD}
    assert fresh(ticket).next_step != NextStep.CALL
