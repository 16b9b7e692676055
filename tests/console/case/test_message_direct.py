"""Mail past the case: drawn as what it is, and counted as the answer with one click."""

from __future__ import annotations

import pytest
from django.urls import reverse

from saksgang.events.actions import Robot
from saksgang.lib import clock
from saksgang.tickets.actions import arrivals
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.models import Ticket
from tests.console.case.help import assessed, browser, page


def direct(cast, ticket, *, to=(("Nora Sykepleier", "nora@sykehus.example"),)):
    heard = Heard("Jeg kommer innom.", "Kari Nordmann", "kari@ikt.sykehus.example", copied=to)
    return arrivals.receive_direct(
        ticket=ticket, by=Robot("mail"), heard=heard, person=cast.kari, received_at=clock.now()
    )


@pytest.fixture
def ticket(cast):
    return assessed(cast, cast.case())


def test_it_says_what_it_is_and_whom_it_went_to(cast, ticket):
    direct(cast, ticket)
    answer = browser(cast.kari).get(reverse("console:ticket", args=[ticket.pk]))
    html = answer.content.decode()
    assert answer.context["said"][-1]["drawn"] == "direct"
    assert "E-mail past the case" in html
    assert "To Nora Sykepleier &lt;nora@sykehus.example&gt;" in html
    assert "Another sender" not in html


def test_nobody_has_proved_who_sent_it_so_it_is_not_said_to_be_ones_own(cast, ticket):
    direct(cast, ticket)
    answer = browser(cast.kari).get(reverse("console:ticket", args=[ticket.pk]))
    assert answer.context["said"][-1]["who"] == "Kari Nordmann"


def test_counting_it_clears_what_was_owed(cast, ticket):
    message = direct(cast, ticket)
    answer = browser(cast.kari).post(reverse("console:message_direct", args=[message.pk]), follow=True)
    assert "Counted as the answer" in answer.content.decode()
    assert "Count as the answer" not in answer.content.decode()
    assert Ticket.objects.get(pk=ticket.pk).answers_owed == 0


def test_to_nobody_who_is_owed_it_is_refused_and_says_why(cast, ticket):
    message = direct(cast, ticket, to=(("Dag", "dag@sykehus.example"),))
    answer = browser(cast.kari).post(reverse("console:message_direct", args=[message.pk]))
    assert answer.status_code == 422
    assert "went to nobody who is owed an answer" in answer.content.decode()
    assert Ticket.objects.get(pk=ticket.pk).answers_owed == 1


def test_another_team_may_not(cast, ticket):
    message = direct(cast, ticket)
    assert "Count as the answer" not in page(browser(cast.nils), ticket)
    assert browser(cast.nils).post(reverse("console:message_direct", args=[message.pk])).status_code == 403


def test_a_mail_to_very_many_names_some(cast, ticket):
    direct(cast, ticket, to=tuple((f"Navn {at}", f"n{at}@sykehus.example") for at in range(40)))
    html = page(browser(cast.kari), ticket)
    assert "and 33 more" in html
    assert "n30@sykehus.example" not in html
