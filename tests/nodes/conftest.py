"""Several nodes share a PostgreSQL server: these tests belong to the half of the run that has one."""

from __future__ import annotations

import os

import pytest

SERVER = os.environ.get("SAKSGANG_DATABASE_URL", "").rpartition("/")[0]

collect_ignore_glob = [] if SERVER else ["test_*.py"]


@pytest.fixture
def database_url():
    """A new database on the tests' server."""
    import psycopg

    name = f"nodes_{os.getpid()}"
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield f"{SERVER}/{name}"
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
