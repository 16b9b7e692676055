"""One mail on its way in: held in memory while it is small, else in a file without a name, and never more than the bound."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from pathlib import Path
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Self

IN_MEMORY = 128 * 1024
LINE_END = b"\r\n"


class TooLarge(Exception):
    """The mail is larger than the bound."""


class Spool:
    """The mail's bytes so far. A file has no name, so that nothing is left of it when the process is killed."""

    def __init__(self, *, most: int, folder: Path, writers: Executor) -> None:
        self.most, self.writers = most, writers
        self.size = 0
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY, dir=str(folder))  # noqa: SIM115 - closed when the spool is left

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.forget()

    async def add(self, piece: bytes) -> None:
        """Raises TooLarge, and what a full disk raises."""
        self.size += len(piece)
        if self.size > self.most:
            raise TooLarge
        if self.size <= IN_MEMORY:
            self._file.write(piece)
        else:  # the disk may be slow, and others wait to be greeted
            await asyncio.get_running_loop().run_in_executor(self.writers, self._file.write, piece)

    def read(self) -> bytes:
        """The whole mail. Asked for by the one thread that stores, so that one mail at a time is held whole."""
        self._file.seek(0)
        return self._file.read()

    def forget(self) -> None:
        """Lets go of memory and disk."""
        self._file.close()


class Undotting:
    """Takes away the dot that SMTP puts before a line that begins with one (RFC 5321 4.5.2), however the lines are cut into pieces.

    It starts after a line end, which the caller puts first and which is no part of the mail.
    """

    def __init__(self) -> None:
        self._held = b""  # a line end, or half of one: what comes next says what it means
        self._skip = len(LINE_END)

    def feed(self, piece: bytes) -> bytes:
        piece = self._held + piece
        kept = 2 if piece.endswith(LINE_END) else 1 if piece.endswith(b"\r") else 0
        self._held = piece[len(piece) - kept :]
        return self._without_first(piece[: len(piece) - kept].replace(LINE_END + b".", LINE_END))

    def end(self) -> bytes:
        return self._without_first(self._held)

    def _without_first(self, piece: bytes) -> bytes:
        skipped = min(self._skip, len(piece))
        self._skip -= skipped
        return piece[skipped:]
