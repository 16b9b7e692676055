"""Kill -9 in the midst of merging two cases, or of taking them apart: all of it is done, or nothing is (clauses B3 and H2)."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from tests.kill.test_step_killed import ROUNDS, Place

MESSAGES = 25
NORA, DAG = "Nora Sykepleier", "Dag Lege"


@pytest.mark.kill
def test_b3_h2_a_merge_that_is_killed_is_whole_or_not_there(database_url, tmp_path):
    luck = random.Random(20261128)
    place = Place(tmp_path, database_url, Path(__file__).parent / "merge_script.py")
    place.run("fill", str(MESSAGES))
    running = place.start("turn")
    running.stdout.readline()
    began = time.monotonic()
    running.communicate(timeout=120)
    lasts = time.monotonic() - began  # how long it takes when nobody kills it
    killed, turns = 0, check(place.run("books"))
    for nth in range(ROUNDS):
        running = place.start("turn")
        running.stdout.readline()
        time.sleep(luck.random() * lasts if nth else 0)  # the first one before it can be done
        running.kill()
        running.communicate(timeout=30)
        after = check(place.run("books"))
        assert after - turns in (0, 1)
        killed += after == turns
        turns = check(place.run("turn"))
        assert turns == after + 1, "what was killed can be done anew"
    assert killed, "at least one was killed before it was done"


def check(books: dict) -> int:
    """Every message on the one case or each on its own, every claim with them, both histories alike. Returns the turns that were done."""
    into, ticket = books["ids"]
    merged = books["standing"]
    assert books["messages"] == ([2 * MESSAGES, 0] if merged else [MESSAGES, MESSAGES])
    assert books["owed"] == sorted([[into, NORA], [into if merged else ticket, DAG]])
    assert books["open"] == [1, 1 - merged]
    made = books["made"]
    assert books["told"] == [made, made, made - merged, made - merged]
    return 2 * made - merged
