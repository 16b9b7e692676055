"""A case behind an improvement was merged: whoever asks where it lives on counts, and is told once of each step."""

from __future__ import annotations

import pytest

from saksgang.console.improvements import lines
from saksgang.improvements.actions.telling import behind
from saksgang.improvements.kinds import Step
from saksgang.improvements.models import ImprovementCase, ImprovementWord
from saksgang.improvements.queries import numbers_of_requesters
from saksgang.lib import clock
from saksgang.tickets.actions.reopening import reopen
from saksgang.tickets.actions.restriction import restrict
from saksgang.tickets.actions.ties.merging import merge, undo_merge
from saksgang.tickets.models import Ticket
from tests.improvements.steps import DONE, PLANNED, joins, made, nynorsk, step_to, told
from tests.tickets.steps import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def wanted(cast):
    """Nora asked for it; her case is open again."""
    improvement = made(cast, ticket := cast.case())
    reopen(ticket=fresh(ticket), by=cast.kari, reason="Spør igjen")
    return improvement, ticket


def number(improvement, viewer) -> int:
    return numbers_of_requesters([improvement], viewer)[improvement.pk]


def goes_into(cast, ticket: Ticket, *requesters) -> Ticket:
    return merge(ticket=fresh(ticket), into=cast.case(requesters=list(requesters)), by=cast.kari)


def test_who_asks_where_it_lives_on_counts_and_is_told_once(cast, wanted):
    improvement, ticket = wanted
    goes_into(cast, ticket, cast.dag, cast.nora)
    assert number(improvement, cast.kari) == 2
    [line] = lines.cases(improvement, cast.kari, clock.now())
    assert line["who"] == f"{cast.dag.name}, {cast.nora.name}"
    step_to(cast, improvement, Step.DONE)
    assert told(cast.dag) == [DONE["nb"]]
    assert told(cast.nora).count(DONE["nb"]) == 1


def test_a_merge_that_was_undone_gives_them_back(cast, wanted):
    improvement, ticket = wanted
    goes_into(cast, ticket, cast.dag)
    step_to(cast, improvement, Step.PLANNED)
    undo_merge(ticket=fresh(ticket), by=cast.kari)
    assert number(improvement, cast.kari) == 1
    step_to(cast, improvement, Step.DONE)
    assert told(cast.dag) == [PLANNED["nb"]]
    assert told(cast.nora)[-2:] == [PLANNED["nb"], DONE["nb"]]


def test_two_cases_behind_it_that_become_one_tell_nobody_twice(cast, wanted):
    improvement, ticket = wanted
    torunn = nynorsk(cast)
    other = joins(cast, improvement, torunn)
    reopen(ticket=fresh(other), by=cast.kari, reason="Samme sak")
    merge(ticket=fresh(ticket), into=fresh(other), by=cast.kari)
    assert number(improvement, cast.kari) == 2
    step_to(cast, improvement, Step.DONE)
    assert told(cast.nora).count(DONE["nb"]) == 1
    assert told(torunn).count(DONE["nn"]) == 1
    assert ImprovementWord.objects.filter(step=improvement.steps.latest("pk")).count() == 2


def test_it_lives_on_through_several_cases(cast, wanted):
    improvement, ticket = wanted
    second = goes_into(cast, ticket, cast.dag)
    third = goes_into(cast, second, cast.phone_only)
    assert {one.ticket.pk for one in behind(improvement)} == {third.pk}
    assert number(improvement, cast.kari) == 3


def test_a_case_that_is_restricted_by_now_names_and_counts_nobody_to_others(cast, wanted):
    improvement, ticket = wanted
    into = goes_into(cast, ticket, cast.dag)
    restrict(ticket=fresh(into), by=cast.kari, readers=[], reason="Personalsak")
    assert number(improvement, cast.liv) == 2
    assert number(improvement, cast.knut) == 0
    for line in lines.cases(improvement, cast.knut, clock.now()):
        assert not line["who"]


def test_the_number_of_queries_does_not_grow_with_merged_cases(cast, wanted, django_assert_num_queries):
    improvement, ticket = wanted
    goes_into(cast, ticket, cast.dag)
    for person in (cast.nora, cast.dag, nynorsk(cast)):
        other = joins(cast, improvement, person)
        reopen(ticket=fresh(other), by=cast.kari, reason="Samme sak")
        goes_into(cast, other, person)
    assert ImprovementCase.objects.filter(improvement=improvement).count() == 4
    with django_assert_num_queries(4):  # the cases, one step on, where that ends, the requesters
        assert number(improvement, cast.kari) == 3
