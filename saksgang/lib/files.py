"""Bytes kept for good, named by what they hold: raw mails, attachments, mails as sent.

A file is written beside its place, flushed, renamed and its folder flushed, all before the database commits a row that names it.
So a row never names bytes that a power cut could take, and a file without a row is only spare.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings


class Damaged(FileNotFoundError):
    """What lies under a hash is not what the hash says: cut short, changed, or gone."""


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "files"


def path_of(sha256: str) -> Path:
    """Where the bytes with this hash lie, whether or not they are there."""
    if len(sha256) != 64 or not all(letter in "0123456789abcdef" for letter in sha256):
        raise ValueError("not a sha256 in lower-case hex")
    return _folder() / sha256[:2] / sha256[2:4] / sha256


def keep(content: bytes) -> str:
    """Stores `content` durably and returns its sha256 in hex. What lies there already is left when it is whole, and mended when not."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
    if is_whole(sha256):
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.rename(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    # The folders above may be new as well: each names the next one.
    for folder in (path.parent, path.parent.parent, _folder()):
        _flush_folder(folder)
    return sha256


def read(sha256: str) -> bytes:
    """The bytes with this hash. Raises Damaged when they are gone, or are others by now."""
    try:
        content = path_of(sha256).read_bytes()
    except FileNotFoundError as error:
        raise Damaged(f"the file {sha256} is missing") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Damaged(f"the file {sha256} is damaged")
    return content


def is_whole(sha256: str) -> bool:
    """Whether the bytes with this hash lie there as they were stored. Reads them, piece by piece."""
    try:
        with path_of(sha256).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def chunks(sha256: str, size: int = 64 * 1024) -> Iterator[bytes]:
    """The same bytes, piece by piece, for large downloads. Raises Damaged before the first when they are not whole."""
    if not is_whole(sha256):
        raise Damaged(f"the file {sha256} is missing or damaged")
    return _pieces(path_of(sha256), size)


def _pieces(path: Path, size: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(size):
            yield piece


def forget(sha256: str) -> None:
    """Deletes the bytes with this hash. Only redaction and retention do this; nothing else ever deletes."""
    path_of(sha256).unlink(missing_ok=True)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
