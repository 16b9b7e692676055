"""For `make mutants` alone: hundreds of short runs, forked from one that has made the database, find it there."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import utils

_make = utils.setup_databases


def _once(*arguments: Any, **more: Any) -> Any:
    if connection.settings_dict["NAME"] != connection.settings_dict["TEST"]["NAME"]:
        return _make(*arguments, **more)
    connection.close()  # SQLite wants no connection that was opened before a fork
    return []


def pytest_configure() -> None:
    utils.setup_databases = _once
