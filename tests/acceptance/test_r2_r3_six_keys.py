"""R2 and R3: from a key anywhere to a registered case in six keys at most, beside the words; all three ways."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from saksgang.tickets.models import Tally, Ticket
from tests.acceptance.conftest import let_in
from tests.acceptance.test_a_day_by_keyboard import Counted
from tests.tickets.steps import kind_of_case

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.once]
MOST = 6


def offered(page, name: str, words: str) -> None:
    """What is typed has been answered: the one that the keys take is shown."""
    expect(page.locator(f"{name} [role=option][aria-selected=true]")).to_contain_text(words)


def begin(keys: Counted) -> None:
    """Who and what, from anywhere; the focus is then on what comes after."""
    keys.go("n")
    keys.type("nora syk")
    offered(keys.page, "person-lookup", "Nora Sykepleier")
    keys.press("Tab")
    keys.type("Hvordan sorterer jeg listen?")


def test_a_full_case_solved_at_once_and_only_counted_by_six_keys_at_most(desk, page):
    cast = desk.cast
    kind = kind_of_case(cast, "Opplæring i skriver", service=cast.printing, demands_proof=False)
    let_in(page.context, desk, cast.kari)
    page.goto(desk.url + "/queue?show=team")
    keys, taken = Counted(page), {}

    begin(keys)
    keys.press("Tab")
    keys.type("opplær")
    offered(page, "kind-lookup", kind.name)
    keys.press("Enter")
    keys.go("Enter")
    taken["full"] = keys.done()

    begin(keys)
    keys.press("Tab")
    keys.type("opplær")
    offered(page, "kind-lookup", kind.name)
    keys.press("Tab")
    keys.press("l")
    keys.type("Viste hvor knappen er.")
    keys.go("Control+Enter")
    taken["solved"] = keys.done()

    keys.go("T")
    keys.type("opplær")
    offered(page, "kind-lookup", kind.name)
    keys.press("Enter")
    keys.go("Enter")
    taken["counted"] = keys.done()

    cases = Ticket.objects.order_by("pk").values_list("state", "category", "requesters__person", "type")
    assert list(cases) == [(state, kind.pk, cast.nora.pk, kind.type) for state in ("NEW", "RESOLVED")]
    assert Tally.objects.get().category == kind
    assert max(taken.values()) <= MOST, taken


def test_the_very_extension_of_somebody_chooses_them_by_itself(desk, page):
    let_in(page.context, desk, desk.cast.kari)
    page.goto(desk.url + "/tickets/new")
    page.keyboard.type("4444")
    expect(page.locator("input[name=who_id]")).to_have_value(str(desk.cast.nora.pk))
    expect(page.locator("#around .lookup-chosen")).to_contain_text("Nora Sykepleier")
    expect(page.locator("input[name=who]")).to_have_value("4444")
    page.keyboard.type("5")
    expect(page.locator("input[name=who_id]")).to_have_value("")
    page.fill("input[name=who]", "12345")
    offered(page, "person-lookup", "12345")
    page.keyboard.press("Tab")
    page.keyboard.type("Nettet er nede")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    asks = desk.only_ticket().requesters.get().person
    assert (asks.kind, asks.department) == ("shared", desk.cast.ward), "an extension of a ward is the ward"
