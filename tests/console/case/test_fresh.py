"""What fresh pages draw alike: the same as drawn for each, in each language, and only where a case lacks nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import translation

from saksgang.console.case import fresh
from saksgang.console.case.forms.ending import SolvingFields
from saksgang.console.case.forms.moving import WaitFields, first_until
from saksgang.lib import clock
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.models import Ticket
from saksgang.ui.tags import part
from tests.console.case.help import assessed, browser, page


class Read:
    """As much of a case as the fields ask for."""

    posted = False

    class request:  # noqa: N801
        GET: dict[str, str] = {}

    services: tuple[()] = ()
    open_parts: tuple[()] = ()

    def __init__(self, ticket, requesters=(), addresses=None):
        self.ticket, self.requesters, self.addresses = ticket, requesters, addresses or {}


@pytest.fixture(autouse=True)
def _forgotten():
    fresh._known.clear()


def drawn(case) -> str:
    return part("console/case/waiting.html", {"form": WaitFields(case)})


def test_a_wait_is_drawn_as_for_each_case_and_once(cast, monkeypatch):
    case = Read(cast.case())
    first = fresh.waiting(case)
    assert first == drawn(case)
    monkeypatch.setattr(fresh, "part", None)  # not called again
    assert fresh.waiting(Read(cast.case())) == first


def test_each_language_and_each_time_has_its_own(cast):
    case, said = Read(cast.case()), set()
    for language in ("nb", "nn", "en"):
        with translation.override(language):
            said.add(fresh.waiting(case))
    with clock.at(clock.now() + timedelta(days=3)):
        said.add(fresh.waiting(case))
        assert fresh.waiting(case) == drawn(case)
    assert len(said) == 4


def test_the_time_that_is_proposed_is_at_a_half_hour_no_further_than_a_step_may_lie(cast):
    until = first_until(cast.service_desk.pk)
    assert (until.minute % 30, until.second, until.microsecond) == (0, 0, 0)
    assert until > clock.now() + timedelta(days=9)


def test_solving_asks_a_case_for_what_it_lacks(cast):
    assert isinstance(fresh.resolution(Read(cast.case())), SolvingFields)
    whole = assessed(cast, cast.case())
    assert "technical" in str(fresh.resolution(Read(whole)))


def test_solving_asks_whether_somebody_without_an_address_was_told(cast):
    whole = assessed(cast, cast.case())
    one = type("One", (), {"person_id": cast.nora.pk})
    assert isinstance(fresh.resolution(Read(whole, [one])), SolvingFields)
    assert isinstance(fresh.resolution(Read(whole, [one], {one.person_id: ["nora@sykehus.example"]})), str)


def test_it_never_grows_without_end(cast, monkeypatch):
    monkeypatch.setattr(fresh, "MOST", 2)
    case = Read(cast.case())
    for day in range(20):
        with clock.at(clock.now() + timedelta(days=day)):
            assert fresh.waiting(case) == drawn(case)
    assert len(fresh._known) <= 2


def test_nothing_of_a_case_stands_in_what_others_are_drawn_with(cast):
    words = "Passordet mitt er hemmelig"
    ticket = assessed(cast, cast.case(subject=words, heard=Heard(words, cast.nora.name, "nora@sykehus.example")))
    page(browser(cast.kari), ticket)
    assert len(fresh._known) == 2
    kept = " ".join(fresh._known.values())
    assert words not in kept
    assert "csrf" not in kept
    assert not re.search(rf"/{ticket.pk}\b", kept)


def test_solving_asks_why_where_a_sub_case_is_open():
    read = Read(Ticket(assessed_at=clock.now(), type="ORDER"))
    read.open_parts = (Ticket(),)
    assert isinstance(fresh.resolution(read), SolvingFields)
