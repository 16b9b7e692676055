"""Through a list by keys: to the next case, the one before, and back to where one was."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.console.case.test_browser import visit  # noqa: F401
from tests.console.desk import make_cases

pytestmark = [pytest.mark.browser, pytest.mark.once]


def test_from_case_to_case_in_the_order_of_the_list_and_back(visit, live_cast):  # noqa: F811
    first, second, third = sorted(make_cases(live_cast, 3), key=lambda case: case.received_at)
    page = visit("/queue?show=team")
    page.locator(f'a[href="/tickets/{first.pk}"]').click()
    expect(page.locator("[data-walk]")).to_contain_text("1 of 3")
    assert not page.locator("[data-before]").is_visible()
    page.keyboard.press("j")
    page.wait_for_url(f"**/tickets/{second.pk}")
    page.keyboard.press("j")
    page.wait_for_url(f"**/tickets/{third.pk}")
    expect(page.locator("[data-after]")).to_be_hidden()
    page.keyboard.press("k")
    page.wait_for_url(f"**/tickets/{second.pk}")
    page.keyboard.press("u")
    page.wait_for_url("**/queue?show=team")
    expect(page.locator(f'a[href="/tickets/{second.pk}"]')).to_be_focused()
    assert page.complaints == []


def test_a_case_that_was_found_otherwise_belongs_to_no_list(visit, live_cast):  # noqa: F811
    one = make_cases(live_cast, 2)[0]
    page = visit("/queue?show=team")
    page.locator(f'a[href="/tickets/{one.pk}"]').click()
    expect(page.locator("[data-walk]")).to_be_visible()
    page.goto(page.url.replace(f"/tickets/{one.pk}", f"/tickets/{live_cast.case().pk}"))
    assert page.locator("[data-walk]").is_hidden()
