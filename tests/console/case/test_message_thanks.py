"""Thanks on a case: what it asks, and the one click that says it was more."""

from __future__ import annotations

import pytest
from django.urls import reverse

from saksgang.events.actions import Robot
from saksgang.lib import clock
from saksgang.tickets.actions import answering, arrivals, closure, restriction
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.models import Ticket
from tests.console.case.help import assessed, browser, page, send


def thanks(cast, ticket, words="Tusen takk!"):
    heard = Heard(words, cast.nora.name, "nora@sykehus.example")
    return arrivals.receive_thanks(
        ticket=ticket, by=Robot("mail"), heard=heard, person=cast.nora, received_at=clock.now()
    )


@pytest.fixture
def thanked(cast):
    ticket = assessed(cast, cast.case())
    answering.answer(ticket=ticket, by=cast.kari, words="Prøv nå.")
    thanks(cast, ticket)
    return ticket


def test_thanks_on_an_open_case_ask_whether_it_is_solved(cast, thanked):
    answer = browser(cast.kari).get(reverse("console:ticket", args=[thanked.pk]))
    html = answer.content.decode()
    assert "Thanks. Solve the case?" in html
    assert 'href="?open=resolution#acts"' in html
    assert "A new message has come" not in html
    assert answer.context["said"][-1]["words"] == "thanks"
    assert answer.context["said"][-1]["drawn"] == "incoming"


def test_the_link_opens_the_resolution_without_script(cast, thanked):
    answer = browser(cast.kari).get(f"{reverse('console:ticket', args=[thanked.pk])}?open=resolution")
    assert answer.context["opened"] == "resolution"


def test_another_team_is_asked_nothing(cast, thanked):
    html = page(browser(cast.nils), thanked)
    assert "Solve the case?" not in html
    assert "Not only thanks" not in html


def test_what_is_answered_solved_or_closed_asks_no_more(cast, thanked):
    answering.answer(ticket=thanked, by=cast.kari, words="Da løser vi den.")
    assert "Solve the case?" not in page(browser(cast.kari), thanked)
    closed = cast.case()
    thanks(cast, closed)
    closure.close(ticket=closed, by=cast.kari, reason="MISTAKE")
    solved = assessed(cast, cast.case())
    thanks(cast, solved)
    send(browser(cast.kari), "ticket_resolution", solved, words="Skriveren er byttet.")
    for ticket in (thanked, closed, solved):
        assert Ticket.objects.get(pk=ticket.pk).thanked_at is None


def test_not_only_thanks(cast, thanked):
    message = thanked.messages.get(kind="THANKS")
    client = browser(cast.kari)
    assert Ticket.objects.get(pk=thanked.pk).answers_owed == 0
    answer = client.post(reverse("console:message_thanks", args=[message.pk]), follow=True)
    assert "waits for an answer" in answer.content.decode()
    assert "Not only thanks" not in answer.content.decode()
    assert answer.context["said"][-1]["words"] == "e-mail"
    assert Ticket.objects.get(pk=thanked.pk).answers_owed == 1
    again = client.post(reverse("console:message_thanks", args=[message.pk]))
    assert again.status_code == 422
    assert "settled this already" in again.content.decode()


def test_who_may_say_so(cast, thanked):
    address = reverse("console:message_thanks", args=[thanked.messages.get(kind="THANKS").pk])
    assert browser(cast.nils).post(address).status_code == 403
    assert browser(None).post(address).status_code == 401
    assert browser(cast.kari).get(address).status_code == 405
    restriction.restrict(ticket=thanked, by=cast.kari, readers=[], reason="Personalsak")
    assert browser(cast.knut).post(address).status_code == 404
