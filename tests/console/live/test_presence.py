"""Who has a case before them: told to the others for a minute, and kept nowhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from saksgang.console.live import presence
from saksgang.console.models import Presence
from saksgang.events.models import Event
from saksgang.lib import clock, passing
from saksgang.tickets.actions import assignment, restriction
from tests.console.case.help import browser


def sign(client, ticket, **fields) -> str:
    answer = client.post(f"/tickets/{ticket.pk}/presence", {"tab": "a"} | fields)
    assert answer.status_code == 200
    return answer.content.decode()


def shown(client, ticket) -> str:
    return client.get(f"/tickets/{ticket.pk}/presence").content.decode()


def test_the_others_are_told_who_looks_and_who_writes(cast):
    ticket = cast.case()
    kari, knut = browser(cast.kari), browser(cast.knut)
    sign(kari, ticket)
    assert "Kari Nordmann is looking at the case" in shown(knut, ticket)
    for box, words in (("answer", "is writing an answer"), ("note", "is writing a note"), ("closure", "is writing")):
        sign(kari, ticket, writing=box)
        assert f"Kari Nordmann {words}</span>" in shown(knut, ticket)
    assert shown(kari, ticket).strip() == "", "one is not told of oneself"


def test_whoever_writes_is_named_first_and_two_tabs_of_one_person_are_one(cast):
    ticket = cast.case()
    sign(browser(cast.kari), ticket)
    sign(browser(cast.nils), ticket, tab="a", writing="answer")
    sign(browser(cast.nils), ticket, tab="b")
    with translation.override("en"):
        told = presence.lines(ticket, cast.knut)
    assert told == ["Nils Berg is writing an answer", "Kari Nordmann is looking at the case"]


@pytest.mark.parametrize("seconds", [59, 61])
def test_a_minute_after_the_last_sign_it_is_over(cast, seconds):
    ticket = cast.case()
    sign(browser(cast.kari), ticket)
    with clock.at(clock.now() + timedelta(seconds=seconds)):
        assert bool(presence.lines(ticket, cast.knut)) == (seconds < 60)
        assert passing.forget() == (seconds > 60)
        assert Presence.objects.count() == (seconds < 60)


def test_a_tab_that_is_closed_is_gone_at_once(cast):
    ticket, kari = cast.case(), browser(cast.kari)
    sign(kari, ticket)
    sign(browser(cast.knut), ticket, gone="1")
    assert Presence.objects.count() == 1, "nobody closes another's tab"
    sign(kari, ticket, gone="1")
    assert not Presence.objects.exists()


def test_a_tab_that_shows_another_case_is_there_and_not_here(cast):
    first, second, kari = cast.case(), cast.case(), browser(cast.kari)
    sign(kari, first)
    sign(kari, second)
    assert presence.lines(first, cast.knut) == []
    assert len(presence.lines(second, cast.knut)) == 1


def test_it_leaves_no_event(cast):
    ticket = cast.case()
    before = Event.objects.count()
    sign(browser(cast.kari), ticket, writing="answer")
    assert Event.objects.count() == before


def test_whoever_may_not_see_the_case_is_told_of_nobody_and_tells_nothing(cast):
    ticket = cast.case()
    assignment.take(ticket=ticket, by=cast.kari)
    restriction.restrict(ticket=ticket, by=cast.kari, readers=[], reason="Personalsak")
    where = f"/tickets/{ticket.pk}/presence"
    assert browser(cast.nils).get(where).status_code == 404
    assert browser(cast.nils).post(where, {"tab": "a"}).status_code == 404
    assert not Presence.objects.exists()
    assert browser(None).get(where, headers={"X-Requested-With": "fetch"}).status_code == 401


def test_it_says_when_nothing_has_changed(cast):
    ticket, knut = cast.case(), browser(cast.knut)
    sign(browser(cast.kari), ticket)
    where = f"/tickets/{ticket.pk}/presence"
    tag = knut.get(where)["ETag"]
    assert knut.get(where, headers={"If-None-Match": tag}).status_code == 304
    sign(browser(cast.kari), ticket, writing="answer")
    assert knut.get(where, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("tab", ["", "x" * 41, "a b", "æ", "<b>"])
def test_what_no_tab_of_ours_says_is_not_kept(cast, tab):
    sign(browser(cast.kari), cast.case(), tab=tab)
    assert not Presence.objects.exists()
