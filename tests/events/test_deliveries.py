"""Claiming, finishing and postponing what was promised to a follower."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from saksgang.events.actions import MAX_ATTEMPTS, claim, finish, postpone, record
from saksgang.events.models import Delivery, Event
from saksgang.events.queries import dead_deliveries
from saksgang.lib import clock
from saksgang.lib.claiming import back_off, lease
from tests.cast import SETUP


@pytest.fixture(autouse=True)
def _subscribed(settings):
    settings.FOLLOWERS = {"search": {"tested"}}


@pytest.fixture
def now():
    moment = clock.now()
    with clock.at(moment):
        yield moment


def promise(cast, times: int = 1) -> list[Event]:
    return [record("tested", by=SETUP, subject=cast.network) for _ in range(times)]


def test_what_is_due_is_claimed_in_order_with_its_event(cast, now):
    events = promise(cast, 3)
    assert [delivery.event for delivery in claim("search")] == events


def test_a_follower_gets_its_own_only(cast, now):
    promise(cast)
    assert claim("outbound") == []


def test_no_more_than_the_limit(cast, now):
    promise(cast, 3)
    assert len(claim("search", limit=2)) == 2
    assert len(claim("search", limit=2)) == 1


def test_what_one_worker_holds_no_other_gets_until_the_lease_is_over(cast, now):
    promise(cast, 2)
    held = claim("search")
    assert claim("search") == []
    with clock.at(now + lease() - timedelta(seconds=1)):
        assert claim("search") == []
    with clock.at(now + lease() + timedelta(seconds=1)):
        assert claim("search") == held


def test_what_is_finished_is_gone(cast, now):
    promise(cast, 2)
    first, second = claim("search")
    finish(first)
    assert list(Delivery.objects.all()) == [second]
    with clock.at(now + lease() + timedelta(seconds=1)):
        assert claim("search") == [second]


def test_what_failed_comes_again_later_and_later(cast, now):
    promise(cast)
    waits = []
    for attempt in range(1, 4):
        (delivery,) = claim("search")
        postpone(delivery, "no answer")
        delivery.refresh_from_db()
        assert (delivery.attempts, delivery.dead, delivery.last_error) == (attempt, False, "no answer")
        assert claim("search") == []
        waits.append(delivery.due_at - clock.now())
        with clock.at(delivery.due_at):
            assert claim("search") == [delivery]
        Delivery.objects.update(claimed_until=None, due_at=now)
    assert waits == [timedelta(seconds=10), timedelta(seconds=40), timedelta(seconds=90)]


def test_waits_never_exceed_half_an_hour():
    assert max(back_off(attempt) for attempt in range(200)) == timedelta(minutes=30)


def test_after_ten_tries_it_stays_where_a_person_sees_it(cast, now):
    promise(cast)
    for _ in range(MAX_ATTEMPTS):
        Delivery.objects.update(due_at=now)
        (delivery,) = claim("search")
        postpone(delivery, "x" * 5000)
    assert MAX_ATTEMPTS == 10
    (dead,) = dead_deliveries()
    assert dead.pk == delivery.pk
    assert len(dead.last_error) == 2000
    with clock.at(now + timedelta(days=30)):
        assert claim("search") == []


def test_an_idle_claim_takes_no_write_lock(cast):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert claim("search") == []
    assert [query["sql"].split()[0] for query in queries] == ["SELECT"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_claim_at_once_never_get_the_same(live_cast):
    with transaction.atomic():
        promise(live_cast, 40)
    got: list[list[int]] = []
    start = threading.Barrier(4)

    def work() -> None:
        try:
            start.wait()
            mine = []
            while held := claim("search", limit=3):
                mine += [delivery.pk for delivery in held]
            got.append(mine)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    everything = [key for mine in got for key in mine]
    assert len(got) == 4
    assert len(everything) == len(set(everything)) == 40
