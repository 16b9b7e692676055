"""aiosmtpd's server with bounds: what one connection may hold, how many there are, and how long each may take.

aiosmtpd keeps a mail as a list of its lines, which makes gigabytes of a few megabytes of blank ones, and answers 500 to any
exception, after which the mail is lost. docs/decisions/0013-smtp-listener.md says what is replaced here, and why the rest is kept.
"""

from __future__ import annotations

import asyncio
import logging
import re
import resource
from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from saksgang.channels.smtp_in.spool import LINE_END, Spool, TooLarge, Undotting

logger = logging.getLogger(__name__)

MOST_CONNECTIONS = 100
BUFFER = 64 * 1024  # bytes of a connection that wait to be read: no line of commands is longer
LONGEST_COMMAND = 4096  # envelope senders of list servers may be long, and are only words to us
PATIENCE = 300  # seconds for the next command or piece of a mail (RFC 5321 4.5.3.2.7)
PATIENCE_IN_A_CROWD = 20
LONGEST_WITHOUT_MAIL = 1800  # seconds that a connection may go on without having delivered anything
LONGEST_STORING = 600  # seconds; the client waits as long (RFC 5321 4.5.3.2.6)
END = b"\r\n.\r\n"  # nothing else ends a mail: a server that takes less lets others smuggle mails in

TRY_AGAIN = "451 4.3.0 Trouble on our side, try again later"
GONE = "421 4.4.2 The connection was silent for too long, try again later"
CROWDED = b"421 4.3.2 Too many connections, try again later\r\n"

_PATH = re.compile(r'<(?:@[^<>:]*:)?((?:"(?:[^"\\]|\\.)*"|[^<>"])*)>(.*)', re.DOTALL)
_LOOSE_PATH = re.compile(r"<([^<>]*)>(.*)|([^\s<>]+)(.*)", re.DOTALL)


@dataclass
class Door:
    """What all connections share."""

    largest: int  # bytes of a mail
    folder: Path  # where large mails lie while they come in
    writers: ThreadPoolExecutor
    open: set[asyncio.BaseTransport] = field(default_factory=set)

    def __post_init__(self) -> None:
        # Each connection may need a second file; the rest is for the database, the disk and whatever else this process does.
        self.most = max(4, min(MOST_CONNECTIONS, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 4))

    @property
    def is_full(self) -> bool:
        return len(self.open) >= self.most

    @property
    def patience(self) -> int:
        return PATIENCE if len(self.open) <= self.most * 3 // 4 else PATIENCE_IN_A_CROWD

    def spool(self) -> Spool:
        return Spool(most=self.largest, folder=self.folder, writers=self.writers)


def too_large(largest: int) -> str:
    return f"552 5.3.4 The mail is larger than {largest // 1024**2} MB, which is the most we take. Send the files some other way"


class Server(SMTP):
    """One connection."""

    line_length_limit = BUFFER
    # aiosmtpd adds to these at each EHLO; the buffer bounds a line in any case.
    command_size_limits: dict[str, int] = defaultdict(lambda: LONGEST_COMMAND)  # noqa: RUF012
    command_size_limit = LONGEST_COMMAND

    def __init__(self, handler: Any, door: Door, **facts: Any) -> None:
        super().__init__(handler, **facts)
        self.door = door
        self._deadline: asyncio.TimerHandle | None = None  # by when it must have delivered something

    # --- the connection ----------------------------------------------------------------------------------------------

    def connection_made(self, transport: Any) -> None:
        if self.door.is_full:
            transport.write(CROWDED)
            transport.close()
            return
        self.door.open.add(transport)
        transport.max_size = BUFFER  # how much asyncio reads at a time
        super().connection_made(transport)
        self.delivered()

    def connection_lost(self, error: Exception | None) -> None:
        if self._deadline is None:  # refused at the door
            return
        self.door.open.discard(self.transport)
        self._deadline.cancel()
        super().connection_lost(error)

    def eof_received(self) -> bool | None:
        # A client that has said all it has to say is still answered; aiosmtpd would drop the mail that it is storing.
        return asyncio.StreamReaderProtocol.eof_received(self)

    def allow(self, seconds: float) -> None:
        """Time for something that we do ourselves."""
        super()._reset_timeout(seconds)

    def delivered(self) -> None:
        """A mail is stored: the connection may go on."""
        if self._deadline:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(LONGEST_WITHOUT_MAIL, self._timeout_cb)

    def _reset_timeout(self, duration: float | None = None) -> None:
        super()._reset_timeout(duration or self.door.patience)

    def _timeout_cb(self) -> None:
        transport: Any = self.transport
        if transport.is_closing() or transport.get_write_buffer_size():
            transport.abort()  # it reads nothing either: nothing can be said
            return
        transport.write(GONE.encode() + LINE_END)
        transport.close()
        self._reset_timeout(PATIENCE_IN_A_CROWD)

    async def handle_exception(self, error: Exception) -> str:
        """Whatever goes wrong here can pass, so the sender's server keeps the mail."""
        if isinstance(error, asyncio.IncompleteReadError):  # the client has left
            self._hang_up()
            return GONE
        logger.error("a connection failed", exc_info=error)
        return TRY_AGAIN

    def _hang_up(self) -> None:
        if self.transport is not None:
            self.transport.close()

    # --- a mail ------------------------------------------------------------------------------------------------------

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        if await self.check_helo_needed():
            return
        if not (self.envelope and self.envelope.rcpt_tos):
            await self.push("503 5.5.1 Say RCPT first")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        try:
            with self.door.spool() as spool:
                await self._receive(spool)
        except asyncio.IncompleteReadError:
            raise
        except Exception:
            # Where in the mail we are is not known: what follows must not be taken for commands.
            logger.exception("a mail could not be received")
            await self.push(TRY_AGAIN)
            self._hang_up()
        self._set_post_data_state()

    async def _receive(self, spool: Spool) -> None:
        """Reads to the end of the mail, also of one that is refused, so that its sender hears the answer and not a broken line."""
        failed = refused = False
        async with aclosing(self._pieces()) as pieces:
            async for piece in pieces:
                self._reset_timeout()
                if failed or refused:
                    continue
                try:
                    await spool.add(piece)
                except TooLarge:
                    refused = True
                    spool.forget()
                    await self.push(too_large(self.door.largest))
                except OSError:
                    logger.exception("a mail could not be kept while it came in")
                    failed = True
                    spool.forget()
        if not refused:
            await self.push(TRY_AGAIN if failed else await self.event_handler.stored(self, self.envelope, spool))

    async def _pieces(self) -> AsyncGenerator[bytes, None]:
        """The mail as it was before the client put its dots in, some 64 KB at a time, with every line end as it was sent."""
        undotting = Undotting()
        # A mail may be empty: the line end of DATA itself counts as the one before the last dot.
        reader: Any = self._reader
        reader._buffer[:0] = LINE_END
        while True:
            try:
                last = await reader.readuntil(END)
            except asyncio.LimitOverrunError as overrun:
                yield undotting.feed(await reader.readexactly(overrun.consumed))
            else:
                yield undotting.feed(last[: len(LINE_END) - len(END)])
                yield undotting.end()
                return

    # --- commands ----------------------------------------------------------------------------------------------------

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """The address and what follows it. Whatever stands in angle brackets is one: what it means is asked elsewhere.

        The parser that aiosmtpd borrows from `email` raises on some addresses and refuses others that travel in practice.
        """
        path = _PATH.fullmatch(arg.strip())
        if path:
            return path[1].strip() or "<>", path[2]
        loose = _LOOSE_PATH.fullmatch(arg.strip())
        if loose is None:
            return None, None
        return (loose[1].strip() or "<>", loose[2]) if loose[1] is not None else (loose[3], loose[4])

    def _getparams(self, params: Sequence[str]) -> dict[str, str | bool] | None:
        found: dict[str, str | bool] | None = super()._getparams(params)
        size = (found or {}).get("SIZE")
        if isinstance(size, str) and not (size.isascii() and size.isdigit() and len(size) <= 20):
            return None  # int() takes other digits, and fails on very many
        return found
