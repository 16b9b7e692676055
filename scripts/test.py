"""Runs every test on SQLite, then on PostgreSQL where it is installed. Arguments go to pytest.

make test                          everything; what is marked `once` on SQLite only
make test ARGS="tests/tickets"     one room, both databases
make test ARGS="--only sqlite"     one database, and all of it
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

import postgres

NOTHING_TO_RUN = 5  # pytest's own number
# One more than there are cores: much of what the tests take is waiting, for browsers, mail servers and disks.
AT_ONCE = str((os.cpu_count() or 2) + 1)


def main(arguments: list[str]) -> int:
    only = ""
    if "--only" in arguments:
        at = arguments.index("--only")
        only = arguments[at + 1]
        del arguments[at : at + 2]
    outcome = 0
    if only in ("", "sqlite"):
        outcome |= run("SQLite", arguments, {})
    if only in ("", "postgresql"):
        if postgres.server_binaries():
            with postgres.server(durable=False) as url:
                variables = {"SAKSGANG_DATABASE_URL": url + "saksgang"}
                outcome |= run("PostgreSQL", arguments, variables, again=not only)
        elif os.environ.get("CI"):
            print("PostgreSQL is missing, and CI tests on both databases.")
            outcome = 1
        else:
            print("PostgreSQL is not installed here (Debian: apt install postgresql): tested on SQLite only.")
    return outcome


def run(name: str, arguments: list[str], variables: dict[str, str], *, again: bool = False) -> int:
    """`again`: the same tests have just run on another database, and those marked `once` are done."""
    print(f"\n== {name}", flush=True)
    started = time.monotonic()
    # The database is new and goes with its folder or server: dropping it first would only wait for a browser's last request.
    command = [sys.executable, "-m", "pytest", "-q", "-n", AT_ONCE, "--dist", "loadfile", "--reuse-db"]
    command += ["--no-loadscope-reorder"]  # tests/conftest.py says what begins first
    command += ["-m", "not once"] if again else []
    done = subprocess.run([*command, *arguments], env=os.environ | variables, check=False)
    print(f"== {name}: {time.monotonic() - started:.0f} s", flush=True)
    return 0 if again and done.returncode == NOTHING_TO_RUN else done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
