"""«@Knut» in a note: he is told on the front page and on the case; names are completed as one types; he ticks it off."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from saksgang.console.live.changes import Watch
from saksgang.events.models import Event
from saksgang.tickets.actions import answering, restriction
from saksgang.tickets.models import Message
from tests.acceptance.pages import violations
from tests.console.case.help import address, assessed, browser, page, send
from tests.console.case.test_browser import visit  # noqa: F401 - a fixture


def test_the_colleague_is_told_until_it_is_ticked_off(cast):
    ticket = assessed(cast, cast.case())
    html = send(browser(cast.kari), "ticket_note", ticket, words="@Knut, kan du se på den?")
    assert "The note is saved. Only the desk sees it. Knut Lie: told." in html
    assert "mentions you in a note" not in html
    client = browser(cast.knut)
    assert "A colleague asks something of you in a note." in client.get("/").content.decode()
    told = page(client, ticket)
    assert "Kari Nordmann mentions you in a note." in told
    assert f'href="#m{Message.objects.get(kind="NOTE").pk}"' in told
    html = send(client, "ticket_mention", ticket)
    assert "Ticked off" in html
    assert "mentions you in a note" not in html
    assert "You are mentioned" not in client.get("/").content.decode()
    assert "It is ticked off already." in send(client, "ticket_mention", ticket, 422)


def test_one_of_another_team_says_something_on_it_and_it_leaves_the_list(cast):
    ticket = cast.case()
    answering.note(ticket=ticket, by=cast.kari, words="@Nils Berg, er det nettet?")
    assert "You are mentioned" in browser(cast.nils).get("/").content.decode()
    send(browser(cast.nils), "ticket_note", ticket, words="Ja, det er nettet.")
    assert "You are mentioned" not in browser(cast.nils).get("/").content.decode()


def test_a_name_that_nobody_has_is_said_and_the_note_is_saved(cast):
    ticket = cast.case()
    html = send(browser(cast.kari), "ticket_note", ticket, words="@Finn ser på den")
    assert "Nobody who can see the case is called @Finn, so nobody was told by that." in html


def test_what_is_typed_finds_those_who_may_see_the_case(cast):
    ticket = cast.case()
    client = browser(cast.kari)

    def names(typed):
        found = client.get(address("ticket_mentionable", ticket), {"q": typed}).content.decode()
        return [name for name in ("Knut Lie", "Nils Berg", "Kari Nordmann", "Nora") if name in found]

    assert names("kn") == ["Knut Lie"]
    assert names("ber") == ["Nils Berg"]
    assert names("kari") == [], "oneself is not told"
    assert names("nora") == [], "a requester sees no notes"
    restriction.restrict(ticket=ticket, by=cast.kari, readers=[], reason="Personalsak")
    assert names("kn") == []
    assert browser(cast.nils).get(address("ticket_mentionable", ticket), {"q": "kn"}).status_code == 404


def test_open_pages_of_the_one_who_is_mentioned_hear_of_it(cast):
    ticket = cast.case()
    before = Event.objects.latest("pk").pk
    answering.note(ticket=ticket, by=cast.kari, words="@Nils Berg, er det nettet?")
    news = Watch().news([(before + 1, Event.objects.latest("pk").pk)], mails=False, presence=False)
    assert cast.nils.pk in news.changes[0].persons


@pytest.mark.browser
@pytest.mark.once
def test_a_name_is_completed_by_keys_and_escape_puts_the_list_away_and_not_the_note(visit, live_cast):  # noqa: F811
    ticket = assessed(live_cast, live_cast.case())
    view = visit(address("ticket", ticket))
    view.keyboard.press("i")
    words = view.locator("#note-words")
    expect(words).to_be_focused()
    view.keyboard.type("Hei @kn")
    option = view.locator("mention-lookup [role=option]")
    expect(option).to_have_count(1)
    assert view.complaints == []  # before axe, which writes styles of its own
    assert violations(view, within="#note-words") == []
    view.keyboard.press("Escape")
    expect(option).to_be_hidden()
    expect(words).to_be_visible()
    view.keyboard.type("u")
    expect(option).to_be_visible()
    view.keyboard.press("Enter")
    expect(words).to_have_value("Hei @Knut Lie ")
    view.keyboard.type("ser du på den?")
    view.keyboard.press("Control+Enter")
    expect(view.locator("#toasts").get_by_text("Knut Lie: told.")).to_be_visible()
