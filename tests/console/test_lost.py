"""A page that is not there, or not allowed, leaves nobody without a way on."""

from __future__ import annotations

import pytest

from saksgang.access.roles import Role
from tests.console.case.help import browser

GONE = ["/tickets/999999999", "/nowhere", f"/tickets/{'9' * 40}", "/mail/999999", "/attachments/1/x"]


@pytest.mark.parametrize("path", GONE)
def test_signed_in_the_search_box_the_lists_and_ways_on_stand_there(cast, path):
    answer = browser(cast.kari).get(path)
    html = answer.content.decode()
    assert answer.status_code == 404
    for way in ('name="q"', "?show=mine", "?show=team", "Kari Nordmann", 'class="topbar"'):
        assert way in html
    assert answer["Cache-Control"] == "no-store, private"


def test_a_case_that_one_may_not_see_looks_like_one_that_is_not_there(cast):
    from saksgang.tickets.actions.restriction import restrict

    hidden = restrict(ticket=cast.case(), by=cast.kari, readers=[], reason="Gjelder en ansatt")
    client = browser(cast.knut)
    there, nowhere = client.get(f"/tickets/{hidden.pk}"), client.get("/tickets/999999999")
    assert there.content.decode().partition("<main")[2] == nowhere.content.decode().partition("<main")[2]


@pytest.mark.parametrize(
    ("language", "words"),
    [("nb", "Vi fant ikke siden"), ("nn", "Vi fann ikkje sida"), ("en", "We did not find the page")],
)
def test_in_the_persons_own_language(cast, language, words):
    client = browser(cast.kari)
    client.cookies["language"] = language
    assert words in client.get("/nowhere").content.decode()


def test_strangers_learn_no_more_than_before(db):
    html = browser(None).get("/nowhere").content.decode()
    assert 'class="topbar"' not in html


def test_what_is_not_allowed_has_a_way_on_too(cast):
    from saksgang.access.actions import grant
    from tests.cast import SETUP

    grant(by=SETUP, person=cast.nora, role=Role.ADMINISTRATOR)
    from saksgang.people.actions import open_account

    open_account(by=SETUP, person=cast.nora, username="nora", password="hemmelig-i-testene")
    answer = browser(cast.nora).get("/tickets/new")
    assert answer.status_code == 403
    assert 'class="topbar"' in answer.content.decode()
