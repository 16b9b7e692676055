"""A list in a browser: filters that work as they are chosen, kept in the address, and a heading that is alive."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from saksgang.lib import clock
from saksgang.tickets.models import Ticket
from tests.console.case.test_browser import visit  # noqa: F401 - a fixture
from tests.console.desk import make_cases

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def at_list(visit, live_cast):  # noqa: F811
    now = clock.now()
    facts = {"assessed_at": now, "assessed_by": live_cast.kari, "priority": 3, "queue_rank": 30}
    make_cases(live_cast, 2, subject="En bestilling", type="ORDER", **facts)
    make_cases(
        live_cast,
        1,
        subject="En feil",
        type="INCIDENT",
        state="IN_PROGRESS",
        assignee=live_cast.knut,
        taken_at=now,
        **facts,
    )
    page = visit("/queue?show=team")
    page.evaluate("window.same = true")
    return page


def rows(page):
    return page.locator(".queue-subject")


def test_a_filter_works_as_it_is_chosen_and_stands_in_the_address(at_list):
    page = at_list
    expect(rows(page)).to_have_count(3)
    page.select_option("select[name=type]", "ORDER")
    expect(rows(page)).to_have_count(2)
    expect(page).to_have_url(re.compile(r"/queue\?show=team&type=ORDER$"))
    expect(page.locator("select[name=type]")).to_be_focused()
    expect(page.locator("h1")).to_contain_text("· 2")
    assert page.evaluate("window.same")  # the page is the same one
    page.go_back()
    expect(rows(page)).to_have_count(3)


def test_more_filters_stay_open_and_count_when_one_leaves_the_field(at_list):
    page = at_list
    page.keyboard.press("f")
    owner = page.locator("select[name=owner]")
    owner.select_option(label="Knut Lie")
    expect(rows(page)).to_have_text(["En feil"])
    expect(owner).to_be_visible()
    page.fill("input[name=department]", "finnes ikke")
    expect(rows(page)).to_have_text(["En feil"])
    page.keyboard.press("Tab")
    expect(page.locator(".empty")).to_be_visible()
    expect(page.locator("input[name=since]")).to_be_focused()


def test_the_number_in_the_heading_is_alive(at_list, live_cast):
    page = at_list
    expect(page.locator("h1")).to_have_text("My team · 3")
    Ticket.objects.filter(subject="En feil").update(team=live_cast.network)
    page.evaluate("document.dispatchEvent(new CustomEvent('live:told', { detail: { words: new Set(['*']) } }))")
    expect(page.locator("h1")).to_have_text("My team · 2")


def test_without_script_the_button_does_it(browser, live_server, visit, live_cast):  # noqa: F811
    make_cases(live_cast, 1, subject="Bare en", type="ORDER")
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(visit("/queue").context.cookies())
    page = context.new_page()
    page.goto(live_server.url + "/queue?show=all")
    page.select_option("select[name=type]", "INCIDENT")
    page.click("[data-filters] button:visible")
    expect(page.locator(".empty")).to_be_visible()
    page.click(".more-filters > summary")
    page.click(".more-filters a")
    page.fill("input[name=department]", "Sengepost")
    page.click(".more-filters button:visible")
    assert page.url.endswith("department=Sengepost&since=&until=&quiet=&assessed=&how=")
    context.close()
