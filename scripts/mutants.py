"""Measures the teeth of the tests: changes one thing at a time in the rules, and asks whether a test notices.

make mutants                                                  every area that [tool.mutmut] of pyproject.toml names
make mutants ARGS="saksgang.tickets.rules.thanks.*"           one module, or one function
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

MUTMUT = Path(sys.executable).parent / "mutmut"
FOLDER = Path("mutants")
AT_LEAST = 95  # of a hundred killed, in each area
NOTICED = ("killed", "timeout")  # a test failed, or none came to an end


def main(patterns: list[str]) -> int:
    # Without what an earlier run remembers: a new test may kill what survived.
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.nice(10)
    # One at a time: the tests of permissions and decisions share a database.
    done = subprocess.run([MUTMUT, "run", "--max-children", "1", *patterns], check=False)
    return done.returncode or report(outcomes())


def outcomes() -> dict[str, str]:
    """Mutant → what became of it, of those that were tried."""
    said = subprocess.run([MUTMUT, "results", "--all", "true"], check=True, capture_output=True, text=True).stdout
    pairs = (line.strip().rpartition(": ") for line in said.splitlines())
    return {name: outcome for name, _colon, outcome in pairs if name and outcome != "not checked"}


def areas() -> list[str]:
    config = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]
    return [pattern.removesuffix("/*").replace("/", ".") for pattern in config["only_mutate"]]


def report(found: dict[str, str]) -> int:
    """The table, the survivors, and whether an area has too many of them."""
    weak = 0
    print(f"\n{'':40} {'mutants':>8} {'killed':>8} {'survived':>8} {'of 100':>8}")
    for area in areas():
        of_area = {name: outcome for name, outcome in found.items() if name.startswith(area + ".")}
        modules = {name: name.removeprefix(area + ".").partition(".")[0] for name in of_area}
        for module in sorted(set(modules.values())):
            _line(f"  {module}", [outcome for name, outcome in of_area.items() if modules[name] == module])
        if of_area:
            weak += _line(area, list(of_area.values())) < AT_LEAST
    _line("all", list(found.values()))
    survivors = sorted(name for name, outcome in found.items() if outcome not in NOTICED)
    if survivors:
        print("\nNo test noticed these. `.venv/bin/mutmut show NAME` shows what was changed:")
        print("\n".join(f"  {name}" + _unless_survived(found[name]) for name in survivors))
    if weak:
        print(f"\nFewer than {AT_LEAST} of 100 were killed in {weak} of the areas.")
    return 1 if weak else 0


def _line(name: str, outcomes: list[str]) -> float:
    killed = sum(outcome in NOTICED for outcome in outcomes)
    share = 100 * killed / len(outcomes) if outcomes else 100.0
    print(f"{name:40} {len(outcomes):8} {killed:8} {len(outcomes) - killed:8} {share:8.1f}")
    return share


def _unless_survived(outcome: str) -> str:
    return "" if outcome == "survived" else f" ({outcome})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
