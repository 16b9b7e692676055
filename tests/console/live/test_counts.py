"""The lists at the side, fetched by themselves."""

from __future__ import annotations

from saksgang.tickets.actions import assignment
from tests.console.case.help import browser


def test_they_are_those_of_the_page_with_the_numbers_of_now(cast):
    kari = browser(cast.kari)
    assert kari.get("/queue").content.decode().count("nav-count") == 0
    ticket = cast.case()
    fetched = kari.get("/counts?here=untaken")
    html = fetched.content.decode()
    assert html.strip() in kari.get("/queue?show=untaken").content.decode()
    assert 'aria-current="page"' in html
    assert kari.get("/counts?here=untaken", headers={"If-None-Match": fetched["ETag"]}).status_code == 304
    assignment.take(ticket=ticket, by=cast.kari)
    assert kari.get("/counts?here=untaken", headers={"If-None-Match": fetched["ETag"]}).status_code == 200


def test_nobody_else_gets_them(cast):
    assert browser(None).get("/counts", headers={"X-Requested-With": "fetch"}).status_code == 401
    assert browser(cast.kari).get("/counts")["Cache-Control"] == "no-cache, private"
