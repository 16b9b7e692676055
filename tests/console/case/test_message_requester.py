"""A mail that one of us forwarded: whose case is it?"""

from __future__ import annotations

import pytest
from django.urls import reverse

from saksgang.people.models import PersonAddress
from saksgang.tickets.actions import restriction
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.models import TicketRequester
from tests.console.case.help import browser, page


def forwarded(cast, inner=("Nora Sykepleier", "nora@sykehus.example")):
    heard = Heard("Se under.", cast.kari.name, "kari@ikt.sykehus.example", inner=inner)
    return cast.case(subject="VS: Hjelp", requesters=[cast.kari], heard=heard)


def answered(ticket, client, do, status=303):
    answer = client.post(reverse("console:message_requester", args=[ticket.messages.get().pk]), {"do": do})
    assert answer.status_code == status
    return answer.content.decode()


def asked_by(ticket):
    return list(TicketRequester.objects.filter(ticket=ticket).values_list("person__name", flat=True))


def test_the_case_asks_whose_it_is(cast):
    html = page(browser(cast.knut), forwarded(cast))
    assert "Forwarded by Kari Nordmann." in html
    assert "Is it the case of Nora Sykepleier &lt;nora@sykehus.example&gt;?" in html
    assert "No, keep Kari Nordmann" in html


def test_yes_makes_the_inner_sender_the_requester(cast):
    ticket = forwarded(cast)
    client = browser(cast.knut)
    answered(ticket, client, "change")
    assert asked_by(ticket) == ["Nora Sykepleier"]
    html = page(client, ticket)
    assert "Nora Sykepleier is the requester now." in html
    assert "Forwarded by" not in html


def test_somebody_new_is_made_a_person(cast):
    ticket = forwarded(cast, inner=("Ny Vikar", "vikar@sykehus.example"))
    answered(ticket, browser(cast.kari), "change")
    assert asked_by(ticket) == ["Ny Vikar"]


def test_no_keeps_whom_it_has(cast):
    ticket = forwarded(cast)
    client = browser(cast.kari)
    answered(ticket, client, "keep")
    assert asked_by(ticket) == ["Kari Nordmann"]
    assert "Forwarded by" not in page(client, ticket)


def test_two_who_answer_at_once(cast):
    ticket = forwarded(cast)
    answered(ticket, browser(cast.kari), "change")
    assert "settled this already" in answered(ticket, browser(cast.knut), "change", 422)


def test_another_team_may_not_and_makes_nobody(cast):
    ticket = forwarded(cast, inner=("Ny Vikar", "vikar@sykehus.example"))
    assert "Forwarded by" not in page(browser(cast.nils), ticket)
    answered(ticket, browser(cast.nils), "change", 403)
    assert not PersonAddress.objects.filter(address="vikar@sykehus.example").exists()


@pytest.mark.parametrize("do", ["", "other"])
def test_only_the_two_answers(cast, do):
    answered(forwarded(cast), browser(cast.kari), do, 404)


def test_a_message_without_another_inside_has_no_such_question(cast):
    answered(cast.case(), browser(cast.kari), "change", 404)


def test_s01_a_name_with_script_in_it(cast):
    html = page(browser(cast.kari), forwarded(cast, inner=("<script>alert(1)</script>", "x@sykehus.example")))
    assert "<script>alert" not in html


def test_a_restricted_case_is_not_there(cast):
    ticket = forwarded(cast)
    restriction.restrict(ticket=ticket, by=cast.liv, readers=[], reason="Personalsak")
    answered(ticket, browser(cast.knut), "change", 404)
