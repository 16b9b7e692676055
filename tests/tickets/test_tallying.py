"""What is only counted: never what is critical or demands proof; three alike in a week are proposed as a case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.access.queries import NotAllowed
from saksgang.events.models import Event
from saksgang.lib import clock
from saksgang.tickets import policies
from saksgang.tickets.actions import tallying
from saksgang.tickets.models import Tally
from tests.tickets.steps import kind_of_case


@pytest.fixture
def paper(cast):
    return kind_of_case(cast, "Tom for papir", service=cast.printing, demands_proof=False)


def count(cast, kind, **facts):
    known = {"by": cast.kari, "team": cast.service_desk, "department": cast.ward, "minutes": 5}
    return tallying.tally(category=kind, **(known | facts))


def test_it_says_what_where_and_how_long_and_nobody_is_named(cast, paper):
    counted = count(cast, paper)
    assert (counted.category, counted.department, counted.minutes) == (paper, cast.ward, 5)
    assert Event.objects.get(kind="tally_added").after == {
        "category_id": paper.pk, "team_id": cast.service_desk.pk, "minutes": 5,
    }  # fmt: skip


def test_what_is_critical_or_demands_proof_is_a_case(cast):
    for facts in ({"service": cast.dips, "demands_proof": False}, {"service": cast.printing, "demands_proof": True}):
        with pytest.raises(policies.Refused):
            count(cast, kind_of_case(cast, f"Slik {facts['demands_proof']}", **facts))
    assert not Tally.objects.exists()


@pytest.mark.parametrize("minutes", [0, -1, 241])
def test_the_minutes_are_few_and_some(cast, paper, minutes):
    with pytest.raises(policies.Refused):
        count(cast, paper, minutes=minutes)


def test_only_who_works_in_the_team_counts_for_it(cast, paper):
    with pytest.raises(NotAllowed):
        count(cast, paper, by=cast.nils)


def test_the_third_alike_in_a_week_repeats(cast, paper):
    assert not tallying.is_repeating(count(cast, paper))
    with clock.at(clock.now() + timedelta(days=6)):
        assert not tallying.is_repeating(count(cast, paper))
        assert not tallying.is_repeating(count(cast, paper, department=cast.clinic))
        assert tallying.is_repeating(count(cast, paper))
    with clock.at(clock.now() + timedelta(days=14)):
        assert not tallying.is_repeating(count(cast, paper))


def test_one_case_is_made_of_all_that_are_alike_and_only_once(cast, paper):
    first, other, last = count(cast, paper), count(cast, paper, department=cast.clinic), count(cast, paper)
    ticket = cast.case()
    tallying.become_case(tally=last, ticket=ticket, by=cast.kari)
    assert {one.pk for one in Tally.objects.filter(ticket=ticket)} == {first.pk, last.pk}
    assert Event.objects.get(kind="tally_registered").ticket_id == ticket.pk
    assert Tally.objects.get(pk=other.pk).ticket is None
    with pytest.raises(policies.Refused):
        tallying.become_case(tally=first, ticket=cast.case(), by=cast.kari)
