"""Reads the environment into plain values. The only place that does."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# Written out once: the meaning of each pragma is in docs/decisions/0003-sqlite.md.
SQLITE_START = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000; PRAGMA temp_store=MEMORY;"


def text(name: str, default: str = "") -> str:
    return os.environ.get(f"SAKSGANG_{name}", default)


def flag(name: str, default: bool = False) -> bool:
    value = text(name)
    return value.lower() in {"1", "true", "yes", "on"} if value else default


def number(name: str, default: int) -> int:
    return int(text(name) or default)


def words(name: str, default: str = "") -> list[str]:
    """A list written with commas or blanks between."""
    return text(name, default).replace(",", " ").split()


def secret(name: str, data_dir: Path) -> str:
    """A key from the environment, else one made once and kept beside the data, readable by the owner only."""
    if value := text(name):
        return value
    path = data_dir / "keys" / name.lower()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:  # another process was quicker; its key counts
            pass
    return path.read_text().strip()


def database(url: str, data_dir: Path) -> dict[str, Any]:
    """Django's DATABASES entry for `postgresql://user:password@host:port/name?option=…`; empty means SQLite in DATA_DIR."""
    if not url or url.startswith("sqlite:"):
        name = url.removeprefix("sqlite:").removeprefix("///") or str(data_dir / "saksgang.sqlite3")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": name,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_START},
            "CONN_MAX_AGE": None,
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError(f"SAKSGANG_DATABASE_URL: unknown scheme {parts.scheme!r}; use postgresql://… or sqlite:///…")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
