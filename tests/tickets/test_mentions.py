"""«@Jonas» in a note: the case stands on his list until he says something on it or ticks it off, and it moves nowhere."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.people import actions as people
from saksgang.tickets.actions import answering, assignment, restriction, taking_back
from saksgang.tickets.actions.telling import mentioning
from saksgang.tickets.mentions import mentioned_to, open_mentions, who_can_be_mentioned
from saksgang.tickets.models import Ticket, TicketMention
from saksgang.tickets.policies import Refused
from tests.cast import SETUP
from tests.tickets.steps import fresh, nothing_happens, one_event


def note(cast, ticket, words="@Knut, kan du se på den?", by=None):
    return answering.note(ticket=ticket, by=by or cast.kari, words=words)


def test_the_case_stands_on_their_list_and_moves_nowhere(cast):
    ticket = assignment.take(ticket=cast.case(), by=cast.kari)
    with one_event(ticket, "note_written", cast.kari) as told:
        message = note(cast, ticket, "@Knut og @Nils Berg, kan dere se på den? Hilsen @Kari")
    assert told["event"].after["mentioned_ids"] == [cast.knut.pk, cast.nils.pk]
    assert (list(mentioned_to(cast.knut)), list(mentioned_to(cast.nils))) == ([ticket], [ticket])
    assert not mentioned_to(cast.kari)
    assert open_mentions(cast.knut) == {ticket.pk: (message.pk, "Kari Nordmann")}
    assert (fresh(ticket).assignee, fresh(ticket).team) == (cast.kari, cast.service_desk)


@pytest.mark.parametrize(
    "do",
    [
        lambda ticket, by: answering.note(ticket=ticket, by=by, words="Jeg har sett."),
        lambda ticket, by: answering.answer(ticket=ticket, by=by, words="Vi ser på den."),
        lambda ticket, by: answering.log_conversation(ticket=ticket, by=by, words="Vi ble enige."),
        lambda ticket, by: mentioning.tick_off(ticket=ticket, by=by),
    ],
)
def test_until_they_say_something_on_it_or_tick_it_off(cast, do):
    ticket, other = cast.case(), cast.case()
    note(cast, ticket)
    note(cast, ticket, "Og @Knut: det haster.")
    note(cast, other)
    note(cast, ticket, "Ser du på den?")
    assert ticket in mentioned_to(cast.knut), "what others say leaves it there"
    do(ticket, cast.knut)
    assert list(mentioned_to(cast.knut)) == [other]


def test_ticking_off_changes_nothing_of_the_case_and_is_done_once(cast):
    ticket = cast.case()
    note(cast, ticket)
    before = Ticket.objects.filter(pk=ticket.pk).values().get()
    with one_event(ticket, "mention_closed", cast.knut):
        mentioning.tick_off(ticket=ticket, by=cast.knut)
    assert Ticket.objects.filter(pk=ticket.pk).values().get() == before
    with nothing_happens(ticket), pytest.raises(Refused):
        mentioning.tick_off(ticket=ticket, by=cast.knut)
    note(cast, ticket)
    assert list(mentioned_to(cast.knut)) == [ticket], "mentioned again it stands there again"


def test_an_answer_that_is_taken_back_was_not_said(cast, settings):
    settings.UNDO_SECONDS = 10
    ticket = cast.case()
    note(cast, ticket)
    message = answering.answer(ticket=ticket, by=cast.knut, words="Vi ser på den.")
    assert not mentioned_to(cast.knut)
    taking_back.take_back(message=message, by=cast.knut)
    assert list(mentioned_to(cast.knut)) == [ticket]


def test_a_name_that_several_have_is_asked_about_and_nothing_is_written(cast):
    ticket = cast.case()
    person = people.add_person(by=SETUP, name="Knut Moe")
    people.open_account(by=SETUP, person=person, username="knutm", password=None)
    grant(by=SETUP, person=person, role=Role.AGENT, team=cast.network)
    with nothing_happens(ticket), pytest.raises(Refused, match="Knut Lie, Knut Moe"):
        note(cast, ticket)
    note(cast, ticket, "@Knut Moe vet det")
    assert list(mentioned_to(person)) == [ticket]


def test_who_may_not_see_the_case_cannot_be_called_nor_finds_it_later(cast):
    ticket, hidden = cast.case(), cast.case()
    note(cast, hidden, "@Nils kan nettet")
    restriction.restrict(ticket=hidden, by=cast.liv, readers=[cast.kari], reason="Personalsak")
    assert not mentioned_to(cast.nils)
    assert [one.name for one in who_can_be_mentioned(fresh(hidden))] == ["Kari Nordmann", "Liv Åsen"]
    note(cast, hidden, "@Knut og @Liv, se på den")
    assert (list(mentioned_to(cast.knut)), list(mentioned_to(cast.liv))) == ([], [hidden])
    assert cast.nora not in who_can_be_mentioned(ticket)
    assert {cast.nils, cast.trine, cast.knut} <= set(who_can_be_mentioned(ticket))


def test_who_has_left_is_not_called(cast):
    ticket = cast.case()
    cast.knut.account.is_active = False
    cast.knut.account.save()
    note(cast, ticket)
    assert not TicketMention.objects.exists()


def test_a_note_mentions_somebody_once(cast):
    message = note(cast, cast.case(), "@Knut @Knut Lie")
    assert TicketMention.objects.count() == 1
    with transaction.atomic(), pytest.raises(IntegrityError):
        TicketMention.objects.create(ticket=message.ticket, message=message, person=cast.knut)
