"""In a browser: a session that ends under an open page, a page that is left, a server that does not answer. No word is lost."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import expect

from saksgang.console.models import Draft
from saksgang.tickets.models import Message
from tests.cast import PASSWORD
from tests.console.case.help import address, assessed
from tests.console.case.test_browser import AXE

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def desk(live_server, context, live_cast):
    """Kari's browser: opens an address in a new tab."""
    client = Client()
    client.force_login(live_cast.kari.account)
    cookies = {"sessionid": client.cookies[settings.SESSION_COOKIE_NAME].value, "language": "en"}
    context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])

    def open_tab(path: str):
        page = context.new_page()
        page.goto(live_server.url + path)
        return page

    return open_tab


@pytest.fixture
def answer_page(desk, live_cast):
    """The answer to a case, open before Kari."""
    ticket = assessed(live_cast, live_cast.case())
    page = desk(f"{address('ticket', ticket)}?open=answer")
    page.ticket = ticket
    return page


def sign_in(page, username: str = "kari") -> None:
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")


def axe(page) -> list[str]:
    page.evaluate(AXE)
    return [fault["id"] for fault in page.evaluate("axe.run()")["violations"]]


def test_a_draft_after_the_session_ended_says_so_and_goes_on_after_signing_in_beside_it(answer_page, context):
    page = answer_page
    Session.objects.all().delete()
    page.fill("#answer-words", "Hei, Nora")
    page.wait_for_selector(".draft-state a:has-text('Not saved: sign in again')")
    assert not Draft.objects.exists()
    assert page.locator(".toast[data-session] a").is_visible()
    assert axe(page) == []
    with context.expect_page() as opened:
        page.locator(".draft-state a").press("Enter")
    beside = opened.value
    sign_in(beside)
    beside.wait_for_selector("[data-signed-in]")
    page.wait_for_selector(".draft-state[data-state=saved]:has-text('Draft saved')")
    assert Draft.objects.get().text == "Hei, Nora"
    page.wait_for_selector(".toast[data-session]", state="detached")
    page.click("text=Send the answer")
    page.wait_for_selector(".message[data-kind=answer]")
    assert Message.objects.get(kind="ANSWER").text == "Hei, Nora"


def test_somebody_else_who_signs_in_beside_it_gets_none_of_it(answer_page, desk):
    page = answer_page
    Session.objects.all().delete()
    page.fill("#answer-words", "Karis ord")
    page.wait_for_selector(".draft-state a")
    other = desk("/sign-in")
    sign_in(other, "knut")
    other.wait_for_selector(".topbar")
    page.bring_to_front()
    page.dispatch_event("body", "visibilitychange")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.wait_for_selector(".toast[data-session=other]")
    expect(page.locator("#answer-words")).to_have_value("Karis ord")
    page.click("text=Send the answer")
    page.wait_for_selector("text=En annen har fylt ut dette skjemaet")
    assert not Draft.objects.exists()
    assert not Message.objects.filter(kind="ANSWER").exists()


def test_a_form_that_is_sent_after_the_session_ended_comes_back_with_its_words(answer_page):
    page = answer_page
    page.fill("#answer-words", "Hei, Nora æøå")
    Session.objects.all().delete()
    page.click("text=Send the answer")
    page.wait_for_selector("text=You were signed out, so nothing is sent.")
    assert axe(page) == []
    sign_in(page)
    page.wait_for_selector(".held:focus")
    expect(page.locator("#answer-words")).to_have_value("Hei, Nora æøå")
    assert axe(page) == []
    assert not Message.objects.filter(kind="ANSWER").exists()
    page.click("text=Send the answer")
    page.wait_for_selector(".message[data-kind=answer]")
    assert Message.objects.get(kind="ANSWER").text == "Hei, Nora æøå"


def test_a_page_left_open_over_a_sign_in_shows_the_form_again(answer_page, desk):
    page = answer_page
    other = desk("/")
    Session.objects.all().delete()
    other.goto(other.url.rstrip("/") + "/sign-in")
    sign_in(other)
    other.wait_for_selector(".topbar")
    page.click("summary:has-text('Internal note')")
    page.fill("#note-words", "Sjekk kabelen")
    page.wait_for_selector(".draft-state[data-state=saved]")
    # Where no script has mended the token:
    page.evaluate(
        "document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach((one) => { one.value = 'a'.repeat(64); })"
    )
    page.click("text=Save the note")
    page.wait_for_selector(".held:focus")
    expect(page.locator("#note-words")).to_have_value("Sjekk kabelen")
    page.click("form[action$=note] .answer-foot button")
    page.wait_for_selector(".message[data-kind=note]")


def test_leaving_while_a_draft_is_being_saved_asks_nothing_and_loses_nothing(answer_page):
    page, asked = answer_page, []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("#answer-words").press_sequentially("Hei, Nora")
    page.goto(page.url.partition("/tickets")[0] + "/queue")
    page.goto(page.url.partition("/queue")[0] + f"{address('ticket', page.ticket)}?open=answer")
    assert asked == []
    assert Draft.objects.get().text == "Hei, Nora"
    expect(page.locator("#answer-words")).to_have_value("Hei, Nora")


def test_leaving_what_cannot_be_saved_asks(answer_page):
    page, asked = answer_page, []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.context.route("**/drafts/*", lambda route: route.fulfill(status=503, body="borte"))
    page.locator("#answer-words").press_sequentially("Hei, Nora")
    page.wait_for_selector(".draft-state[data-state=failed]")
    page.goto(page.url.partition("/tickets")[0] + "/queue")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 503, "body": "borte"},
        {"status": 200, "content_type": "text/html", "body": "<h1>Logg inn på nettet</h1>"},
        {"status": 204},
        None,
    ],
    ids=["503", "a page of somebody else's", "an empty answer of somebody else's", "no net"],
)
def test_a_draft_is_only_saved_when_our_server_says_so_and_is_tried_again(answer_page, answer):
    page = answer_page
    page.context.route("**/drafts/*", lambda route: route.fulfill(**answer) if answer else route.abort())
    page.fill("#answer-words", "Hei")
    page.wait_for_selector(".draft-state[data-state=failed]:has-text('not saved')")
    assert not Draft.objects.exists()
    page.context.unroute("**/drafts/*")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_selector(".draft-state[data-state=saved]")
    assert Draft.objects.get().text == "Hei"


def test_a_new_case_is_kept_while_it_is_filled_in(desk):
    page, asked = desk("/tickets/new"), []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.fill("[name=who]", "Nora")
    page.fill("[name=what]", "Får ikke logget på")
    page.wait_for_selector(".draft-state[data-state=saved]")
    page.select_option("[name=channel]", "NOTE")
    page.goto(page.url.replace("/tickets/new", "/queue"))
    page.goto(page.url.replace("/queue", "/tickets/new"))
    assert asked == []
    expect(page.locator("[name=what]")).to_have_value("Får ikke logget på")
    expect(page.locator("[name=channel]")).to_have_value("NOTE")
    assert axe(page) == []
    page.click("text=Throw it away and begin anew")
    page.wait_for_selector("text=Throw it away", state="detached")
    assert not Draft.objects.exists()


def test_looking_somebody_up_after_the_session_ended_says_so(desk):
    page = desk("/tickets/new")
    Session.objects.all().delete()
    page.locator("[name=who]").press_sequentially("Nora")
    page.wait_for_selector(".toast[data-session=ended]")
    assert page.locator("#around").inner_text().strip() == ""
    assert page.locator(".lookup-list [role=option]").count() == 0
    page.locator("[name=what]").focus()
    assert "Sign in" not in page.locator("#around").inner_text()


def test_a_list_that_updates_itself_says_that_the_session_ended(desk):
    page = desk("/queue")
    Session.objects.all().delete()
    page.evaluate("document.querySelector('live-region').ask()")
    page.wait_for_selector(".toast[data-session=ended]")
    assert page.locator("[name=password]").count() == 0
