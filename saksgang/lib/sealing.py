"""Secrets at rest: a mailbox's password lies sealed in the database; the key comes from the environment (MAILBOX_KEYS)."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

# cryptography is loaded when a secret is sealed or opened: pages never do, and it is 8 MB in each of their processes.


class Unopenable(Exception):
    """None of the keys opens it: MAILBOX_KEYS is not the one that sealed it."""


def seal(secret: str) -> str:
    """The secret, readable only with the newest of the keys."""
    return _keys().encrypt(secret.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """The secret. Raises Unopenable."""
    from cryptography.fernet import InvalidToken

    try:
        return _keys().decrypt(sealed.encode("ascii")).decode()
    except (InvalidToken, UnicodeError) as error:
        raise Unopenable("the key that sealed this secret is not among MAILBOX_KEYS") from error


def _keys() -> MultiFernet:
    from cryptography.fernet import Fernet, MultiFernet

    # Any words may be a key in the environment; Fernet wants exactly 32 bytes.
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in settings.MAILBOX_KEYS]
    )
