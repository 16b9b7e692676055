"""Pages that stand open follow what others do: real server, real browser, one stream for all its tabs."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from saksgang.catalogue.actions import announce
from saksgang.console.models import Presence
from saksgang.improvements.kinds import Step
from saksgang.lib import clock
from saksgang.tickets.actions import answering, arrivals, assignment
from saksgang.tickets.actions.core import MAIL
from saksgang.tickets.actions.major.incident import start, update
from saksgang.tickets.actions.major.membership import join
from saksgang.tickets.actions.messages import Heard
from tests.acceptance.conftest import is_complaint
from tests.acceptance.pages import violations, wider_than_the_window
from tests.console.live.server import SOON, session_of
from tests.improvements.steps import joins, made, step_to

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

expect.set_options(timeout=SOON * 1000)
OPEN_STREAMS = """() => performance.getEntriesByType("resource").filter(one => one.name.includes("/live/")).length"""


@pytest.fixture
def desk(live_cast, served, browser, browser_context_args):
    """Opens a browser of its own for somebody; pages in it by path."""
    contexts, complaints = [], []

    class Browser:
        def __init__(self, person):
            self.url = f"http://127.0.0.1:{served[0]}"
            self.context = browser.new_context(**browser_context_args)
            contexts.append(self.context)
            self.context.add_cookies([{"name": "sessionid", "value": session_of(person), "url": self.url}])

        def open(self, path: str):
            page = self.context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on(
                "console",
                lambda one: (
                    complaints.append(one.text) if is_complaint(one) and "status of 401" not in one.text else None
                ),
            )
            page.add_init_script(
                "document.addEventListener('live:up', () => { document.documentElement.dataset.up = ''; })"
            )
            page.goto(self.url + path)
            page.wait_for_selector("html[data-up]", state="attached")
            return page

    yield Browser
    for context in contexts:
        context.close()
    assert not complaints


def comes(ticket, cast, words: str) -> None:
    """Nora writes again."""
    heard = Heard(words, cast.nora.name, "nora@sykehus.example")
    arrivals.receive(ticket=ticket, by=MAIL, heard=heard, person=cast.nora, received_at=clock.now())


def test_a_list_and_the_counts_beside_it_follow(live_cast, desk):
    page = desk(live_cast.kari).open("/queue?show=untaken")
    expect(page.locator("main table.queue")).to_have_count(0)
    ticket = live_cast.case(subject="Skriveren er tom")
    expect(page.get_by_role("link", name="Skriveren er tom")).to_be_visible()
    expect(page.locator(".nav-link[aria-current] .nav-count")).to_have_text("1")
    assignment.take(ticket=ticket, by=live_cast.knut)
    expect(page.locator("main table.queue")).to_have_count(0)
    expect(page.locator(".nav-link[aria-current] .nav-count")).to_have_count(0)


def test_a_list_that_the_change_does_not_concern_asks_nothing(live_cast, desk):
    page = desk(live_cast.kari).open("/queue?show=mine")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    ticket = live_cast.case(team=live_cast.network)
    assignment.take(ticket=live_cast.case(), by=live_cast.kari)
    expect(page.get_by_role("link", name="Får ikke logget på")).to_have_count(1)
    assert len([url for url in asked if "fragment" in url]) == 1
    assert ticket.pk


def test_the_front_page_follows(live_cast, desk):
    page = desk(live_cast.kari).open("/")
    announce(by=live_cast.knut, kind="outage", words="Ingen når journalen.")
    expect(page.get_by_text("Ingen når journalen.")).to_be_visible()


def test_ten_tabs_have_one_stream_and_all_follow(live_cast, desk):
    browser = desk(live_cast.kari)
    tabs = [browser.open("/queue?show=untaken") for _nth in range(10)]
    live_cast.case(subject="Alle ser den")
    for tab in tabs:
        tab.bring_to_front()
        expect(tab.get_by_role("link", name="Alle ser den")).to_be_visible()
    assert sum(tab.evaluate(OPEN_STREAMS) for tab in tabs) == 0, "a stream is no finished request"
    held = tabs[0].evaluate(
        "async () => (await navigator.locks.query()).held.filter(one => one.name === 'live').length"
    )
    assert held == 1


def test_when_the_tab_that_listens_is_closed_another_takes_over(live_cast, desk):
    browser = desk(live_cast.kari)
    first, second = browser.open("/queue?show=untaken"), browser.open("/queue?show=untaken")
    first.close()
    live_cast.case(subject="Etter at den første er lukket")
    expect(second.get_by_role("link", name="Etter at den første er lukket")).to_be_visible()


def test_what_came_to_an_open_case_is_told_over_it_and_moves_nothing(live_cast, desk):
    ticket = live_cast.case()
    assignment.take(ticket=ticket, by=live_cast.kari)
    page = desk(live_cast.kari).open(f"/tickets/{ticket.pk}?open=answer")
    box = page.locator("textarea[name=words]:visible").first
    box.fill("Jeg har begynt på et svar")
    before = page.locator(".conversation .message").first.bounding_box()
    comes(ticket, live_cast, "Nå virker det ikke i det hele tatt.")
    strip = page.locator(".news")
    expect(strip).to_contain_text(re.compile("Ny melding fra Nora Sykepleier kl"))
    assert page.locator(".conversation .message").first.bounding_box() == before
    expect(page.get_by_text("Nå virker det ikke i det hele tatt.")).to_have_count(0)
    expect(box).to_be_focused()
    strip.get_by_role("link", name="Vis").click()
    expect(page.get_by_text("Nå virker det ikke i det hele tatt.")).to_be_visible()
    expect(strip).to_have_count(0)
    expect(box).to_have_value("Jeg har begynt på et svar")
    assert page.evaluate("document.activeElement.classList.contains('message')"), "the reader is led to what is new"
    with page.expect_navigation():
        box.press("Control+Enter")
    assert ticket.messages.filter(text="Jeg har begynt på et svar").exists(), "what was shown stops nobody"


def test_what_was_told_and_not_shown_still_stops_who_sends(live_cast, desk):
    ticket = live_cast.case()
    assignment.take(ticket=ticket, by=live_cast.kari)
    page = desk(live_cast.kari).open(f"/tickets/{ticket.pk}?open=answer")
    box = page.locator("textarea[name=words]:visible").first
    box.fill("Svar uten å ha sett")
    comes(ticket, live_cast, "Vent, det var noe annet!")
    expect(page.locator(".news")).to_be_visible()
    with page.expect_navigation():
        box.press("Control+Enter")
    expect(page.get_by_text("Vent, det var noe annet!").first).to_be_visible()
    assert not ticket.messages.filter(text="Svar uten å ha sett").exists()


def test_the_head_and_facts_of_an_open_case_follow_by_themselves(live_cast, desk):
    ticket = live_cast.case()
    page = desk(live_cast.kari).open(f"/tickets/{ticket.pk}")
    expect(page.locator(".ticket-head")).to_contain_text("ikke tatt")
    assignment.take(ticket=ticket, by=live_cast.knut)
    expect(page.locator(".ticket-head")).to_contain_text("Knut Lie")
    expect(page.locator(".news")).to_contain_text("Knut Lie tok saken")


def test_colleagues_see_who_looks_and_who_writes(live_cast, desk):
    ticket = live_cast.case()
    kari, knut = desk(live_cast.kari), desk(live_cast.knut)
    mine, others = kari.open(f"/tickets/{ticket.pk}?open=note"), knut.open(f"/tickets/{ticket.pk}")
    expect(others.locator("#presence")).to_have_text(re.compile("Kari Nordmann ser på saken"))
    expect(mine.locator("#presence")).to_have_text(re.compile("Knut Lie ser på saken"))
    mine.locator("textarea[name=words]:visible").first.fill("Ring meg")
    expect(others.locator("#presence")).to_have_text(re.compile("Kari Nordmann skriver"))
    mine.close()
    expect(others.locator("#presence")).to_have_text("")
    assert Presence.objects.count() == 1


def test_signing_out_stops_the_stream_and_the_page_says_so(live_cast, desk):
    browser = desk(live_cast.kari)
    page, other = browser.open("/queue"), browser.open("/queue")
    other.evaluate("document.querySelector('form[action=\"/sign-out\"]').submit()")
    other.wait_for_url("**/sign-in")
    expect(page.locator(".toast[data-session]")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1024, 1440])
def test_the_line_over_a_case_fits_and_can_be_used_by_everybody(live_cast, desk, width):
    ticket = live_cast.case()
    page = desk(live_cast.kari).open(f"/tickets/{ticket.pk}")
    page.set_viewport_size({"width": width, "height": 900})
    answering.note(ticket=ticket, by=live_cast.knut, words="Se her")
    expect(page.locator(".news")).to_be_visible()
    assert wider_than_the_window(page) <= 0
    assert violations(page, only=["color-contrast", "link-name", "region", "aria-valid-attr"]) == []


def test_a_fault_of_many_follows_and_leaves_what_one_writes_where_it_is(live_cast, desk):
    cast = live_cast
    major = start(by=cast.kari, title="Ingen når DIPS", service=cast.dips, impact="departments", consequence="stops")
    join(ticket=cast.case(subject="Den første"), by=cast.kari, major=major)
    page = desk(cast.kari).open(f"/majors/{major.pk}")
    page.set_viewport_size({"width": 390, "height": 800})
    box = page.locator("#update-words")
    box.fill("Vi har funnet")
    before = box.bounding_box()
    ticket = join(ticket=cast.case(subject="Enda en"), by=cast.knut, major=major)
    expect(page.locator("#major-cases")).to_contain_text("Enda en")
    update(major=major, by=cast.knut, words="Leverandøren er varslet.")
    expect(page.locator("#major-told")).to_contain_text("Leverandøren er varslet.")
    assignment.take(ticket=ticket, by=cast.knut)
    expect(page.locator(f"#case-{ticket.pk}")).to_contain_text("Under arbeid")
    expect(box).to_be_focused()
    expect(box).to_have_value("Vi har funnet")
    assert abs(box.bounding_box()["y"] - before["y"]) <= 1, "what one writes has not moved"
    with page.expect_navigation():
        page.get_by_role("button", name="Send til alle som er rammet").click()
    assert major.updates.filter(words="Vi har funnet").exists()


def test_an_improvement_follows_and_leaves_what_one_writes(live_cast, desk):
    improvement = made(live_cast)
    page = desk(live_cast.kari).open(f"/improvements/{improvement.pk}")
    page.get_by_text("Den er gjort", exact=True).click()
    box = page.locator("#done-words_nb")
    box.fill("Nå er det")
    other = joins(live_cast, improvement, live_cast.dag)
    expect(page.locator("#wish-head")).to_contain_text("2 innmeldere")
    expect(page.locator(f"#case-{other.pk}")).to_be_visible()
    step_to(live_cast, improvement, Step.PLANNED, by=live_cast.knut)
    expect(page.locator("#wish-steps")).to_contain_text("Planlagt")
    expect(box).to_be_focused()
    expect(box).to_have_value("Nå er det")
