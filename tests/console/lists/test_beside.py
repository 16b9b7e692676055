"""On a very wide screen the list that one came from stands beside the case; and a row takes the lines that it has room for."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.console.case.test_browser import visit  # noqa: F401 - a fixture
from tests.console.desk import make_cases

pytestmark = [pytest.mark.browser, pytest.mark.once]
RENEW = "document.dispatchEvent(new CustomEvent('live:told', { detail: { words: new Set(['*']) } }))"


@pytest.fixture
def wide(visit, live_cast):  # noqa: F811
    cases = make_cases(live_cast, 3)
    page = visit("/queue?show=team")
    page.set_viewport_size({"width": 2560, "height": 1200})
    return page, cases


def test_the_list_stands_beside_the_case_and_is_alive(wide, live_cast):
    page, _cases = wide
    order = [int(number) for number in page.locator(".queue-number").all_text_contents()]
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    beside = page.locator("[data-beside]")
    expect(beside.locator("h2")).to_have_text("My team")
    expect(beside.locator("[aria-current=page]")).to_have_attribute("href", f"/tickets/{order[0]}")
    case, aside = page.locator("article.ticket").bounding_box(), beside.bounding_box()
    assert aside["x"] + aside["width"] <= case["x"]
    make_cases(live_cast, 1, subject="Kom nå")
    page.evaluate(RENEW)
    expect(beside.locator("text=Kom nå")).to_be_visible()
    page.keyboard.press("j")
    expect(beside.locator("[aria-current=page]")).to_have_attribute("href", f"/tickets/{order[1]}")
    beside.locator(f'a[href="/tickets/{order[2]}"]').click()
    expect(page.locator("[data-beside] [aria-current=page]")).to_have_attribute("href", f"/tickets/{order[2]}")
    page.keyboard.press("u")
    expect(page.locator("h1")).to_contain_text("My team")
    assert page.url.endswith("/queue?show=team")


def test_not_where_there_is_no_room_nor_where_one_came_from_no_list(wide):
    page, cases = wide
    page.goto(page.url.replace("/queue?show=team", f"/tickets/{cases[0].pk}"))
    expect(page.locator("article.ticket")).to_be_visible()
    expect(page.locator("[data-beside]")).to_be_hidden()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(page.url.replace(f"/tickets/{cases[0].pk}", "/queue?show=team"))
    page.locator(".queue-subject").first.click()
    expect(page.locator("nav[data-walk]")).to_be_visible()
    expect(page.locator("[data-beside]")).to_be_hidden()


@pytest.mark.parametrize(("width", "lines"), [(1440, 1), (1024, 1), (768, 2)])
def test_a_row_is_as_many_lines_as_it_has_room_for(wide, width, lines):
    page, _cases = wide
    page.set_viewport_size({"width": width, "height": 900})
    subject, step = (
        page.locator(f"{name} >> nth=0").bounding_box()["y"] for name in (".queue-subject", ".queue-step .what")
    )
    assert (step - subject > 10) == (lines == 2)
    assert page.locator("tbody tr").first.bounding_box()["height"] <= 40 + 24 * (lines - 1)
