"""Panels that share a noun with others are fetched as the one that was opened."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.console.case.help import address, ahead, assessed
from tests.console.case.test_browser import visit  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.once]


def test_the_next_step_is_postponed_by_its_key_also_where_a_date_can_be_promised(visit, live_cast):  # noqa: F811
    ticket = assessed(live_cast, live_cast.case(), type="ORDER", consequence=None)
    page = visit(address("ticket", ticket))
    page.keyboard.press("p")
    expect(page.locator("#postponement-until")).to_be_focused()
    page.fill("#postponement-until", ahead())
    page.fill("#postponement-reason", "Deler kommer da.")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    ticket.refresh_from_db()
    assert ticket.postponed_count == 1
    assert page.complaints == []


def test_the_priority_is_set_by_hand_in_a_panel_that_is_fetched(visit, live_cast):  # noqa: F811
    ticket = assessed(live_cast, live_cast.case())
    page = visit(address("ticket", ticket))
    page.get_by_text("Change by hand").click()
    page.locator("#priority [name=value][value='2']").check()
    page.fill("#priority-reason", "Haster mer.")
    with page.expect_navigation():
        page.get_by_role("button", name="Set the priority").click()
    ticket.refresh_from_db()
    assert ticket.priority == 2
