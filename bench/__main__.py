"""`make bench`: measures the product and prints a table. Never part of the tests: machines are shared and noisy.

    make bench
    make bench ARGS="--tickets 1000 10000 --databases sqlite postgresql --operations queue ticket --json figures.json"

CPU time is what counts; compare ratios within one run (`floor_ratio`: how many times a bare response).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.operations import OPERATIONS, WHEN_ASKED

ROOT = Path(__file__).resolve().parent.parent
COLUMNS = (
    "operation", "database", "tickets", "cpu_ms", "wall_ms", "wall_ms_p95", "floor_ratio", "per_second", "rss_mib",
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--tickets", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--databases", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    parser.add_argument("--operations", nargs="+", choices=[*OPERATIONS, *WHEN_ASKED], default=list(OPERATIONS))
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args()
    figures: list[dict] = []
    print(f"load before: {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores", flush=True)
    print_row(dict(zip(COLUMNS, COLUMNS, strict=True)))
    with ExitStack() as stack:
        server = postgres(stack) if "postgresql" in options.databases else ""
        for database in options.databases:
            for tickets in options.tickets:
                for figure in measure(database, server, tickets, options.operations):
                    figures.append(figure)
                    print_row(figure)
    print(f"load after: {os.getloadavg()[0]:.2f}")
    if options.json:
        Path(options.json).write_text(json.dumps(figures, indent=1) + "\n")
    return 0


def postgres(stack: ExitStack) -> str:
    sys.path.insert(0, str(ROOT / "scripts"))
    import postgres as own_server

    if own_server.server_binaries() is None:
        sys.exit("PostgreSQL is not installed here; run with --databases sqlite")
    return stack.enter_context(own_server.server())


def measure(database: str, server: str, tickets: int, operations: list[str]) -> list[dict]:
    """One database of one size, in a process of its own, so that nothing is warm from before."""
    with tempfile.TemporaryDirectory(prefix="saksgang-bench-") as folder:
        url = ""
        if database == "postgresql":
            name = f"bench_{tickets}"
            create_database(server, name)
            url = server + name
        environment = os.environ | {
            "SAKSGANG_DATA_DIR": folder,
            "SAKSGANG_DATABASE_URL": url,
            "SAKSGANG_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "bench.settings",
        }
        done = subprocess.run(
            [sys.executable, "-m", "bench.operations", str(tickets), *operations],
            env=environment,
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    return [{"database": database, "tickets": tickets} | figure for figure in json.loads(done.stdout)]


def create_database(server: str, name: str) -> None:
    import psycopg

    with psycopg.connect(server + "postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")


def print_row(figure: dict) -> None:
    cells = []
    for column in COLUMNS:
        value = figure.get(column)
        words = "" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)
        cells.append(words.ljust(13) if column in ("operation", "database") else words.rjust(11))
    print(" ".join(cells), flush=True)


if __name__ == "__main__":
    sys.exit(main())
