"""On paper, with less motion, and in the reader's own few colours (the high contrast of Windows)."""

import pytest

from saksgang.lib import clock
from tests.acceptance.conftest import let_in
from tests.acceptance.keyboard import Keyboard
from tests.acceptance.pages import picture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.once]

# What is drawn of everything that a person could press or fill in, and of the frame.
TOOLS = "nav, form, button, input, textarea, select, .topbar, .toasts, .acts, kbd, summary"
DRAWN = """(selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility() && one.getClientRects().length)
  .map((one) => `${one.tagName.toLowerCase()} ${one.className} ${one.textContent.trim().slice(0, 40)}`)"""
# Every colour of text and line that is not black or grey, and every ground that is not white.
COLOURED = """() => [...document.querySelectorAll("main, main *")].filter((one) => one.checkVisibility()).map((one) => {
  const style = getComputedStyle(one);
  const plain = style.color === "rgb(0, 0, 0)" && style.backgroundColor === "rgba(0, 0, 0, 0)";
  return plain ? "" : `${one.className}: ${style.color} on ${style.backgroundColor}`;
}).filter(Boolean)"""
CUT_OFF = """() => [...document.querySelectorAll(".queue td, .queue td :not(.visually-hidden)")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== "visible")
  .map((one) => `${one.tagName} ${one.className} ${one.textContent}`)"""
LONGEST = """() => Math.max(...[...document.querySelectorAll("*")].flatMap((one) => ["", "::before", "::after"].map((part) => {
  const style = getComputedStyle(one, part);
  const seconds = (list) => Math.max(...list.split(",").map((time) => parseFloat(time) * (time.includes("ms") ? 0.001 : 1)));
  return Math.max(seconds(style.transitionDuration), style.animationName === "none" ? 0 : seconds(style.animationDuration));
})))"""


@pytest.fixture
def number(lively_desk):
    return lively_desk.ledger()[0].ticket.pk


@pytest.fixture
def at(lively_desk, page):
    """Opens an address as Kari."""
    let_in(page.context, lively_desk, lively_desk.cast.kari)

    def open_(address: str):
        page.goto(lively_desk.url + address)
        page.wait_for_load_state("networkidle")
        return page

    return open_


def on_paper(page, name: str) -> None:
    """As on a sheet of A4 with its margins; the picture is for a person to look at."""
    page.set_viewport_size({"width": 718, "height": 1000})
    page.emulate_media(media="print")
    picture(page, f"{name}-print")


def test_on_paper_a_case_is_all_that_was_said_and_no_tools(at, number, page):
    at(f"/tickets/{number}")
    on_paper(page, "ticket")
    assert page.evaluate(DRAWN, TOOLS) == []
    for said in ("h1", ".facts", ".person .name", ".message-body", ".message[data-kind=note]", ".quote > div"):
        assert page.locator(said).first.is_visible(), said
    assert page.locator(".quote > div").first.bounding_box()["height"] > 10, "quoted text stands open"
    exact = page.locator(".message-head time").first.evaluate("(one) => getComputedStyle(one, '::after').content")
    assert str(clock.now().year) in exact, "paper lasts longer than «i dag»"
    assert not page.locator(".ticket-help .like").first.is_visible(), (
        "other cases are nobody's business who got this one"
    )
    breaks = page.evaluate("[...document.querySelectorAll('.message')].map((one) => getComputedStyle(one).breakInside)")
    assert set(breaks) == {"avoid-page"}
    assert page.evaluate("document.documentElement.scrollWidth") <= 718


def test_on_paper_links_are_words_and_not_addresses(at, number, page):
    for address in (f"/tickets/{number}", "/queue?show=all", "/accessibility"):
        at(address)
        page.emulate_media(media="print")
        written = page.evaluate("[...document.links].map((one) => getComputedStyle(one, '::after').content)")
        assert not [words for words in written if "http" in words or "attr" in words]


def test_on_paper_a_queue_is_a_table_of_cases(at, page):
    at("/queue?show=all")
    on_paper(page, "queue")
    assert page.evaluate(DRAWN, TOOLS) == []
    assert page.evaluate("getComputedStyle(document.querySelector('.queue tbody tr')).display") == "table-row"
    assert page.locator(".queue thead").first.is_visible()
    assert page.evaluate(CUT_OFF) == []


def test_paper_is_black_on_white_also_for_who_reads_in_the_dark(lively_desk, at, number, page):
    page.context.add_cookies([{"name": "color_scheme", "value": "dark", "url": lively_desk.url}])
    for address in (f"/tickets/{number}", "/queue?show=all"):
        at(address)
        assert page.evaluate("document.documentElement.dataset.colorScheme") == "dark"
        page.emulate_media(media="print")
        assert page.evaluate(COLOURED) == []


def test_a_case_becomes_a_pdf_and_nothing_is_fetched_for_it(lively_desk, at, number, page):
    at(f"/tickets/{number}")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    assert page.pdf(format="A4").startswith(b"%PDF-")
    assert [url for url in asked if not url.startswith(lively_desk.url)] == []


@pytest.mark.parametrize("address", ["/", "/queue?show=all", "/tickets/{number}", "/tickets/new", "/components"])
def test_with_reduced_motion_nothing_moves(at, number, page, address):
    page.emulate_media(reduced_motion="reduce")
    at(address.format(number=number))
    assert page.evaluate(LONGEST) <= 0.0001
    assert page.evaluate("document.getAnimations().filter((one) => one.effect.getTiming().duration > 1).length") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_high_contrast_icons_and_focus_and_choices_are_seen(at, number, page, scheme):
    page.emulate_media(forced_colors="active", reduced_motion="reduce", color_scheme=scheme)
    at(f"/tickets/{number}?open=answer")
    picture(page, f"ticket-forced-{scheme}")
    for icon in (
        page.locator(".topbar .icon, .ticket-head .icon, .acts .act > summary .icon").filter(visible=True).all()
    ):
        drawn = icon.screenshot()
        icon.evaluate("(one) => { one.style.opacity = 0; }")
        assert icon.screenshot() != drawn, f"an icon cannot be told from its ground: {icon.inner_html()}"
    delivered = page.locator(".delivery .icon").first
    assert delivered.evaluate("(one) => getComputedStyle(one).color === getComputedStyle(one.parentElement).color")
    marked = page.locator(".act[open] > summary")
    assert marked.evaluate("(one) => getComputedStyle(one).outlineStyle") == "solid", "the open box is told by a line"
    keys = Keyboard(page)
    for _nth in range(40):
        keys.press("Tab")  # each stop is asked for its ring
