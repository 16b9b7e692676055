"""Saved views: own and the team's, with counts that follow who may see what, in an order that one chooses."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import expect

from saksgang.access.queries import NotAllowed
from saksgang.console.lists import saved
from saksgang.console.models import SavedView
from saksgang.tickets.actions import restriction
from saksgang.tickets.policies import Refused
from tests.console.case.test_browser import visit  # noqa: F401 - a fixture
from tests.console.desk import make_cases, nav_count, signed_in


@pytest.fixture
def kari(cast):
    return signed_in(cast.kari)


def names(person) -> list[str]:
    return [view.name for view in saved.shown_to(person)]


def test_a_list_is_saved_with_its_filters_and_stands_at_the_side(kari, cast):
    asked = {"query": "type=ORDER&show=all&junk=1", "name": "  Bestillinger\n nå ", "whose": ""}
    answer = kari.post("/views", asked, follow=True)
    assert answer.redirect_chain[-1][0] == "/queue?show=all&type=ORDER"
    page = answer.content.decode()
    assert "The view «Bestillinger nå» is saved." in page
    assert 'href="/queue?show=all&amp;type=ORDER" aria-current="page"' in page
    assert names(cast.knut) == []


def test_a_teams_view_is_everybodys_in_the_team(kari, cast):
    kari.post("/views", {"query": "show=team", "name": "Vårt", "whose": cast.service_desk.pk})
    assert names(cast.knut) == ["Vårt"]
    assert names(cast.nils) == []
    with pytest.raises(NotAllowed):
        saved.save(by=cast.nils, name="Deres", query="show=team", team=cast.service_desk)
    signed_in(cast.nils).post("/views", {"query": "show=team", "name": "Mitt", "whose": cast.service_desk.pk})
    assert names(cast.knut) == ["Vårt"]


def test_what_cannot_be_saved_says_why(kari, cast):
    assert "Give the view a name." in kari.post("/views", {"query": "", "name": " "}, follow=True).content.decode()
    kari.post("/views", {"query": "", "name": "En"})
    page = kari.post("/views", {"query": "", "name": "En"}, follow=True).content.decode()
    assert "There is a view called «En» already." in page
    for number in range(saved.MOST - 1):
        saved.save(by=cast.kari, name=str(number), query="show=team")
    with pytest.raises(Refused):
        saved.save(by=cast.kari, name="For mange", query="show=team")


def test_counts_are_what_the_list_would_show_this_person(kari, cast):
    make_cases(cast, 3)
    make_cases(cast, 2, team=cast.network)
    secret = cast.case(subject="Lønn")
    restriction.restrict(ticket=secret, by=cast.liv, readers=[], reason="Gjelder en ansatt")
    for person in (cast.kari, cast.liv):
        saved.save(by=person, name="Vårt", query="show=team")
        saved.save(by=person, name="Alle", query="show=all")
    assert nav_count(kari.get("/views/counts"), "/queue?show=team") == "3"
    assert nav_count(kari.get("/views/counts"), "/queue?show=all") == "5"
    assert nav_count(signed_in(cast.liv).get("/views/counts"), "/queue?show=team") == "4"


def test_counts_of_every_kind_of_list_are_one_query(kari, cast):
    make_cases(cast, 130)
    asked = [
        "show=team",
        "show=mine",
        "show=waiting",
        "state=done",
        "show=all&department=Sengepost&quiet=1",
        "show=triage",
    ]
    views = [saved.save(by=cast.kari, name=query, query=query) for query in asked]
    with CaptureQueriesContext(connection) as queries:
        found = saved.counts(cast.kari, views)
    assert sum("COUNT(" in query["sql"] for query in queries) == 1
    assert found[views[0].pk] == 101
    assert saved.counts(cast.kari, []) == {}
    assert saved.counts(cast.kari, views[:1]) == {views[0].pk: 101}


def test_the_order_is_its_owners(kari, cast):
    for name in ("A", "B", "C"):
        saved.save(by=cast.kari, name=name, query="show=team")
    saved.save(by=cast.kari, name="Teamets", query="show=team", team=cast.service_desk)
    view = {view.name: view for view in SavedView.objects.all()}
    kari.post(f"/views/{view['C'].pk}", {"do": "up"})
    assert names(cast.kari) == ["A", "C", "B", "Teamets"]
    kari.post(f"/views/{view['A'].pk}", {"to": "2"})
    assert names(cast.kari) == ["C", "B", "A", "Teamets"]
    kari.post(f"/views/{view['A'].pk}", {"do": "down"})
    kari.post(f"/views/{view['C'].pk}", {"do": "up"})
    kari.post(f"/views/{view['A'].pk}", {"to": "99"})
    assert names(cast.kari) == ["C", "B", "A", "Teamets"]
    kari.post(f"/views/{view['B'].pk}", {"do": "remove"})
    assert names(cast.kari) == ["C", "A", "Teamets"]


def test_somebody_elses_is_not_there(cast):
    view = saved.save(by=cast.kari, name="Mitt", query="show=team")
    assert signed_in(cast.knut).post(f"/views/{view.pk}", {"do": "remove"}).status_code == 404
    with pytest.raises(Refused):
        saved.remove(view=view, by=cast.knut)
    assert names(cast.kari) == ["Mitt"]


def test_a_view_has_one_owner(cast):
    for owner in ({}, {"person": cast.kari, "team": cast.service_desk}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SavedView.objects.create(name="X", query="", place=1, **owner)


def test_the_frame_asks_one_query_more_however_many_views(kari, cast):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            kari.get("/queue")
        return len(queries)

    none = asked()  # it is asked whether there are any
    for number in range(8):
        saved.save(by=cast.kari, name=str(number), query="show=team")
    assert asked() == none


@pytest.mark.browser
@pytest.mark.once
def test_saving_ordering_and_counting_in_a_browser(visit, live_cast):  # noqa: F811
    make_cases(
        live_cast,
        2,
        type="ORDER",
        assessed_at="2026-01-01T00:00Z",
        assessed_by=live_cast.kari,
        priority=3,
        queue_rank=30,
    )
    page = visit("/queue?show=team")
    page.select_option("select[name=type]", "ORDER")
    page.click(".save-view > summary")
    page.fill(".save-view input[name=name]", "Bestillinger")
    page.click(".save-view button")
    link = page.locator("live-region#views .nav-link")
    expect(link).to_contain_text("Bestillinger")
    expect(link.locator(".nav-count")).to_have_text("2")
    expect(link).to_have_attribute("aria-current", "page")
    saved.save(by=live_cast.kari, name="Mine", query="show=mine")
    page.click("live-region#views .nav-head a")
    rows = page.locator(".saved-views > li > a")
    expect(rows).to_have_text(["Bestillinger", "Mine"])
    rows.nth(1).focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(rows).to_have_text(["Mine", "Bestillinger"])
    page.locator(".saved-views > li").nth(0).drag_to(
        page.locator(".saved-views > li").nth(1), target_position={"x": 20, "y": 25}
    )
    expect(rows).to_have_text(["Bestillinger", "Mine"])
    expect(page.locator("live-region#views .nav-label")).to_have_text(["Bestillinger", "Mine"])
