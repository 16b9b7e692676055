"""Register → assess → take → answer → solve: by keyboard alone, and on a phone 320 px wide."""

import pytest
from playwright.sync_api import expect

from saksgang.tickets.models import Ticket
from tests.acceptance.conftest import let_in
from tests.acceptance.keyboard import Keyboard
from tests.acceptance.pages import box, choose, fill, wider_than_the_window
from tests.cast import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.once]

TOLD = "#toasts p"


def enter_by_keyboard(keys: Keyboard, desk) -> None:
    keys.page.goto(desk.url + "/sign-in")
    keys.tab_to("input[name=username]")
    keys.type("kari")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.go("Enter")


def register_by_keyboard(keys: Keyboard, nora) -> Ticket:
    """n opens the form with the caret in «who»; a person is found by a few letters and chosen with an arrow."""
    keys.go("n")
    assert keys.is_on("input[name=who]")
    keys.type("nora")
    keys.page.locator("[role=option]").first.wait_for()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(keys.page.locator("input[name=who_id]")).to_have_value(str(nora.pk))
    assert keys.is_on("input[name=who]"), "choosing leaves one where one was"
    keys.tab_to("select[name=channel]")
    keys.press("ArrowDown")
    keys.tab_to("input[name=what]")
    keys.type("Skriveren tar ikke papir")
    keys.tab_to("button[value=register]")
    keys.go("Enter")
    return Ticket.objects.get(subject="Skriveren tar ikke papir")


def assess_by_keyboard(keys: Keyboard) -> None:
    """a opens the form and leads into it; 1 to 3 choose the type, letters find in a list, Space chooses, arrows change."""
    form = 'form[action$="/assessment"]'
    keys.press("a")
    keys.wait_for(f"{form} input[name=category]")
    keys.press("1")
    keys.tab_to(f"{form} select[name=service]")
    keys.type("DIPS")
    for question in ("impact", "consequence"):
        keys.tab_to(f"{form} input[name={question}]")
        keys.press("Space")
    keys.press("ArrowDown")
    keys.tab_to(f"{form} button[type=submit]")
    keys.go("Enter")


def write_by_keyboard(keys: Keyboard, key: str, noun: str, words: str) -> None:
    """The key of a box puts the caret where one writes; from there the button is a few presses of Tab away."""
    form = f'form[action$="/{"answer" if noun == "resolution" else noun}"]'
    keys.press(key)
    keys.wait_for(f"{form} textarea[name=words]")
    keys.type(words)
    keys.tab_to(f"{form} .answer-foot button[type=submit]")
    keys.go("Enter")


def test_a_case_is_registered_assessed_taken_answered_and_solved_by_keyboard_alone(desk, page):
    cast = desk.cast
    keys = Keyboard(page)
    enter_by_keyboard(keys, desk)
    ticket = register_by_keyboard(keys, cast.nora)
    assert page.locator(TOLD).count() == 1, "what was done is said"
    assess_by_keyboard(keys)
    ticket.refresh_from_db()
    assert (ticket.type, ticket.service, ticket.consequence) == ("INCIDENT", cast.dips, "degraded")
    keys.go("t")
    ticket.refresh_from_db()
    assert ticket.assignee == cast.kari
    write_by_keyboard(keys, "r", "answer", "Vi ser på det med en gang.")
    ticket.refresh_from_db()
    assert ticket.answers_owed == 0
    write_by_keyboard(keys, "l", "resolution", "Vi har byttet rullen i skriveren på sengepost 3.")
    ticket.refresh_from_db()
    assert ticket.state == "RESOLVED"
    keys.press("Tab")
    assert keys.is_on(".ds-skip-link"), (
        "after each step one is at the start of the page, and the first stop leads past the frame"
    )
    keys.press("Enter")
    assert keys.is_on("#main")


def test_a_refused_form_leads_the_focus_to_what_is_wrong(desk, page):
    ticket = desk.cast.case()
    let_in(page.context, desk, desk.cast.kari)
    page.goto(f"{desk.url}/tickets/{ticket.pk}")
    keys = Keyboard(page)
    write_by_keyboard(keys, "r", "answer", " ")
    assert keys.is_on(".ds-error-summary")


@pytest.mark.parametrize("width", [1440, 320])
def test_tab_goes_round_every_page_and_is_seen_at_each_stop(lively_desk, page, width):
    desk = lively_desk
    let_in(page.context, desk, desk.cast.kari)
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(reduced_motion="reduce")
    keys = Keyboard(page)
    number = desk.ledger()[0].ticket.pk
    addresses = [
        "/",
        "/queue?show=all",
        "/tickets/new",
        f"/tickets/{number}",
        f"/tickets/{number}/resolution",
        "/mail/tray",
    ]
    for address in addresses:
        page.goto(desk.url + address)
        assert keys.round_trip() > 10, address


def test_escape_closes_what_is_open_and_gives_the_focus_back(lively_desk, page):
    desk = lively_desk
    let_in(page.context, desk, desk.cast.kari)
    page.goto(f"{desk.url}/tickets/{desk.ledger()[0].ticket.pk}")
    keys = Keyboard(page)
    keys.tab_to("summary.menu-button")
    keys.press("Enter")
    keys.tab_to(".menu-panel button[type=submit]")
    keys.press("Escape")
    assert keys.is_on("summary.menu-button")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    page.locator("dialog#keys[open]").wait_for()
    page.keyboard.press("Escape")
    assert page.locator("dialog#keys[open]").count() == 0


def test_keys_of_one_letter_can_be_turned_off_and_on(desk, page):
    """For whoever steers by voice: a word spoken is many letters."""
    ticket = desk.cast.case()
    let_in(page.context, desk, desk.cast.kari)
    page.goto(f"{desk.url}/tickets/{ticket.pk}")
    keys = Keyboard(page)
    keys.tab_to("summary.menu-button")
    keys.press("Enter")
    keys.tab_to("[data-keys=off]")
    keys.press("Enter")
    page.reload()
    for key in ("r", "/", "?"):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement === document.body"), key
    assert not page.locator("details.act[open], dialog[open], kbd:visible").count()
    keys.tab_to("summary.menu-button")
    keys.press("Enter")
    keys.tab_to("[data-keys=on]")
    keys.press("Enter")
    keys.press("Escape")
    page.evaluate("document.activeElement.blur()")
    keys.press("r")
    keys.wait_for('form[action$="/answer"] textarea[name=words]')


@pytest.fixture
def phone(browser, desk):
    """A small phone: 320 px wide, with fingers."""
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True, locale="nb-NO", reduced_motion="reduce"
    )
    let_in(context, desk, desk.cast.kari)
    yield context.new_page()
    context.close()


def tap(button) -> None:
    page = button.page
    nothing_sideways(page)
    assert button.bounding_box()["height"] >= 40, "a finger needs room"
    with page.expect_navigation():
        button.tap()
    nothing_sideways(page)


def nothing_sideways(page) -> None:
    assert wider_than_the_window(page) <= 0, f"{page.url} scrolls sideways"


def test_a_case_is_registered_assessed_taken_answered_and_solved_320_px_wide_without_scrolling_sideways(desk, phone):
    cast = desk.cast
    phone.goto(desk.url + "/")
    tap(phone.locator(".topbar-new"))
    phone.locator("input[name=who]").press_sequentially("nora")
    option = phone.locator("[role=option]").first
    option.wait_for()
    nothing_sideways(phone)
    option.tap()
    phone.locator("input[name=what]").fill("Skriveren-på-sengepost-3-ved-vaktrommet-tar-ikke-papir")
    tap(phone.locator("button[value=register]"))
    ticket = Ticket.objects.get(subject__startswith="Skriveren-på")
    form = box(phone, "assessment")
    for question, answer in {"type": "INCIDENT", "impact": "individuals", "consequence": "degraded"}.items():
        choose(form, question, answer)
    fill(form, service=cast.dips.pk)
    tap(form.locator("button[type=submit]"))
    tap(phone.locator("button[value=take]"))
    for noun, words in {"answer": "Vi ser på det.", "resolution": "Vi har byttet rullen i skriveren."}.items():
        form = box(phone, noun)
        fill(form, words=words)
        tap(form.locator(".answer-foot button[type=submit]:visible"))
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.answers_owed, ticket.state) == (cast.kari, 0, "RESOLVED")
