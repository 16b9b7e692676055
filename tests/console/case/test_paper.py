"""A case on paper: who wrote each message, whole dates, all that was folded, and nothing of the tools around it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from saksgang.lib import clock
from saksgang.outbound.models import OutboundMail
from saksgang.tickets.actions import answering, assignment, restriction
from saksgang.tickets.models import Ticket
from tests.console.case.help import address, assessed
from tests.console.case.test_browser import visit  # noqa: F401 - a fixture
from tests.console.case.test_reading import talk
from tests.console.case.test_ticket import reply
from tests.console.case.test_words_browser import failed_answer

pytestmark = [pytest.mark.browser, pytest.mark.once]

# The words that ink is spent on: text that is drawn, and what the style sheet puts in its place.
PRINTED = """() => {
  const drawn = (one) => one.checkVisibility() && one.getClientRects().length && !one.closest(".visually-hidden");
  const instead = (one) => ["::before", "::after"].map((part) => getComputedStyle(one, part).content)
    .filter((words) => words.startsWith('"')).map((words) => words.slice(1, -1)).join(" ");
  const walk = (one) => {
    if (!drawn(one) && getComputedStyle(one).display !== "contents") return "";
    const inside = [...one.childNodes].map((child) => child.nodeType === 1 ? walk(child)
      : child.nodeType === 3 && parseFloat(getComputedStyle(one).fontSize) > 0 ? child.textContent : "").join(" ");
    return `${inside} ${instead(one)}`;
  };
  return walk(document.body).replace(/\\s+/g, " ");
}"""


def printed(page) -> str:
    page.emulate_media(media="print")
    return page.evaluate(PRINTED)


def test_the_writer_of_each_message_is_named_also_when_it_is_oneself(visit, live_cast):  # noqa: F811
    ticket = assignment.take(ticket=assessed(live_cast, live_cast.case()), by=live_cast.kari)
    answering.answer(ticket=ticket, by=live_cast.kari, words="Prøv nå.")
    answering.note(ticket=ticket, by=live_cast.knut, words="Hjulet er slitt.")
    page = visit(address("ticket", ticket))
    assert "You" in page.locator(".message[data-kind=answer] .message-head").inner_text()
    words = printed(page)
    assert re.search(rf"{live_cast.kari.name}\s+answer ", words)
    assert live_cast.knut.name in words
    assert not re.search(r"\b[Yy]ou\b", words)


def test_every_time_stands_with_its_day_month_and_year(visit, live_cast):  # noqa: F811
    ticket = live_cast.case()
    talk(live_cast, ticket, 5)
    sent = failed_answer(live_cast)
    OutboundMail.objects.update(state="sent", sent_at=clock.now(), failed_at=None, last_error="")
    for one in (ticket, sent):
        words = printed(visit(address("ticket", one)))
        times = re.findall(r"(.{0,24})\d\d:\d\d", words)
        assert times
        assert [before for before in times if not re.search(r"\d{1,2} [A-Z][a-z]+ \d{4} at $", before)] == []
        assert not re.search(r"\b(today|yesterday|tomorrow)\b", words)


def test_nothing_of_the_tools_around_the_case_is_printed(visit, live_cast):  # noqa: F811
    ticket = failed_answer(live_cast)
    reply(live_cast, ticket)
    restriction.restrict(ticket=ticket, by=live_cast.knut, readers=[live_cast.kari], reason="Personalsak")
    page = visit(f"{address('ticket', ticket)}?open=answer")
    words = printed(page)
    for tool in (".banner", ".answer", ".sidebar", ".topbar", ".ticket-news", ".presence", ".head-acts", ".case-walk"):
        assert [one for one in page.locator(tool).all() if one.is_visible()] == [], tool
    assert "Restricted case" in words, "whoever finds the sheet must see that it is not for all"
    assert "New message" not in words


def test_what_is_folded_on_the_screen_stands_open_on_paper(visit, live_cast):  # noqa: F811
    ticket = a_folded_case(live_cast, visit)
    page = visit(address("ticket", ticket))
    assert not page.locator("text=Notat nummer 0.").is_visible()
    words = printed(page)
    assert "Notat nummer 0." in words
    assert "Dette sa vi." in words
    assert "Punkt 30 på listen." in words
    assert page.locator(".older summary").evaluate("(one) => getComputedStyle(one).display") == "none"


def test_what_a_style_sheet_cannot_open_is_opened_before_printing_and_closed_after(visit, live_cast):  # noqa: F811
    page = visit(address("ticket", a_folded_case(live_cast, visit)))
    folded = page.locator(".older > details, .quote, .rest")
    page.locator(".quote").last.evaluate("(one) => { one.open = true; }")
    before = folded.evaluate_all("(all) => all.map((one) => one.open)")
    assert False in before
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert False not in folded.evaluate_all("(all) => all.map((one) => one.open)")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert folded.evaluate_all("(all) => all.map((one) => one.open)") == before


def a_folded_case(cast, visit) -> Ticket:  # noqa: F811
    ticket = cast.case()
    talk(cast, ticket, 5)
    visit(address("ticket", ticket))
    with clock.at(clock.now() + timedelta(days=30)):
        own = "".join(f"Punkt {nth} på listen.\n" for nth in range(1, 31))
        reply(cast, ticket, f"{own}Dette sa vi.", segments=((False, own), (True, "Dette sa vi.")))
    return ticket
