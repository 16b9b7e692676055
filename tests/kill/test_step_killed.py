"""Kill -9 in the midst of a step of an improvement: everybody who asked is told of it once, or nobody is (clause E1)."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROUNDS = int(os.environ.get("SAKSGANG_KILL_ROUNDS", "20")) // 4
ASKED = 25
SCRIPT = Path(__file__).parent / "step_script.py"
SAKSGANG = Path(sys.executable).parent / "saksgang"


class Place:
    """An installation of its own, and a script that acts on it in processes that can be killed."""

    def __init__(self, folder: Path, database_url: str, script: Path = SCRIPT) -> None:
        self.script = script
        self.environment = os.environ | {
            "SAKSGANG_DATA_DIR": str(folder),
            "SAKSGANG_DATABASE_URL": database_url,
            "SAKSGANG_DEMO": "",
            "SAKSGANG_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "saksgang.config.settings",
            "PYTHONPATH": str(SCRIPT.parents[2]),
        }
        subprocess.run([SAKSGANG, "migrate", "--verbosity", "0"], env=self.environment, check=True, timeout=120)

    def start(self, *arguments: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, self.script, *arguments], env=self.environment, stdout=subprocess.PIPE, text=True
        )

    def run(self, *arguments: str) -> dict:
        said, _errors = self.start(*arguments).communicate(timeout=120)
        return json.loads(said.splitlines()[-1])


@pytest.mark.kill
def test_e1_a_step_that_is_killed_told_everybody_or_nobody(database_url, tmp_path):
    luck = random.Random(20261128)
    place = Place(tmp_path, database_url)
    place.run("fill", str(ASKED))
    first = place.run("books")["steps"][0]
    running = place.start("step", str(first))
    running.stdout.readline()
    began = time.monotonic()
    running.communicate(timeout=120)
    lasts = time.monotonic() - began  # how long a step takes when nobody kills it
    killed, steps = 0, check(place.run("books"))
    for nth in range(ROUNDS):
        running = place.start("step", str(steps[-1]))
        running.stdout.readline()
        time.sleep(luck.random() * lasts if nth else 0)  # the first one before it can be done
        running.kill()
        running.communicate(timeout=30)
        after = check(place.run("books"))
        assert len(after) - len(steps) in (0, 1)
        killed += after == steps
        again = place.run("step", str(steps[-1]))
        assert again["stale"] == (after != steps), "what was killed can be taken anew, and what was taken is taken once"
        steps = check(again)
    assert killed, "at least one was killed before it was done"


def check(books: dict) -> list[int]:
    """Every step that stands told everybody, once, with the promise of the mail; no step that does not stand told anybody."""
    steps = books["steps"]
    assert books["words"] == {str(step): ASKED for step in steps}
    assert sorted(books["told"]) == sorted([f"Etter {seen}.", ASKED, ASKED] for seen in steps[:-1])
    assert books["sent"] == books["promised"] == ASKED * (len(steps) - 1)
    assert books["taken"] == len(steps) - 1
    return steps
