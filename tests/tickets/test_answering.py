"""What is said on a case, and what comes back (clause H2)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from saksgang.access.queries import NotAllowed
from saksgang.lib import clock
from saksgang.people.actions import note_absence
from saksgang.tickets.actions import answering, arrivals, assignment, closure
from saksgang.tickets.actions.messages import Heard, KeptFile, keep_file
from saksgang.tickets.kinds import MessageKind, NextStep, SenderRole, State, Visibility
from saksgang.tickets.models import Attachment, MessageRecipient, Ticket, TicketFollower
from saksgang.tickets.policies import Refused
from saksgang.tickets.states import DONE, PAUSED
from tests.cast import SETUP
from tests.tickets.steps import MAIL, fresh, in_state, nothing_happens, one_event, owed, reply, soon

AWAY = {"first_day": date(2026, 3, 9), "last_day": date(2026, 4, 30)}


# Answers.


def test_an_answer_clears_what_was_owed_and_takes_the_case(cast):
    ticket = cast.case()
    assert owed(ticket) == {"Nora Sykepleier"}
    with one_event(ticket, "message_sent", cast.kari) as found:
        message = answering.answer(ticket=ticket, by=cast.kari, words=" Vi ser på det. ")
    after = fresh(ticket)
    assert owed(ticket) == set()
    assert (after.answers_owed, after.first_answered_at) == (0, clock.now())
    assert (after.state, after.assignee) == (State.IN_PROGRESS, cast.kari)
    assert (message.text, message.kind, message.visibility) == ("Vi ser på det.", "ANSWER", "PUBLIC")
    assert found["event"].after["message_id"] == message.pk
    assert "Vi ser" not in str(found["event"].after)


def test_an_answer_goes_to_those_it_is_for(cast):
    ticket = cast.case(requesters=[cast.nora, cast.dag])
    message = answering.answer(ticket=ticket, by=cast.kari, words="Hei Dag", to=[cast.dag.pk])
    assert owed(ticket) == {"Nora Sykepleier"}
    assert list(message.recipients.values_list("address", "cleared_answer")) == [("dag@sykehus.example", True)]
    assert fresh(ticket).answers_owed == 1


def test_copies_go_to_those_named_and_are_owed_nothing(cast):
    ticket = cast.case()
    cc = ["Leder <Leder@Sykehus.example>", "nora@sykehus.example"]
    message = answering.answer(ticket=ticket, by=cast.kari, words="Hei", cc=cc)
    rows = set(message.recipients.values_list("address", "copy", "cleared_answer"))
    assert rows == {("nora@sykehus.example", False, True), ("leder@sykehus.example", True, False)}
    assert TicketFollower.objects.filter(ticket=ticket, address="leder@sykehus.example").exists()


@pytest.mark.parametrize("address", ["nobody", "a@b", "a@x.example,b@x.example", "a@b@c.example", "a b@c.example"])
def test_a_copy_to_what_is_no_address_is_refused(cast, address):
    ticket = cast.case()
    with nothing_happens(ticket), pytest.raises(Refused):
        answering.answer(ticket=ticket, by=cast.kari, words="Hei", cc=[address])


@pytest.mark.parametrize("words", ["", "  \n "])
def test_nothing_is_no_answer(cast, words):
    ticket = cast.case()
    for action in (answering.answer, answering.note, answering.log_conversation):
        with nothing_happens(ticket), pytest.raises(Refused):
            action(ticket=ticket, by=cast.kari, words=words)


def test_an_answer_to_somebody_without_an_address_is_owed_until_they_are_phoned(cast):
    ticket = cast.case(requesters=[cast.phone_only])
    message = answering.answer(ticket=ticket, by=cast.kari, words="Hei")
    assert owed(ticket) == {"Ragnhild Renhold"}
    assert not message.recipients.exists()
    assert fresh(ticket).first_answered_at is None


def test_an_answer_to_nobody_is_refused(cast):
    ticket = cast.case(requesters=[])
    with nothing_happens(ticket), pytest.raises(Refused):
        answering.answer(ticket=ticket, by=cast.kari, words="Hei")


def test_where_one_of_two_has_no_address_only_the_other_is_answered(cast):
    ticket = cast.case(requesters=[cast.nora, cast.phone_only])
    answering.answer(ticket=ticket, by=cast.kari, words="Hei")
    assert owed(ticket) == {"Ragnhild Renhold"}


def test_another_teams_agent_may_not_answer_but_may_write_a_note(cast):
    ticket = cast.case()
    with nothing_happens(ticket), pytest.raises(NotAllowed):
        answering.answer(ticket=ticket, by=cast.nils, words="Hei")
    answering.note(ticket=ticket, by=cast.nils, words="Sett på nettet: alt vel.")


@pytest.mark.parametrize("action", ["note", "log_conversation", "log_no_answer"])
def test_somebody_who_is_no_agent_writes_nothing_on_a_case(cast, action):
    ticket = cast.case()
    with nothing_happens(ticket), pytest.raises(NotAllowed):
        getattr(answering, action)(ticket=ticket, by=cast.nora, words="Hei")


def test_files_go_with_the_answer(cast):
    kept = keep_file(name="../../brukerveiledning.pdf", content_type="application/pdf", content=b"%PDF")
    message = answering.answer(ticket=cast.case(), by=cast.kari, words="Se vedlegget", kept=[kept])
    file = Attachment.objects.get(message=message)
    assert (file.name, file.size, file.content_type) == ("brukerveiledning.pdf", 4, "application/pdf")


@pytest.mark.parametrize("kind", ["text/html\r\nX: y", "æ/ø", ""])
def test_a_file_of_an_odd_kind_is_plain_bytes(kind):
    assert keep_file(name="x", content_type=kind, content=b"x").content_type == "application/octet-stream"


# Notes and conversations.


def test_a_note_stays_in_the_desk_and_answers_nobody(cast):
    ticket = cast.case()
    with one_event(ticket, "note_written", cast.kari):
        note = answering.note(ticket=ticket, by=cast.kari, words="Kunden er sint")
    assert note.visibility == Visibility.INTERNAL
    assert not MessageRecipient.objects.filter(message=note).exists()
    assert owed(ticket) == {"Nora Sykepleier"}


@pytest.mark.parametrize("mailed", [True, False])
def test_a_conversation_counts_as_the_answer(cast, mailed):
    ticket = cast.case(requesters=[cast.nora, cast.phone_only])
    with one_event(ticket, "conversation_logged", cast.kari) as found:
        message = answering.log_conversation(ticket=ticket, by=cast.kari, words="Vi avtalte fredag", mailed=mailed)
    assert owed(ticket) == set()
    # A confirmation that does not arrive makes nothing owed again: it was said.
    rows = list(message.recipients.values_list("address", "cleared_answer"))
    assert rows == ([("nora@sykehus.example", False)] if mailed else [])
    assert found["event"].after["outcome"] == "reached"


def test_a_call_that_nobody_took_leaves_the_answer_owed_and_is_tried_again(cast):
    ticket = in_state(cast, State.IN_PROGRESS)
    with one_event(ticket, "conversation_logged", cast.kari) as found:
        message = answering.log_no_answer(ticket=ticket, by=cast.kari)
    after = fresh(ticket)
    assert owed(ticket) == {"Nora Sykepleier"}
    assert (after.next_step, after.next_step_due_at) == (NextStep.CALL_AGAIN, clock.now() + timedelta(hours=1))
    assert (message.visibility, message.outcome) == (Visibility.INTERNAL, "not_reached")
    assert found["event"].after["outcome"] == "not_reached"


def test_once_reached_nobody_calls_again(cast):
    ticket = in_state(cast, State.IN_PROGRESS)
    answering.log_no_answer(ticket=ticket, by=cast.kari)
    answering.log_conversation(ticket=ticket, by=cast.kari, words="Nå svarte hun")
    assert fresh(ticket).next_step == NextStep.SOLVE


# What comes back.


def test_a_requesters_message_is_owed_an_answer_from_when_it_came(cast):
    ticket = cast.case()
    answering.answer(ticket=ticket, by=cast.kari, words="Prøv igjen")
    with clock.at(soon(1)), one_event(ticket, "message_received", MAIL) as found:
        message = reply(cast, ticket)
    row = ticket.requesters.get()
    assert row.answer_owed_since == soon(1)
    assert (message.kind, message.sender_role) == (MessageKind.INCOMING, SenderRole.REQUESTER)
    assert found["event"].after["sender_role"] == "REQUESTER"
    assert fresh(ticket).new_message_at == soon(1)


def test_a_second_message_does_not_make_the_first_younger(cast):
    ticket = cast.case()
    since = ticket.requesters.get().answer_owed_since
    with clock.at(soon(1)):
        reply(cast, ticket)
    assert ticket.requesters.get().answer_owed_since == since


def test_somebody_elses_message_is_owed_nothing_and_subscribes_nobody(cast):
    ticket = in_state(cast, State.WAITING_THIRD_PARTY)
    message = reply(cast, ticket, person=cast.dag)
    after = fresh(ticket)
    assert (message.sender_role, owed(ticket)) == (SenderRole.OTHER, set())
    assert list(ticket.requesters.values_list("person__name", flat=True)) == ["Nora Sykepleier"]
    assert (after.state, after.next_step) == (State.IN_PROGRESS, NextStep.FOLLOW_UP)


def test_an_absence_reply_is_kept_and_wakes_nobody(cast):
    for state in (State.WAITING_REQUESTER, State.RESOLVED, State.CLOSED):
        ticket = in_state(cast, state)
        message = reply(cast, ticket, words="Jeg har ferie", automatic=True)
        assert message.kind == MessageKind.AUTOMATIC
        assert fresh(ticket).state == state
        assert owed(ticket) == set()


@pytest.mark.parametrize("state", sorted(PAUSED | DONE))
def test_a_message_brings_the_case_back_to_its_owner(cast, state):
    ticket = in_state(cast, state)
    with clock.at(soon(20)):
        reply(cast, ticket)
    after = fresh(ticket)
    assert (after.state, after.assignee, after.answers_owed) == (State.IN_PROGRESS, cast.kari, 1)
    assert after.next_step_due_at is not None
    assert after.reopened_count == (1 if state in DONE else 0)
    assert (after.resolved_at, after.closed_at, after.close_after) == (None, None, None)


@pytest.mark.parametrize("state", sorted(PAUSED | DONE))
def test_where_the_owner_is_away_it_comes_back_untaken(cast, state):
    ticket = in_state(cast, state)
    note_absence(by=SETUP, person=cast.kari, **AWAY)
    with clock.at(soon(20)):
        reply(cast, ticket)
    after = fresh(ticket)
    assert (after.state, after.assignee, after.taken_at, after.last_assignee) == (State.NEW, None, None, cast.kari)


def test_what_was_said_is_kept_whole(cast):
    ticket = cast.case()
    words = "Hei\r\n\r\n> sitat\r\nHilsen\x00 Nora\u202e"
    segments = ((False, "Hei\n\n"), (True, "> sitat\n"), (False, "Hilsen Nora"))
    message = arrivals.receive(
        ticket=ticket,
        by=MAIL,
        heard=Heard(words, "Nora", segments=segments),
        person=cast.nora,
        received_at=clock.now(),
    )
    assert message.text == "Hei\n\n> sitat\nHilsen Nora"
    assert "".join(part for _folded, part in message.segments) == message.text
    assert [folded for folded, _part in message.segments] == [False, True, False]


def test_segments_that_would_lose_a_word_are_not_used(cast):
    message = arrivals.receive(
        ticket=cast.case(),
        by=MAIL,
        heard=Heard("Hei på deg", "Nora", segments=((False, "Hei"),)),
        person=cast.nora,
        received_at=clock.now(),
    )
    assert message.segments == [[False, "Hei på deg"]]


# Answers that did not arrive.


@pytest.mark.parametrize("state", [State.NEW, State.IN_PROGRESS, *sorted(PAUSED | DONE)])
def test_an_answer_that_failed_is_owed_again_and_the_case_comes_back(cast, state):
    ticket = in_state(cast, state)
    with clock.at(soon(20)), one_event(ticket, "answer_failed", MAIL) as found:
        answering.answer_failed(ticket=ticket, by=MAIL, person=cast.nora, owed_again=True, error="550 no such user")
    after = fresh(ticket)
    assert owed(ticket) == {"Nora Sykepleier"}
    assert after.answers_owed == 1
    assert after.state == (State.NEW if state == State.NEW else State.IN_PROGRESS)
    assert (after.next_step, after.answer_failed_at) == (NextStep.ANSWER_AGAIN, soon(20))
    assert found["event"].reason == "550 no such user"
    with clock.at(soon(20)):
        answering.answer(ticket=after, by=cast.kari, words="Nytt forsøk")
    assert fresh(ticket).next_step != NextStep.ANSWER_AGAIN
    assert fresh(ticket).answer_failed_at is None


def test_an_answer_that_failed_also_opens_what_was_closed_with_a_reason(cast):
    ticket = in_state(cast, State.IN_PROGRESS)
    closure.close(ticket=ticket, by=cast.kari, reason="WITHDRAWN", words="Vi lukker, som avtalt.")
    answering.answer_failed(ticket=ticket, by=MAIL, person=cast.nora, owed_again=True)
    after = fresh(ticket)
    assert (after.state, after.close_reason, after.answers_owed) == (State.IN_PROGRESS, None, 1)


def test_a_copy_that_failed_makes_nothing_owed(cast):
    ticket = in_state(cast, State.WAITING_REQUESTER)
    answering.answer_failed(ticket=ticket, by=MAIL, person=None, owed_again=False)
    assert owed(ticket) == set()
    assert fresh(ticket).next_step == NextStep.ANSWER_AGAIN


def test_what_was_owed_before_the_failure_keeps_its_time(cast):
    ticket = cast.case()
    since = ticket.requesters.get().answer_owed_since
    with clock.at(soon(1)):
        answering.answer_failed(ticket=ticket, by=MAIL, person=cast.nora, owed_again=True)
    assert ticket.requesters.get().answer_owed_since == since


# Registration's neighbours.


def test_a_case_handed_over_keeps_what_is_owed(cast):
    ticket = cast.case()
    assignment.hand_over(ticket=ticket, by=cast.kari, team=cast.network, reason="Nett")
    assert owed(ticket) == {"Nora Sykepleier"}
    assert Ticket.objects.get(pk=ticket.pk).answers_owed == 1


def test_a_kept_file_names_its_bytes():
    kept = keep_file(name="a.txt", content_type="text/plain", content=b"abc")
    assert kept == KeptFile("a.txt", "text/plain", 3, kept.sha256)
