"""PostgreSQL's own programs: where they lie, whether they fit the server, and how they are told where it is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

DEBIANS_FOLDER = Path("/usr/lib/postgresql")
# In Django's settings these stand among the options; they are Django's or the driver's own and mean nothing to PostgreSQL.
DJANGOS_OWN = {"assume_role", "isolation_level", "pool", "prepare_threshold", "server_side_binding"}


class Unfit(Exception):
    """Something outside must be mended first; the words are for the operator."""


def program(name: str) -> str:
    """The newest program of this name on the machine. Raises Unfit when there is none."""
    folders = [path for path in DEBIANS_FOLDER.glob("*/bin") if (path / name).exists()]
    if folders:
        return str(max(folders, key=lambda folder: int(folder.parent.name)) / name)
    found = shutil.which(name)
    if found is None:
        raise Unfit(
            f"{name} is missing on this machine. Install PostgreSQL's client programs (Debian: postgresql-client)."
        )
    return found


def program_for(name: str, server_version: int) -> str:
    """The program, if it is not older than the server: pg_dump refuses a newer server half-way, in words of its own."""
    path = program(name)
    said = subprocess.run([path, "--version"], check=True, capture_output=True, text=True).stdout  # noqa: S603
    major = re.search(r"\) (\d+)", said)
    if major is None or int(major[1]) < server_version // 10000:
        raise Unfit(
            f"{path} is older than the server ({said.strip()}; the server is {server_version // 10000}). "
            f"Install postgresql-client-{server_version // 10000}."
        )
    return path


def place(settings: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """Where a program finds the database: words for its command line, and an environment with the password.

    A command line can be read by everybody on the machine, so the password is never in it.
    """
    from psycopg.conninfo import make_conninfo  # pages load this module too, and SQLite needs no driver

    words = {
        "dbname": settings["NAME"], "user": settings["USER"], "host": settings["HOST"], "port": settings["PORT"],
        **{key: value for key, value in settings["OPTIONS"].items() if key not in DJANGOS_OWN},
    }  # fmt: skip
    password = settings["PASSWORD"] or words.pop("password", "")
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    return make_conninfo("", **{key: value for key, value in words.items() if value}), environment


def run(command: list[str], environment: dict[str, str]) -> None:
    """Runs one of the programs. Raises Unfit with its own last words when it fails."""
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise Unfit(f"{Path(command[0]).name} failed: {done.stderr.strip()[-1000:]}")
