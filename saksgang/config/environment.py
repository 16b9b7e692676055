"""Reads the environment into plain values, or says which of them will not do. The only place that does."""

from __future__ import annotations

import ipaddress
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from saksgang.lib.bad_setting import BadSetting

# A connection that went silent is given up after half a minute, not after the two hours of the operating system. What the
# address itself says of these counts.
POSTGRESQL_PATIENCE = {
    "connect_timeout": "10",
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
# Written out once: the meaning of each pragma is in docs/decisions/0003-sqlite.md.
SQLITE_START = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000; PRAGMA temp_store=MEMORY;"


YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    return os.environ.get(f"SAKSGANG_{name}", default)


def flag(name: str, default: bool = False) -> bool:
    value = text(name).strip().lower()
    if value and value not in YES | NO:
        # Taken for «no», a mistyped «yes» would leave a lock open in silence.
        raise BadSetting(f"SAKSGANG_{name} is {text(name)!r}; write 1 for yes, or 0 or nothing for no.")
    return value in YES if value else default


def number(name: str, default: int) -> int:
    """A whole number, 0 or more."""
    value = text(name).strip()
    if value and not (value.isascii() and value.isdigit()):
        raise BadSetting(f"SAKSGANG_{name} is {text(name)!r}; write a whole number, or nothing for {default}.")
    return int(value) if value else default


def choice(name: str, default: str, known: tuple[str, ...]) -> str:
    """One of a few words, in capitals."""
    value = text(name, default).strip().upper()
    if value not in known:
        raise BadSetting(f"SAKSGANG_{name} is {text(name)!r}; write one of {', '.join(known)}.")
    return value


def words(name: str, default: str = "") -> list[str]:
    """A list written with commas or blanks between."""
    return text(name, default).replace(",", " ").split()


def networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """A list of addresses and networks: «127.0.0.1 10.20.0.0/16»."""
    try:
        return [ipaddress.ip_network(word) for word in words(name)]
    except ValueError as error:
        raise BadSetting(f"SAKSGANG_{name}: {error}; write addresses or networks, as 127.0.0.1 10.20.0.0/16.") from None


def origin(url: str) -> list[str]:
    """The origin that browsers name in forms from `url`, when that has HTTPS."""
    address = urlsplit(url)
    return [f"https://{address.netloc}"] if address.scheme == "https" and address.netloc else []


def data_folder(default: str) -> Path:
    """DATA_DIR, made if it is not there and closed to others: cases are nobody else's business on this machine."""
    path = Path(text("DATA_DIR") or default).resolve()
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise _unusable(path, error) from error
    return path


def _unusable(path: Path, error: OSError) -> BadSetting:
    return BadSetting(
        f"SAKSGANG_DATA_DIR: {path} cannot be used ({error.strerror}); "
        "name a folder that the user who runs Saksgang may write to."
    )


def secret(name: str, data_dir: Path) -> str:
    """A key from the environment, else one made once and kept beside the data, readable by the owner only."""
    if value := text(name):
        return value
    path = data_dir / "keys" / name.lower()
    if flag("MAKE_NO_KEYS") and not path.exists():  # the command must find those that belong to what it brings
        return ""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _make_key(path)
        return path.read_text().strip()
    except OSError as error:
        raise _unusable(path, error) from error


def _make_key(path: Path) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:  # another process was quicker; its key counts
        pass


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
    parts, port = _parts(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": port,
        "OPTIONS": POSTGRESQL_PATIENCE | dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def _parts(url: str) -> tuple[SplitResult, str]:
    """The address in its parts, and the port as text. The address itself is never shown: it holds a password."""
    cure = "write postgresql://user:password@host:port/name or sqlite:///path, or nothing for SQLite in DATA_DIR."
    try:
        parts = urlsplit(url)
        port = str(parts.port or "")
    except ValueError as error:
        raise BadSetting(f"SAKSGANG_DATABASE_URL is no address ({error}); {cure}") from None
    if parts.scheme not in {"postgresql", "postgres"}:
        raise BadSetting(f"SAKSGANG_DATABASE_URL: unknown scheme {parts.scheme!r}; {cure}")
    if not parts.path.strip("/"):
        raise BadSetting(f"SAKSGANG_DATABASE_URL names no database; {cure}")
    return parts, port
