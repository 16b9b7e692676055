"""Sending and taking back, replying to all, thanks and others, in a browser and by the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from saksgang.console.models import Draft
from saksgang.events.actions import Robot
from saksgang.lib import clock
from saksgang.tickets.actions import arrivals
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.models import Message, MessageRecipient
from tests.console.case.help import address, assessed
from tests.console.case.test_browser import visit  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.once]

OTHERS = (("Dag Lege", "dag@sykehus.example"), ("", "leder@sykehus.example"))


def case(cast):
    return assessed(cast, cast.case(heard=Heard("Hei", cast.nora.name, "nora@sykehus.example", copied=OTHERS)))


def write_answer(page):
    page.keyboard.press("r")
    page.locator("#answer-words:focus").wait_for()
    page.keyboard.type("Prøv nå.")
    with page.expect_navigation():
        page.click("text=Send the answer")


def test_an_answer_is_taken_back_from_the_toast(visit, live_cast, settings):  # noqa: F811
    settings.UNDO_SECONDS = 300
    ticket = case(live_cast)
    page = visit(address("ticket", ticket))
    write_answer(page)
    toast = page.locator("undo-toast")
    assert "The answer is sent in 300 seconds." in toast.inner_text()
    with page.expect_navigation():
        toast.locator("text=Undo").click()
    expect(page.locator("#answer-words")).to_have_value("Prøv nå.")
    assert page.locator(".message[data-taken-back]").is_visible()
    assert Draft.objects.get().text == "Prøv nå."
    assert page.complaints == []


def test_the_key_on_the_message_takes_it_back_too(visit, live_cast, settings):  # noqa: F811
    settings.UNDO_SECONDS = 300
    page = visit(address("ticket", case(live_cast)))
    write_answer(page)
    with page.expect_navigation():
        page.keyboard.press("z")
    page.locator(".message[data-taken-back]").wait_for()
    assert Message.objects.get(kind="ANSWER").taken_back_at


def test_when_the_time_is_over_nothing_offers_it_any_more(visit, live_cast, settings):  # noqa: F811
    settings.UNDO_SECONDS = 2
    page = visit(address("ticket", case(live_cast)))
    write_answer(page)
    page.locator("undo-toast >> text=It is on its way now.").wait_for()
    page.locator(".toast-undo").wait_for(state="detached")
    page.locator("brief-offer").wait_for(state="detached")
    assert page.complaints == []


def test_one_key_replies_to_all(visit, live_cast):  # noqa: F811
    ticket = case(live_cast)
    page = visit(address("ticket", ticket))
    page.keyboard.press("r")
    page.keyboard.type("Prøv nå.")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    assert page.locator("form[action$='/answer'] [name=also]:checked").count() == 2
    page.locator("#answer-also_1").uncheck()
    assert not page.locator("#answer-everybody").is_checked()
    with page.expect_navigation():
        page.click("text=Send the answer")
    assert list(MessageRecipient.objects.filter(copy=True).values_list("address", flat=True)) == ["dag@sykehus.example"]


def test_thanks_open_the_resolution_where_one_is(visit, live_cast):  # noqa: F811
    ticket = case(live_cast)
    heard = Heard("Takk!", live_cast.nora.name, "nora@sykehus.example")
    arrivals.receive_thanks(
        ticket=ticket, by=Robot("mail"), heard=heard, person=live_cast.nora, received_at=clock.now()
    )
    page = visit(address("ticket", ticket))
    page.click(".banner a.ds-button")
    page.locator("#answer-words:focus").wait_for()
    assert page.is_checked("input[name=then][value=resolve]")
    assert page.url.endswith(address("ticket", ticket))


def test_writing_to_others_with_the_keyboard(visit, live_cast):  # noqa: F811
    ticket = case(live_cast)
    page = visit(address("ticket", ticket))
    page.keyboard.press("s")
    page.locator("#outward-words:focus").wait_for()
    page.keyboard.type("Kan dere hjelpe?")
    page.fill("#outward-to", "sak@skriver.example")
    with page.expect_navigation():
        page.click("text=Send to others")
    assert page.locator(".message[data-kind=outward]").is_visible()
    assert page.complaints == []
