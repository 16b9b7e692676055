"""Reads the environment into plain values, or says which of them will not do. The only place that does."""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
import ssl
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
# The server reads and plans a statement that a connection has sent three times no more: that was four fifths of its work for a page.
# Values then travel beside the statement, and never in it. docs/decisions/0007-prepared-queries.md
POSTGRESQL_PREPARED = {"server_side_binding": True, "prepare_threshold": 3}
# Written out once: the meaning of each pragma is in docs/decisions/0003-sqlite.md.
SQLITE_START = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000; PRAGMA temp_store=MEMORY;"


HOST = re.compile(r"(?!-)[A-Za-z0-9_æøåÆØÅ-]{1,63}(\.[A-Za-z0-9_æøåÆØÅ-]{1,63})*\.?")
# (version, private) → the fewest bits that a network of proxies may have. A private one may be used up whole.
NARROWEST = {(4, True): 8, (4, False): 16, (6, True): 7, (6, False): 32}
YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    """What is set and empty counts as not set: an empty host would listen to the whole world."""
    return os.environ.get(f"SAKSGANG_{name}") or default


def flag(name: str, default: bool = False) -> bool:
    value = text(name).strip().lower()
    if value and value not in YES | NO:
        # Taken for «no», a mistyped «yes» would leave a lock open in silence.
        raise BadSetting(f"SAKSGANG_{name} is {text(name)!r}; write 1 for yes, or 0 or nothing for no.")
    return value in YES if value else default


def number(name: str, default: int, *, least: int = 0, most: int = 1_000_000) -> int:
    """A whole number within its bounds: none that would make the desk send twice, wait for ever or never."""
    value = text(name).strip()
    if value and not (value.isascii() and value.isdigit()):
        raise BadSetting(f"SAKSGANG_{name} is {text(name)!r}; write a whole number, or nothing for {default}.")
    found = int(value[:20]) if value else default
    if not least <= found <= most:
        raise BadSetting(
            f"SAKSGANG_{name} is {value}; write a number from {least} to {most}, or nothing for {default}."
        )
    return found


def port(name: str, default: int) -> int:
    return number(name, default, least=1, most=65_535)


def host(name: str, default: str) -> str:
    """A machine's name or address, without scheme or port."""
    value = text(name, default).strip()
    if not _is_host(value):
        raise BadSetting(f"SAKSGANG_{name} is {text(name)!r}; write a machine's name or address, without a port.")
    return value


def _is_host(value: str) -> bool:
    try:
        return bool(ipaddress.ip_address(value.removeprefix("[").removesuffix("]")))
    except ValueError:
        return bool(HOST.fullmatch(value)) and not value.rpartition(".")[2].isdigit()  # 999.1.1.1 is no name either


def hosts(name: str, default: str) -> list[str]:
    """The names that pages answer to; a leading point takes in every name below. «*» is refused with a reason of its own."""
    found = words(name, default)
    for value in found:
        if value != "*" and not _is_host(value.removeprefix(".")):
            raise BadSetting(
                f"SAKSGANG_{name} has {value!r}; write names such as saksgang.sykehus.example, without scheme or port."
            )
    return found


def url(name: str, default: str = "") -> str:
    """An address on the web, http:// or https:// with a host; empty where there is none."""
    value = text(name, default).strip()
    if value and not _web_host(value):
        raise BadSetting(
            f"SAKSGANG_{name} is no address that can be used; write https:// and a host, as https://sykehus.example."
        )
    return value


def page_address(name: str, default: str) -> str:
    """Where pages begin: an address of the web without anything behind the host and the port."""
    value = url(name, default)
    if not _is_origin(value.removesuffix("/")):
        raise BadSetting(
            f"SAKSGANG_{name} is {value!r}; write https:// and the name that people use, and nothing behind it."
        )
    return value.removesuffix("/")


def origins(name: str) -> list[str]:
    for value in (found := words(name)):
        if not _is_origin(value):
            raise BadSetting(f"SAKSGANG_{name} has {value!r}; write https:// and a host, and nothing behind it.")
    return found


def _is_origin(value: str) -> bool:
    return bool(_web_host(value)) and value.rpartition("//")[2] == urlsplit(value).netloc and "@" not in value


def _web_host(value: str) -> str:
    """The host of an address on the web; empty when it is none."""
    try:
        parts = urlsplit(value)
        well = parts.scheme in {"http", "https"} and parts.port != 0 and _is_host(parts.hostname or "")
    except ValueError:
        return ""
    return parts.hostname or "" if well and value.isprintable() and " " not in value else ""


def certificates(name: str) -> str:
    """The path of a file with certificates; empty where there is none."""
    path = text(name).strip()
    if path:
        try:
            ssl.create_default_context(cafile=path)
        except OSError as error:  # what is no certificate is one as well
            raise BadSetting(
                f"SAKSGANG_{name}: {path} holds no certificates that can be read ({error.strerror}); name a file in PEM."
            ) from error
    return path


def both(first: str, second: str) -> tuple[str, str]:
    """Two that need each other."""
    values = text(first), text(second)
    if bool(values[0]) != bool(values[1]):
        raise BadSetting(f"SAKSGANG_{first} and SAKSGANG_{second} need each other; write both, or none.")
    return values


def choice(name: str, default: str, known: tuple[str, ...]) -> str:
    """One of a few words, in capitals."""
    value = text(name, default).strip().upper()
    if value not in known:
        raise BadSetting(f"SAKSGANG_{name} is {text(name)!r}; write one of {', '.join(known)}.")
    return value


def words(name: str, default: str = "") -> list[str]:
    """A list written with commas or blanks between."""
    return text(name, default).replace(",", " ").split()


def mail_domains(name: str) -> tuple[str, ...]:
    """What stands after the @ in addresses, in small letters. A country's own domain would take in all who write from there."""
    found = tuple(word.lower() for word in words(name))
    for value in found:
        if not _is_host(value) or "." not in value.strip("."):
            raise BadSetting(f"SAKSGANG_{name} has {value!r}; write what stands after the @, as sykehus.example.")
    return found


def networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """A list of addresses and networks: «127.0.0.1 10.20.0.0/16». None so wide that a stranger could stand in it."""
    try:
        found = [ipaddress.ip_network(word) for word in words(name)]
    except ValueError as error:
        raise BadSetting(f"SAKSGANG_{name}: {error}; write addresses or networks, as 127.0.0.1 10.20.0.0/16.") from None
    for network in found:
        if network.prefixlen < NARROWEST[network.version, network.is_private]:
            raise BadSetting(
                f"SAKSGANG_{name} has {network}, so strangers could say that they come from anywhere; "
                "write the addresses of your proxies only, as 127.0.0.1 10.20.0.0/16."
            )
    return found


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
    options = POSTGRESQL_PATIENCE | dict(parse_qsl(parts.query))
    _check_options(options)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": port,
        "OPTIONS": options | POSTGRESQL_PREPARED,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def _check_options(options: dict[str, str]) -> None:
    """An option that is none would end every command with a traceback, and zero as a patience means for ever."""
    from psycopg import ProgrammingError  # not where SQLite is enough
    from psycopg.conninfo import make_conninfo

    try:
        make_conninfo("", **options)
    except ProgrammingError as error:
        raise BadSetting(
            f"SAKSGANG_DATABASE_URL has an option that PostgreSQL does not know: {str(error).strip()}."
        ) from None
    for name in POSTGRESQL_PATIENCE:
        if not (options[name].isascii() and options[name].isdigit() and int(options[name]) > 0):
            raise BadSetting(
                f"SAKSGANG_DATABASE_URL has {name}={options[name]}; write a number above 0, or leave it out."
            )


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
