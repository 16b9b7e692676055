"""The installation's keys: which there are, where each comes from, and whether they are those that a backup was made with."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from saksgang.upkeep.backup_folder import Manifest, hash_of


@dataclass(frozen=True)
class Key:
    setting: str
    variables: tuple[str, ...]  # of the environment, the first that is set counts
    file: str  # below DATA_DIR, where none of them is set
    without: str  # what cannot be done when it is lost


KEYS = (
    Key("SECRET_KEY", ("SAKSGANG_SECRET_KEY",), "keys/secret_key", "everybody must sign in anew"),
    Key(
        "MAIL_TOKEN_KEYS",
        ("SAKSGANG_MAIL_TOKEN_KEYS", "SAKSGANG_MAIL_TOKEN_KEY"),
        "keys/mail_token_key",
        "the marks in mails that were sent prove nothing any more",
    ),
    Key(
        "MAILBOX_KEYS",
        ("SAKSGANG_MAILBOX_KEYS", "SAKSGANG_MAILBOX_KEY"),
        "keys/mailbox_key",
        "the mailbox passwords in the database cannot be opened",
    ),
)


def marks() -> dict[str, list[str]]:
    """By setting, what each of its keys is known by again. Nobody can tell the key from it."""
    folder = Path(settings.DATA_DIR)
    return {
        key.setting: [_mark(value) for value in _from_environment(key) or _from_file(folder / key.file)] for key in KEYS
    }


def outside() -> list[str]:
    """Keys that come from the environment: no backup holds them."""
    return [name for key in KEYS for name in key.variables if os.environ.get(name)]


def missing(backup: Path, manifest: Manifest, sums: dict[str, str]) -> list[str]:
    """Sentences on the keys that this place would not have if the backup were restored here, or would have others of."""
    return [sentence for key in KEYS if (sentence := _missing(key, backup, manifest, sums))]


def _missing(key: Key, backup: Path, manifest: Manifest, sums: dict[str, str]) -> str:
    place = f"{settings.DATA_DIR}/{key.file}, or SAKSGANG_{key.setting}"
    values = _from_environment(key)
    if not values and key.file in sums:
        copied = backup / key.file
        whole = copied.is_file() and hash_of(copied) == sums[key.file]
        return (
            ""
            if whole
            else f"The key {key.file} in the backup is damaged or missing ({place}): without it {key.without}."
        )
    values = values or _from_file(Path(settings.DATA_DIR) / key.file)
    if not values:
        return f"A key is missing ({place}): without it {key.without}."
    wanted = set(manifest.key_marks.get(key.setting, []))
    if not wanted <= {_mark(value) for value in values}:
        return f"A key is another than that of the backup ({place}): with it {key.without}."
    return ""


def _from_environment(key: Key) -> list[str]:
    for name in key.variables:
        if value := os.environ.get(name):
            return value.replace(",", " ").split() if name.endswith("KEYS") else [value]
    return []


def _from_file(path: Path) -> list[str]:
    try:
        return [path.read_text().strip()]
    except FileNotFoundError:
        return []


def _mark(value: str) -> str:
    return hmac.new(b"saksgang.upkeep.keys", value.encode(), hashlib.sha256).hexdigest()[:24]


def told_missing(sentences: list[str]) -> Iterator[str]:
    yield from sentences
    yield (
        "Put the old keys there, and run the same command again. Nothing was restored, and no new keys were made. "
        "Are they lost for good: --keys-are-lost"
    )
