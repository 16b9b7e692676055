"""Runs every test on SQLite, then on PostgreSQL where it is installed. Arguments go to pytest.

make test                          everything
make test ARGS="tests/tickets"     one room, both databases
make test ARGS="--only sqlite"     one database
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

import postgres


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
                outcome |= run("PostgreSQL", arguments, {"SAKSGANG_DATABASE_URL": url + "saksgang"})
        elif os.environ.get("CI"):
            print("PostgreSQL is missing, and CI tests on both databases.")
            outcome = 1
        else:
            print("PostgreSQL is not installed here (Debian: apt install postgresql): tested on SQLite only.")
    return outcome


def run(name: str, arguments: list[str], variables: dict[str, str]) -> int:
    print(f"\n== {name}", flush=True)
    started = time.monotonic()
    # The database is new and goes with its folder or server: dropping it first would only wait for a browser's last request.
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", "--reuse-db", *arguments]
    done = subprocess.run(command, env=os.environ | variables, check=False)
    print(f"== {name}: {time.monotonic() - started:.0f} s", flush=True)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
