"""The worker's loops: each leaves its own sign of life, and none waits for another."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest

from saksgang.events import life_signs
from saksgang.events.models import LifeSign
from saksgang.lib import clock
from saksgang.upkeep.checks.mail import check_worker
from saksgang.worker import loop
from tests.kill.desk import wait_for

pytestmark = pytest.mark.django_db(transaction=True)
LOOPS = {"decide", "follow_outbound", "follow_webhook", "send", "jobs", "test_mails"}


@contextmanager
def working():
    """The worker, as `saksgang work` runs it."""
    stop = threading.Event()
    thread = threading.Thread(target=loop.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=30)
    assert not thread.is_alive()


def long_ago() -> None:
    LifeSign.objects.update(seen_at=clock.now() - timedelta(minutes=6))


def test_a_round_leaves_a_sign_of_life():
    assert life_signs.last_seen() is None
    loop.run_once()
    assert life_signs.last_seen() is not None


def test_every_loop_leaves_a_sign_of_its_own(monkeypatch):
    monkeypatch.setattr(life_signs, "EVERY", timedelta(0))
    LifeSign.objects.create(name="a loop of long ago", seen_at=clock.now() - timedelta(days=9))
    with working():
        wait_for(lambda: LifeSign.objects.count() == len(LOOPS), "not every loop signs", seconds=20)
        long_ago()
        wait_for(lambda: not life_signs.silent(), "a loop signs only once", seconds=20)
    assert set(LifeSign.objects.values_list("name", flat=True)) == LOOPS


@pytest.mark.parametrize("how", ["hangs", "fails"])
@pytest.mark.parametrize(
    ("where", "name"),
    [("decide_pending", "decide"), ("_follow_some", "follow_outbound"), ("run_due_jobs", "jobs")],
)  # fmt: skip
def test_one_loop_that_stands_still_is_noticed_while_the_others_work(monkeypatch, how, where, name):
    monkeypatch.setattr(life_signs, "EVERY", timedelta(0))
    go_on = threading.Event()
    usual = getattr(loop, where)

    def stumbles(*arguments, **named):
        concerned = threading.current_thread().name == name
        if concerned and how == "fails":
            raise RuntimeError("broken")
        if concerned:
            go_on.wait(60)
        return usual(*arguments, **named)

    monkeypatch.setattr(loop, where, stumbles)
    with working():
        wait_for(lambda: LifeSign.objects.count() == len(LOOPS), "the worker does not start", seconds=20)
        long_ago()
        wait_for(lambda: len(life_signs.silent()) == 1, "the others stand still too", seconds=20)
        assert set(life_signs.silent()) == {name}
        assert life_signs.silent_since() is not None
        assert any("A part of the worker stands still since" in words and name in words for words in check_worker())
        go_on.set()


def test_a_worker_that_is_gone_is_told_as_one():
    life_signs.begin(LOOPS)
    long_ago()
    assert life_signs.all_silent()
    assert any("The worker has given no sign of life" in words for words in check_worker())
