"""The composer in a browser: one text that follows from way to way, one button that says what happens, room for what one answers."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from saksgang.console.models import Draft
from saksgang.tickets.actions import answering
from saksgang.tickets.kinds import MessageKind
from saksgang.tickets.models import Message, Ticket
from tests.console.case.help import address, ahead, assessed
from tests.console.case.test_browser import visit  # noqa: F401

pytestmark = pytest.mark.browser
ANSWER = "#act-answer textarea[name=words]"
NOTE = "form[data-kind=note] textarea[name=words]"


@pytest.fixture
def at_case(visit, live_cast):  # noqa: F811
    ticket = assessed(live_cast, live_cast.case())
    page = visit(address("ticket", ticket))
    return page, ticket


def test_what_is_typed_follows_from_the_answer_to_solving_and_is_sent_by_keyboard(at_case):
    page, ticket = at_case
    page.keyboard.press("r")
    page.keyboard.type("Vi byttet valsen, og utskriften kom.")
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert Ticket.objects.get(pk=ticket.pk).state == "RESOLVED"
    assert Message.objects.filter(kind=MessageKind.SOLUTION).get().text == "Vi byttet valsen, og utskriften kom."
    assert not Draft.objects.exists()


def test_one_button_shows_and_says_what_happens(at_case):
    page, _ticket = at_case
    page.keyboard.press("r")
    shown = page.locator("#act-answer .then-buttons button:visible")
    for choice, words in (
        ("answer", "Send the answer"),
        ("resolve", "Answer and solve"),
        ("requester", "Answer and wait for the requester"),
        ("others", "Answer and wait for others"),
        ("plan", "Answer and plan"),
    ):
        page.check(f"#act-answer input[name=then][value={choice}]")
        assert shown.count() == 1
        assert words in shown.inner_text()


def test_enter_in_a_line_sends_nothing(at_case):
    page, ticket = at_case
    page.keyboard.press("r")
    page.keyboard.type("Hvilken skriver?")
    page.check("input[name=then][value=others]")
    page.fill("input[name=waiting_for]", "Leverandøren")
    page.locator("input[name=waiting_for]").press("Enter")
    assert page.url.endswith(address("ticket", ticket))
    assert not Message.objects.filter(kind=MessageKind.ANSWER).exists()


def test_a_notes_words_leave_the_note_by_a_press_only(at_case):
    page, _ticket = at_case
    page.keyboard.press("i")
    page.keyboard.type("Ikke si det til noen.")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.locator(ANSWER)).to_have_value("")
    expect(page.locator(NOTE)).to_have_value("Ikke si det til noen.")
    page.click("#act-answer [data-from-note]")
    expect(page.locator(ANSWER)).to_have_value("Ikke si det til noen.")
    expect(page.locator(NOTE)).to_have_value("")


def test_an_answer_that_was_looked_at_as_a_note_goes_back_as_it_came(at_case):
    page, _ticket = at_case
    page.keyboard.press("r")
    page.keyboard.type("Prøv nå.")
    page.keyboard.press("Escape")
    page.keyboard.press("i")
    expect(page.locator(NOTE)).to_have_value("Prøv nå.")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.locator(ANSWER)).to_have_value("Prøv nå.")


IN_ONE_BREATH = """() => {
    const press = (on, key) => on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    press(document.body, "r");
    document.activeElement.value = "Prøv nå.";
    document.activeElement.dispatchEvent(new Event("input", { bubbles: true }));
    press(document.activeElement, "Escape");
    press(document.activeElement, "i");
}"""


def test_it_follows_however_fast_the_keys_come(at_case):
    page, _ticket = at_case
    page.evaluate(IN_ONE_BREATH)
    expect(page.locator(NOTE)).to_have_value("Prøv nå.")
    expect(page.locator(ANSWER)).to_have_value("")


def test_it_follows_into_a_way_that_is_fetched_when_it_is_opened(at_case):
    page, _ticket = at_case
    page.keyboard.press("r")
    page.keyboard.type("Kan dere se på den?")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    expect(page.locator("form[data-kind=outward] textarea[name=words]")).to_have_value("Kan dere se på den?")


def test_it_takes_two_fifths_of_the_height_at_most_and_its_button_stays_in_sight(at_case):
    page, _ticket = at_case
    page.set_viewport_size({"width": 1440, "height": 900})
    page.keyboard.press("l")
    page.keyboard.insert_text("Linje\n" * 60)
    box = page.locator("#acts").bounding_box()
    assert box["height"] <= 0.4 * 900 + 1
    assert box["y"] + box["height"] <= 900
    button = page.locator(".then-buttons button:visible").bounding_box()
    assert button["y"] + button["height"] <= 900


def test_without_script_everything_works(browser, live_server, live_cast, visit):  # noqa: F811
    ticket = assessed(live_cast, live_cast.case())
    cookies = visit(address("ticket", ticket)).context.cookies()
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(live_server.url + address("ticket", ticket))
    page.click("#act-answer > summary")
    page.fill(ANSWER, "Kommer den fram?")
    page.check("input[name=then][value=plan]")
    page.fill("#waiting-until", ahead(2))
    page.fill("#waiting-reason", "Ny skriver")
    page.click(".then-buttons button:visible")
    assert Ticket.objects.get(pk=ticket.pk).state == "PLANNED"
    context.close()


def test_what_was_begun_before_is_there_in_each_way(visit, live_cast):  # noqa: F811
    ticket = assessed(live_cast, live_cast.case())
    answering.note(ticket=ticket, by=live_cast.kari, words="Merket.")
    Draft.objects.create(
        ticket=ticket,
        person=live_cast.kari,
        box="answer",
        text="Begynt",
        changed_at=Ticket.objects.get(pk=ticket.pk).changed_at,
    )
    page = visit(address("ticket", ticket))
    expect(page.locator(ANSWER)).to_have_value("Begynt")
    expect(page.locator(NOTE)).to_have_value("")
