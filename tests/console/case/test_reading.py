"""Where one begins: what one has seen is folded into a line, what is new stands under its own, and nobody else is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from saksgang.console.case import reading
from saksgang.console.models import Seen
from saksgang.events.models import Event
from saksgang.lib import clock
from saksgang.tickets.actions import answering
from saksgang.tickets.models import Message
from tests.console.case.help import address, browser, page
from tests.console.case.test_browser import visit  # noqa: F401
from tests.console.case.test_ticket import reply


def talk(cast, ticket, times=3):
    for at in range(times):
        with clock.at(clock.now() + timedelta(days=at)):
            answering.note(ticket=ticket, by=cast.knut, words=f"Notat nummer {at}.")


def later(cast, ticket, words):
    with clock.at(clock.now() + timedelta(days=20)):
        reply(cast, ticket, words)


def said(client, ticket):
    return client.get(address("ticket", ticket)).context["said"]


def test_the_first_time_everything_stands_open(cast):
    ticket = cast.case()
    talk(cast, ticket, 6)
    rows = said(browser(cast.kari), ticket)
    assert not any(row.get("folded") or row.get("begins") for row in rows)


def test_what_one_has_seen_is_folded_and_what_is_new_has_its_line(cast):
    ticket, client = cast.case(), browser(cast.kari)
    talk(cast, ticket, 6)
    page(client, ticket)
    later(cast, ticket, "Nå virker det ikke igjen.")
    rows = said(client, ticket)
    assert [bool(row.get("folded")) for row in rows] == [True] * 5 + [False] * 3
    assert rows[0]["fold"].startswith("5 older messages, ")
    assert rows[4]["fold_ends"]
    assert [bool(row.get("begins")) for row in rows] == [False] * 7 + [True]
    html = page(client, ticket)
    assert "New since last time" not in html, "it has been seen by now"


def test_two_older_messages_are_not_worth_a_press(cast):
    ticket, client = cast.case(), browser(cast.kari)
    talk(cast, ticket, 3)
    page(client, ticket)
    assert not any(row.get("folded") for row in said(client, ticket))


def test_each_has_their_own_place_and_leaves_no_other_trace(cast):
    ticket = cast.case()
    talk(cast, ticket, 5)
    events = Event.objects.count()
    page(browser(cast.kari), ticket)
    assert not any(row.get("folded") for row in said(browser(cast.knut), ticket))
    assert Event.objects.count() == events
    assert set(Seen.objects.values_list("person", "message_id")) == {
        (who.pk, Message.objects.order_by("-pk").first().pk) for who in (cast.kari, cast.knut)
    }
    assert {field.name for field in Seen._meta.fields} == {"id", "ticket", "person", "message_id"}, "no time is kept"


def test_a_place_never_moves_back(cast):
    ticket = cast.case()
    reading.remember(ticket.pk, cast.kari, 20, None)
    reading.remember(ticket.pk, cast.kari, 10, None)
    assert reading.seen_until(ticket.pk, cast.kari) == 20


def test_a_form_that_was_refused_moves_nothing(cast):
    ticket, client = cast.case(), browser(cast.kari)
    client.post(address("ticket_answer", ticket), {"words": ""})
    assert not Seen.objects.exists()


def test_a_day_has_its_line(cast):
    ticket = cast.case()
    talk(cast, ticket, 2)
    days = [row.get("day") for row in said(browser(cast.kari), ticket)]
    assert days[0] == "today"
    assert days[1] is None
    assert days[2] == "tomorrow"


@pytest.mark.browser
def test_the_page_opens_at_what_is_new_and_a_link_opens_what_is_folded(visit, live_cast):  # noqa: F811
    ticket = live_cast.case()
    talk(live_cast, ticket, 9)
    visit(address("ticket", ticket))
    for _each in range(3):
        later(live_cast, ticket, "Linje\n" * 30)
    page = visit(address("ticket", ticket))
    top = page.locator("#begin").bounding_box()["y"]
    assert 40 <= top <= 300
    first = Message.objects.order_by("pk").first()
    assert not page.locator(f"#m{first.pk}").is_visible()
    page.evaluate("(hash) => { location.hash = hash; }", f"m{first.pk}")
    page.locator(f"#m{first.pk}").wait_for()


def test_of_a_long_message_ten_lines_stand_and_a_press_shows_the_rest(cast):
    ticket = cast.case()
    reply(cast, ticket, "\n".join(f"Punkt {nth} på listen." for nth in range(1, 31)))
    html = page(browser(cast.kari), ticket)
    standing, _summary, folded = html.partition('<details class="rest">')
    assert "Punkt 10 på listen." in standing
    assert "Punkt 11 på listen." not in standing
    assert "Show 20 more lines" in folded
    assert "Punkt 30 på listen." in folded


@pytest.mark.browser
def test_the_rest_of_a_long_message_is_shown_by_the_keyboard_alone(visit, live_cast):  # noqa: F811
    ticket = live_cast.case()
    reply(live_cast, ticket, "\n".join(f"Punkt {nth} på listen." for nth in range(1, 31)))
    visited = visit(address("ticket", ticket))
    expect(visited.get_by_text("Punkt 30")).not_to_be_visible()
    visited.locator(".rest > summary").focus()
    visited.keyboard.press("Enter")
    expect(visited.get_by_text("Punkt 30")).to_be_visible()
    visited.keyboard.press("Enter")
    expect(visited.get_by_text("Punkt 30")).not_to_be_visible()
