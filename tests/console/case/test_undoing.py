"""Each move says where the case went, and one press undoes it: closing without a mail, and waits that a move ended."""

from __future__ import annotations

import pytest

from saksgang.tickets.actions import answering
from saksgang.tickets.kinds import State
from saksgang.tickets.models import Ticket
from tests.console.case.help import address, ahead, browser
from tests.console.case.test_facts import undo_of
from tests.tickets.steps import fresh, in_state

MOVES = {
    "ticket_assignment?over": ({"do": "take_over"}, "The case is yours."),
    "ticket_assignment?back": ({"do": "put_back"}, "The case is back in the queue of Servicesenter."),
    "ticket_handover": ({"team": "Nettverk", "reason": "Det er nettet."}, "Handed over to Nettverk."),
    "ticket_closure": ({"reason": "ANSWERED_ORALLY", "note": "Nora"}, "The case is closed: Answered orally."),
}


def said(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def move(cast, ticket: Ticket, name: str):
    fields, _words = MOVES[name]
    sent = fields | ({"team": cast.network.pk} if "team" in fields else {})
    return browser(cast.knut).post(address(name.split("?", maxsplit=1)[0], ticket), sent, follow=True)


@pytest.mark.parametrize("name", MOVES)
def test_a_move_that_ends_a_wait_says_where_the_case_went_and_is_undone(cast, name):
    ticket = in_state(cast, State.WAITING_THIRD_PARTY)
    answer = move(cast, ticket, name)
    assert said(answer) == [MOVES[name][1]]
    answer = browser(cast.knut).post(undo_of(answer), follow=True)
    assert said(answer) == ["Undone: Kari Nordmann has the case again, in Servicesenter."]
    after = fresh(ticket)
    assert (after.state, after.assignee, after.wait_until) == (State.WAITING_THIRD_PARTY, cast.kari, ticket.wait_until)
    assert "Leverandøren" in answer.content.decode()


@pytest.mark.parametrize("name", MOVES)
def test_undoing_is_refused_after_somebody_elses_doing(cast, name):
    ticket = in_state(cast, State.WAITING_THIRD_PARTY)
    undo = undo_of(move(cast, ticket, name))
    answering.note(ticket=ticket, by=cast.kari, words="Jeg ser på den.")
    assert browser(cast.knut).post(undo).status_code == 409


def test_a_case_that_nobody_had_stands_with_its_team_again(cast):
    ticket = cast.case()
    answer = move(cast, ticket, "ticket_closure")
    answer = browser(cast.knut).post(undo_of(answer), follow=True)
    assert said(answer) == ["Undone: nobody has taken the case, and it stands with Servicesenter."]


def test_what_it_waited_for_is_told_as_long_as_it_waits(cast):
    ticket = in_state(cast, State.WAITING_THIRD_PARTY)
    html = move(cast, ticket, "ticket_assignment?over").content.decode()
    assert "Waiting for" not in html


def test_closing_that_others_are_told_of_offers_no_such_undoing(cast, settings):
    settings.UNDO_SECONDS = 0
    ticket, client = cast.case(), browser(cast.kari)
    fields = {"reason": "WITHDRAWN", "words": "Da lukker vi den."}
    answer = client.post(address("ticket_closure", ticket), fields, follow=True)
    assert [message.extra_tags for message in answer.context["messages"]] == [""]
    assert client.post(f"{address('ticket_undoing', ticket)}?do=closing").status_code == 422


def test_a_merge_is_undone_by_the_press_that_is_offered_and_later_from_its_banner(cast):
    ticket, into, client = cast.case(requesters=[cast.dag]), cast.case(), browser(cast.kari)
    for undo in ("offered", "banner"):
        answer = client.post(address("ticket_closure", ticket), {"reason": "MERGED", "into": into.pk}, follow=True)
        assert said(answer) == [f"The cases are merged: they go on as #{into.pk}."]
        [message] = answer.context["messages"]
        assert "do=merge" in message.extra_tags
        assert f"#{into.pk}" in answer.content.decode()
        assert "It came with case" in client.get(address("ticket", into)).content.decode()
        if undo == "banner":
            answering.note(ticket=ticket, by=cast.knut, words="Er dette det samme?")
        html = client.post(f"{address('ticket_undoing', ticket)}?do=merge", follow=True).content.decode()
        assert "The merge is undone" in html
        assert fresh(ticket).open


def test_a_wait_and_a_later_step_say_until_when(cast, settings):
    settings.UNDO_SECONDS = 10
    ticket, client = cast.case(), browser(cast.kari)
    fields = {"then": "requester", "words": "Hvilken?", "until": ahead()}
    [words] = said(client.post(address("ticket_waiting", ticket), fields, follow=True))
    assert words.startswith("The case waits: ")
    other = cast.case()
    fields = {"until": ahead(), "reason": "Deler"}
    [words] = said(client.post(address("ticket_next_step", other), fields, follow=True))
    assert words.startswith("The next step is postponed: ")
