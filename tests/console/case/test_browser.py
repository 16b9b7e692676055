"""The page of a case in a browser: no word in the console, keys and drafts that work. What axe finds: tests/acceptance."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from saksgang.console.models import Draft
from saksgang.tickets.actions import answering
from saksgang.tickets.models import Message
from tests.console.case.help import address, assessed
from tests.console.case.test_ticket import reply

pytestmark = [pytest.mark.browser, pytest.mark.once]
AXE = (Path(__file__).parent.parent.parent / "vendor" / "axe-core" / "axe.min.js").read_text()


@pytest.fixture
def visit(live_server, context, live_cast):
    """Opens an address as Kari. What the browser complains about is collected in `page.complaints`."""
    client = Client()
    client.force_login(live_cast.kari.account)
    cookies = {"sessionid": client.cookies[settings.SESSION_COOKIE_NAME].value, "language": "en"}
    context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type in ("error", "warning") else None)

    def open_page(path: str):
        page.goto(live_server.url + path)
        return page

    return open_page


def a_long_case(cast):
    ticket = assessed(cast, cast.case())
    reply(cast, ticket)
    answering.answer(ticket=ticket, by=cast.kari, words="Prøv nå.", cc=["leder@sykehus.example"])
    answering.note(ticket=ticket, by=cast.knut, words="Hjulet er slitt.")
    answering.log_no_answer(ticket=ticket, by=cast.kari)
    return ticket


OPENED = ("", "answer", "assessment", "resolution", "waiting", "closure", "priority")


def test_the_browser_has_nothing_to_complain_of(visit, live_cast):
    ticket = a_long_case(live_cast)
    for opened in OPENED:
        assert visit(f"{address('ticket', ticket)}?open={opened}").complaints == []


def test_a_key_opens_the_answer_and_the_draft_is_kept(visit, live_cast):
    ticket = assessed(live_cast, live_cast.case())
    page = visit(address("ticket", ticket))
    page.keyboard.press("r")
    page.keyboard.type("Hei, Nora")
    page.wait_for_selector(".draft-state[data-state=saved]")
    assert Draft.objects.get().text == "Hei, Nora"
    page.reload()
    expect(page.locator("#answer-words")).to_have_value("Hei, Nora")


def test_a_question_shows_only_when_it_is_asked(visit, live_cast):
    page = visit(f"{address('ticket', live_cast.case())}?open=assessment")
    panel = page.locator("form[action$=assessment]")
    panel.locator("[value=ORDER]").check()
    asked_of_a_fault = panel.locator(".only-incident")
    assert not any(one.is_visible() for one in asked_of_a_fault.all())
    panel.locator("[value=INCIDENT]").check()
    assert asked_of_a_fault.count() == 2
    assert all(one.is_visible() for one in asked_of_a_fault.all())
    assert not panel.locator("#assessment-needed_by").is_visible()
    panel.locator("[name=time_critical][value=yes]").check()
    assert panel.locator("#assessment-needed_by").is_visible()


def test_an_answer_that_was_stopped_stands_as_it_was_chosen_and_written(visit, live_cast):
    ticket = assessed(live_cast, live_cast.case())
    page = visit(address("ticket", ticket))
    reply(live_cast, ticket, "Vent litt!")
    page.keyboard.press("v")
    page.fill("#answer-words", "Hvilken skriver?")
    page.click(".then-requester")
    page.wait_for_selector(".came:focus")
    expect(page.locator("#waiting-words")).to_have_value("Hvilken skriver?")
    assert page.is_checked("input[name=then][value=requester]")


def test_a_button_that_was_stopped_is_pressed_again_with_keys_alone(visit, live_cast):
    ticket = assessed(live_cast, live_cast.case())
    page = visit(address("ticket", ticket))
    answering.note(ticket=ticket, by=live_cast.knut, words="Jeg ser på den.")
    page.keyboard.press("t")
    page.wait_for_selector(".came:focus")
    assert "Jeg ser på den." in page.locator(".came").inner_text()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=taken by you")


def test_a_stale_answer_is_sent_after_a_look(visit, live_cast):
    ticket = assessed(live_cast, live_cast.case())
    page = visit(f"{address('ticket', ticket)}?open=answer")
    page.fill("#answer-words", "Prøv nå.")
    newer = reply(live_cast, ticket, "Vent litt!")
    page.click("text=Send the answer")
    page.wait_for_selector(".came:focus")
    assert page.locator(".came").inner_text().startswith("New message from Nora Sykepleier at ")
    assert page.locator(".came").is_visible()
    assert page.locator(f"#m{newer.pk}[data-unread]").is_visible()
    expect(page.locator("#answer-words")).to_have_value("Prøv nå.")
    page.evaluate(AXE)
    assert [fault["id"] for fault in page.evaluate("axe.run()")["violations"]] == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("undo-toast")
    assert Message.objects.filter(ticket=ticket, kind="ANSWER").count() == 1
