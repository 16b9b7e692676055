"""Kill -9 in the midst of an update to all, or of the solution: everybody is told of it once, or nobody is (clause P5)."""

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
CASES = 40
SCRIPT = Path(__file__).parent / "major_script.py"
SAKSGANG = Path(sys.executable).parent / "saksgang"
MENDED = "Påloggingen er rettet, og alle skal komme inn igjen."


class Place:
    """A folder and a database of the test's own, and what processes do there."""

    def __init__(self, folder: Path, database_url: str) -> None:
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
            [sys.executable, SCRIPT, *arguments], env=self.environment, stdout=subprocess.PIPE, text=True
        )

    def run(self, *arguments: str) -> dict:
        out, _err = (process := self.start(*arguments)).communicate(timeout=120)
        assert process.returncode == 0, arguments
        return json.loads(out.splitlines()[-1])

    def killed(self, *arguments: str, after: float) -> dict:
        """What stands when it was killed so many seconds after it began; it may have been done by then."""
        process = self.start(*arguments)
        assert process.stdout.readline().strip() == "{}"
        time.sleep(after)
        process.kill()
        process.communicate(timeout=60)
        return self.run("books")


def check(books: dict, begun: list[str]) -> None:
    """Each update that stands went to everybody once, and no other words did."""
    assert books["updates"] == [words for words in begun if words in books["updates"]]
    for words in begun:
        assert books["told"].get(words, [0, 0]) == ([CASES, CASES] if words in books["updates"] else [0, 0]), words
    solved = CASES if books["state"] == "SOLVED" else 0
    assert books["told"].get(MENDED, [0, 0]) == [solved, solved]
    assert books["open"] == books["owed"] == CASES - solved
    assert books["events"] == books["promised"] == CASES * len(books["updates"]) + solved


@pytest.mark.kill
def test_p5_kill_minus_nine_in_an_update_and_in_the_solution_tells_everybody_once_or_nobody(tmp_path, database_url):
    place = Place(tmp_path, database_url)
    place.run("fill", str(CASES))
    chance, begun = random.Random(13), []
    for nth in range(ROUNDS):
        begun.append(f"Oppdatering {nth}")
        check(place.killed("tell", begun[-1], after=chance.uniform(0, 0.15)), begun)
    for _nth in range(ROUNDS):
        books = place.killed("end", MENDED, after=chance.uniform(0, 0.3))
        check(books, begun)
        if books["state"] == "SOLVED":
            break
    else:
        check(place.run("end", MENDED), begun)
    assert place.run("books")["state"] == "SOLVED"
