"""Marking rows in a browser: by key, in a range, through the list's own renewal, and doing something to very many part by part."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from saksgang.tickets.models import Ticket
from tests.console.case.test_browser import visit  # noqa: F401 - a fixture
from tests.console.desk import make_cases

pytestmark = [pytest.mark.browser, pytest.mark.once]
RENEW = "document.dispatchEvent(new CustomEvent('live:told', { detail: { words: new Set(['*']) } }))"


@pytest.fixture
def at_list(visit, live_cast):  # noqa: F811
    make_cases(live_cast, 5)
    return visit("/queue?show=team")


def boxes(page):
    return page.locator("input[name=case]:checked")


def test_x_marks_the_row_and_shift_x_everything_to_there(at_list):
    page = at_list
    expect(page.locator(".many-bar")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(boxes(page)).to_have_count(1)
    expect(page.locator(".many-number")).to_have_text("1 marked")
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(boxes(page)).to_have_count(4)
    page.keyboard.press("x")
    expect(boxes(page)).to_have_count(3)
    page.click("text=Unmark")
    expect(boxes(page)).to_have_count(0)
    expect(page.locator(".many-bar")).to_be_hidden()


def test_marks_hold_while_the_list_renews_itself(at_list, live_cast):
    page = at_list
    page.locator("input[name=case]").nth(1).check()
    page.locator("input[name=case]").nth(3).click(modifiers=["Shift"])
    page.locator("h1").click()
    page.evaluate("document.activeElement.blur()")
    make_cases(live_cast, 1, subject="Kom nå")
    page.evaluate(RENEW)
    expect(page.locator("text=Kom nå")).to_be_visible()
    expect(boxes(page)).to_have_count(3)
    page.click(".many-bar button[value=take]")
    expect(page.locator("h1")).to_have_text("3 cases are yours")
    page.keyboard.press("z")
    expect(page.locator("h1")).to_have_text("Taken back on 3 cases")
    assert not Ticket.objects.filter(assignee__isnull=False).exists()


def test_a_whole_list_is_done_part_by_part_with_its_progress(visit, live_cast):  # noqa: F811
    make_cases(live_cast, 60)
    page = visit("/queue?show=team")
    page.locator("input[name=case]").first.check()
    page.click("text=Mark the whole list")
    expect(page.locator(".many-number")).to_have_text("60 marked")
    asked = []
    page.on("request", lambda request: asked.append(request.method) if request.url.endswith("/many") else None)
    page.click(".many-bar button[value=handover]")
    expect(page.locator("h1")).to_have_text("60 cases")
    page.click(".many-form button[type=submit]")
    expect(page.locator(".ds-error-summary")).to_be_visible()
    page.select_option("select[name=team]", label="Nettverk")
    page.fill("[name=reason]", "Det er nettet.")
    page.click(".many-form button[type=submit]")
    expect(page).to_have_url(re.compile(r"/many/[0-9]+$"))
    expect(page.locator("h1")).to_have_text("60 cases are handed over")
    assert Ticket.objects.filter(team=live_cast.network).count() == 60
    assert len(asked) == 6  # the question, its first try and the page that shows what is missing, three parts


def test_without_script_the_boxes_and_their_bar_do_it(browser, live_server, visit, live_cast):  # noqa: F811
    made = make_cases(live_cast, 2)
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(visit("/queue").context.cookies())
    page = context.new_page()
    page.goto(live_server.url + "/queue")
    for box in page.locator("input[name=case]").all():
        box.check()
    page.click(".many-bar button[value=give]")
    page.select_option("select[name=to]", label="Knut Lie")
    page.click(".many-form button[type=submit]")
    expect(page.locator("h1")).to_have_text("2 cases are given")
    assert Ticket.objects.filter(pk__in=[one.pk for one in made], assignee=live_cast.knut).count() == 2
    context.close()
