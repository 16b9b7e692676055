"""Whether this process may start: no setting opens a door to strangers, the database is there and knows every migration."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from saksgang.lib.hosts import is_loopback

SHORTEST_KEY = 32
# A file of this name stands in the folder of `make demo`, and nowhere else.
DEMO_MARK = "made-by-saksgang-demo"
_PLACEHOLDERS = (
    "changeme",
    "change-me",
    "change_me",
    "insecure",
    "placeholder",
    "your-secret",
    "your_secret",
    "replace",
)
_FEWEST_LETTERS = 8  # different ones: «aaaa…» is long, and no key


def unapplied_migrations() -> list[str]:
    """Names of migrations that the database lacks."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def refuse_unready() -> bool:
    """Says in words what is missing or unsafe. True when the process must not start."""
    insecure = list(insecure_settings())
    for sentence in insecure:
        _say(sentence)
    return refuse_unmigrated() or bool(insecure)


def refuse_unmigrated() -> bool:
    """Says in words what the database lacks. True when nothing can be done with it."""
    try:
        missing = unapplied_migrations()
    except DatabaseError as error:
        _say(f"The database does not answer: {error}")
        return True
    if missing:
        _say(f"The database lacks {len(missing)} migrations ({', '.join(missing[:3])} …). Run: saksgang migrate")
    return bool(missing)


def insecure_settings() -> Iterator[str]:
    """Settings under which nothing starts, each as a sentence with its cure. None of them shows a secret."""
    yield from _web()
    yield from _keys()
    yield from _relay()
    yield from _folder()


def _web() -> Iterator[str]:
    address = urlsplit(settings.BASE_URL)
    if address.scheme != "https" and not is_loopback(address.hostname or "") and not settings.ALLOW_HTTP:
        yield (
            f"SAKSGANG_BASE_URL is {settings.BASE_URL}, so passwords and cases would cross the network readable. "
            "Write an address with https://, or set SAKSGANG_ALLOW_HTTP=1 on a closed test network."
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield "SAKSGANG_ALLOWED_HOSTS has «*», so links in mails could lead anywhere. Write the names that people use."
    if settings.DEBUG:
        yield "DEBUG is on, and shows settings and cases to anybody who meets an error. Turn it off."


def _keys() -> Iterator[str]:
    for name, keys in (
        ("SECRET_KEY", [settings.SECRET_KEY]),
        ("MAIL_TOKEN_KEYS", settings.MAIL_TOKEN_KEYS),
        ("MAILBOX_KEYS", settings.MAILBOX_KEYS),
        ("METRICS_TOKEN", [settings.METRICS_TOKEN] if settings.METRICS_TOKEN else []),
    ):
        cure = f'Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))", or leave SAKSGANG_{name} out.'
        if any(len(key) < SHORTEST_KEY for key in keys):
            yield f"SAKSGANG_{name} has a key of fewer than {SHORTEST_KEY} characters, which can be guessed. {cure}"
        elif any(_is_placeholder(key) for key in keys):
            yield f"SAKSGANG_{name} has a key that is no secret. {cure}"


def _is_placeholder(key: str) -> bool:
    return len(set(key)) < _FEWEST_LETTERS or any(word in key.lower() for word in _PLACEHOLDERS)


def _relay() -> Iterator[str]:
    if settings.SMTP_OUT_USER and not settings.SMTP_OUT_STARTTLS and not is_loopback(settings.SMTP_OUT_HOST):
        yield (
            f"The password for the relay {settings.SMTP_OUT_HOST} would cross the network readable. "
            "Set SAKSGANG_SMTP_OUT_STARTTLS=1, or take SAKSGANG_SMTP_OUT_USER away."
        )


def _folder() -> Iterator[str]:
    folder = Path(settings.DATA_DIR)
    if settings.DEMO:
        # The demo's hospital is made up, so anybody may read it; its open pages must never stand before another's cases.
        if not (folder / DEMO_MARK).exists():
            yield f"SAKSGANG_DEMO is set, and {folder} is not the demo's. Unset it; the demo is started by «make demo» only."
    elif folder.stat().st_mode & stat.S_IRWXO:
        yield f"{folder} can be read by every user of this machine. Run: chmod o= {folder}"


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)  # noqa: T201 - to the person who started the process
