"""The order of a team's list: 1, 2, 3 … without gaps, whatever is moved (clause E1)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from saksgang.access.queries import NotAllowed
from saksgang.events.models import Event
from saksgang.improvements.actions.ranking import move
from saksgang.improvements.kinds import Step
from saksgang.improvements.models import Improvement
from saksgang.tickets.policies import Refused
from tests.improvements.steps import made, ranks, step_to


def order(cast) -> list[int]:
    rows = Improvement.objects.filter(team=cast.service_desk, rank__isnull=False)
    return list(rows.order_by("rank").values_list("pk", flat=True))


def test_one_moves_and_the_others_make_room_with_one_event(cast):
    first, second, third, fourth = (made(cast) for _nth in range(4))
    newest = Event.objects.latest("id").pk
    assert move(improvement=fourth, by=cast.knut, to=2) == 2
    assert order(cast) == [first.pk, fourth.pk, second.pk, third.pk]
    event = Event.objects.get(pk__gt=newest)
    assert (event.kind, event.before, event.after) == ("improvement_ranked", {"rank": 4}, {"rank": 2})
    assert move(improvement=first, by=cast.knut, to=99) == 4
    assert order(cast) == [fourth.pk, second.pk, third.pk, first.pk]
    assert move(improvement=first, by=cast.knut, to=4) == 4
    assert Event.objects.filter(pk__gt=newest).count() == 2, "what changes nothing is not written down"


def test_another_teams_list_is_left_alone(cast):
    there = made(cast, team=cast.network)
    first, second = made(cast), made(cast)
    move(improvement=second, by=cast.kari, to=1)
    there.refresh_from_db()
    assert there.rank == 1
    with pytest.raises(NotAllowed):
        move(improvement=there, by=cast.kari, to=1)
    assert order(cast) == [second.pk, first.pk]


def test_what_is_over_has_no_place_and_there_is_none_before_the_first(cast):
    first, second = made(cast), made(cast)
    step_to(cast, first, Step.DONE)
    with pytest.raises(Refused):
        move(improvement=first, by=cast.kari, to=1)
    with pytest.raises(Refused):
        move(improvement=second, by=cast.kari, to=0)


def test_the_database_gives_no_place_twice(cast):
    _first, second = made(cast), made(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Improvement.objects.filter(pk=second.pk).update(rank=1)


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(moves=st.lists(st.tuples(st.integers(0, 6), st.integers(1, 9)), min_size=3, max_size=12))
def test_whatever_is_moved_the_order_is_that_of_a_list(cast, moves):
    with transaction.atomic():
        expected = [made(cast, title=f"Ønske {nth}").pk for nth in range(7)]
        for at, to in moves:
            pk = expected.pop(at)
            place = move(improvement=Improvement.objects.get(pk=pk), by=cast.kari, to=to)
            expected.insert(to - 1, pk)
            assert place == expected.index(pk) + 1
            assert order(cast) == expected
            assert ranks(cast) == list(range(1, 8))
        transaction.set_rollback(True)
