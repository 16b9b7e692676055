"""Installations of their own: a folder and a database each, used through the command `saksgang` in processes of its own."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

import pytest

SAKSGANG = Path(sys.executable).parent / "saksgang"
HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PATIENCE = 180  # seconds until a command is taken for one that hangs; a machine that does other things too is slow
_numbers = count(1)


@dataclass
class Place:
    folder: Path
    database_url: str

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "SAKSGANG_DATA_DIR": str(self.folder),
            "SAKSGANG_DATABASE_URL": self.database_url,
            "SAKSGANG_DEMO": "",
            "SAKSGANG_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "saksgang.config.settings",
            "PYTHONPATH": str(ROOT),
        }

    def run(self, *arguments: str | Path, code: int = 0, **variables: str) -> str:
        """Runs `saksgang …`, expects its exit code, and returns all that it said."""
        done = subprocess.run(
            [SAKSGANG, *arguments],
            env=self.environment | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == code, done.stdout
        return done.stdout

    def start(self, *arguments: str | Path) -> subprocess.Popen:
        return subprocess.Popen(arguments, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def script(self, name: str, *arguments: str, file: str = "desk_script.py") -> dict:
        done = subprocess.run(
            [sys.executable, HERE / file, name, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def back_up(self, into: Path, *options: str | Path) -> Path:
        """Makes a backup and returns its folder."""
        before = set(into.glob("2*"))
        self.run("backup", "--to", into, *options)
        [made] = set(into.glob("2*")) - before
        return made


@contextmanager
def place(server: str, *, like: Place | None = None) -> Iterator[Place]:
    """An empty place, or a copy of one that rests: on SQLite, or with a new database on the server at this address."""
    made = _make(server, like)
    try:
        yield made
    finally:
        if server:
            _on_server(server, f"DROP DATABASE {made.database_url.rpartition('/')[2]} WITH (FORCE)")
        shutil.rmtree(made.folder, ignore_errors=True)


def _make(server: str, like: Place | None) -> Place:
    folder = Path(tempfile.mkdtemp(prefix="saksgang-place-"))
    if like:
        shutil.copytree(like.folder, folder, dirs_exist_ok=True)
    if not server:
        return Place(folder, "")
    name = f"place_{os.getpid()}_{next(_numbers)}"
    template = like.database_url.rpartition("/")[2] if like else "template1"
    _on_server(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return Place(folder, f"{server}/{name}")


@cache
def migrated(server: str) -> Place:
    """A place that rests, with its tables and keys and nothing in it: made once, to be copied, and gone with this process."""
    made = _rests(_make(server, None))
    made.run("migrate", "--verbosity", "0")
    return made


@cache
def filled(server: str) -> Place:
    """A place that rests, with the cast, some cases by mail, an attachment and a redacted one: made once, to be copied."""
    made = _rests(_make(server, migrated(server)))
    made.script("fill")
    return made


def _rests(made: Place) -> Place:
    atexit.register(shutil.rmtree, made.folder, ignore_errors=True)  # its database goes with the server of the run
    return made


def _on_server(server: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(statement)


def server_of_this_run() -> str:
    """The server that these tests run on, without a database's name; empty on SQLite."""
    return os.environ.get("SAKSGANG_DATABASE_URL", "").rpartition("/")[0]


@contextmanager
def any_postgresql() -> Iterator[str]:
    """The server of this run, or one started for tests that need PostgreSQL whichever database they run on."""
    if server_of_this_run():
        yield server_of_this_run()
        return
    sys.path.insert(0, str(ROOT / "scripts"))
    import postgres

    if postgres.server_binaries() is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is missing")
        pytest.skip("PostgreSQL is not installed")
    with postgres.server(durable=False) as url:
        yield url.rstrip("/")
