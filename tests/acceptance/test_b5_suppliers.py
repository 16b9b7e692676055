"""B5: what a supplier has does not slip: one list, chased by one press, and their «solved» is checked with the requester."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from saksgang.catalogue.actions import add_supplier
from saksgang.tickets.actions import waiting
from saksgang.tickets.kinds import NextStep, State
from saksgang.tickets.models import Message
from tests.acceptance.pages import wider_than_the_window
from tests.cast import SETUP
from tests.tickets.steps import assess, fresh, soon

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_b5_chased_by_one_press_and_solved_only_when_the_requester_says_so(desk, sign_in):
    cast = desk.cast
    add_supplier(by=SETUP, name="Firma AS", address="support@leverandor.example")
    ticket = assess(cast, cast.case(subject="Røntgen henger"))
    waiting.wait_for_third_party(
        ticket=ticket, by=cast.kari, words="Firma har den.", until=soon(), waiting_for="Firma AS", reference="F-77"
    )
    page = sign_in(cast.knut)
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(desk.url + "/suppliers")
    line = page.locator(".agenda > li")
    expect(line).to_contain_text("deres nummer F-77")
    assert wider_than_the_window(page) <= 0
    line.get_by_role("button", name="Purr").click()
    expect(page.locator(".agenda > li")).to_contain_text("sist skrevet til")
    assert "F-77" in Message.objects.latest("pk").text
    page.locator(".agenda > li").get_by_role("button", name="De sier løst").click()
    expect(page.locator(".agenda > li")).to_have_count(0)
    after = fresh(ticket)
    assert (after.state, after.next_step) == (State.IN_PROGRESS, NextStep.CHECK_WITH_REQUESTER)
