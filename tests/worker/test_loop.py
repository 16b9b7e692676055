"""The worker's round: it leaves a sign of life, and not when the round fails before its end."""

from __future__ import annotations

import threading

import pytest

from saksgang.events.life_signs import last_seen
from saksgang.worker import loop

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_round_leaves_a_sign_of_life():
    assert last_seen() is None
    loop.run_once()
    assert last_seen() is not None


def test_a_worker_whose_rounds_fail_leaves_none(monkeypatch):
    """It runs and does nothing: for everybody else it stands still."""
    stop = threading.Event()

    def fails() -> int:
        stop.set()
        raise RuntimeError("broken")

    monkeypatch.setattr(loop, "decide_pending", fails)
    loop.run(stop)
    assert last_seen() is None
