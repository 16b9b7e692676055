from __future__ import annotations

import os

import pytest


@pytest.fixture
def database_url():
    """A database of the desk's own: an SQLite file in its folder, or a new one on the tests' server."""
    server = os.environ.get("SAKSGANG_DATABASE_URL", "")
    if not server:
        yield ""
        return
    import psycopg

    root = server.rpartition("/")[0]
    name = f"kill_{os.getpid()}"
    with psycopg.connect(f"{root}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield f"{root}/{name}"
    with psycopg.connect(f"{root}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
