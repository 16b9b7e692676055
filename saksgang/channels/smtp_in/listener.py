"""Takes mails by SMTP and says 250 only when their bytes are stored for good.

What is stored, and who the mailboxes are, comes in as functions: this room knows SMTP and nothing else.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session
from django.conf import settings

from saksgang.channels.smtp_in.server import LONGEST_STORING, TRY_AGAIN, Door, Server, too_large
from saksgang.channels.smtp_in.spool import Spool

logger = logging.getLogger(__name__)

# A server that has more sends the rest in a second mail; of each mailbox only one address counts in any case.
MOST_RECIPIENTS = 1000
LEAST_FREE_BYTES = 64 * 1024**2  # of the disk, besides the mail itself: the database needs room too
SAY_AGAIN_SECONDS = 60


@dataclass(frozen=True)
class Store:
    """What the listener asks for. It runs in threads of the listener's own, one for each of the first two, and may block."""

    knows: Callable[[str], bool]  # whether an address is one of our mailboxes
    keep: Callable[[bytes, str, list[str]], None]  # raw bytes, envelope sender, our addresses; returns when safe
    close: Callable[[], None]  # lets go of what a thread holds, when the listener stops


class Handler:
    def __init__(self, store: Store) -> None:
        self.store = store
        # One thread with its own database connection: storing must not hold up the next greeting, and one mail is whole at a time.
        self.storing = ThreadPoolExecutor(max_workers=1, thread_name_prefix="smtp-store")
        # A mail that announces itself does not wait for those that are being stored.
        self.looking = ThreadPoolExecutor(max_workers=1, thread_name_prefix="smtp-look")
        writers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="smtp-spool")
        self.door = Door(largest=settings.MAIL_MAX_BYTES, folder=Path(settings.DATA_DIR), writers=writers)

    def close(self) -> None:
        for thread in (self.storing, self.looking):
            thread.submit(self.store.close).result(timeout=30)
            thread.shutdown()
        self.door.writers.shutdown()

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's names
        self, _server: Server, session: Session, _envelope: Envelope, hostname: str, answers: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [answers[0], f"250-SIZE {self.door.largest}", "250-PIPELINING", *answers[1:]]

    async def handle_MAIL(  # noqa: N802
        self, _server: Server, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        declared = max((int(one[5:]) for one in options if one.startswith("SIZE=")), default=0)
        if declared > self.door.largest:
            return too_large(self.door.largest)
        if shutil.disk_usage(self.door.folder).free < declared + LEAST_FREE_BYTES:
            logger.error("the disk is full: mails stay with their senders")
            return "452 4.3.1 No room on our disk, try again later"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Server, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients, send the rest in a mail of their own"
        try:
            known = await self._in_thread(server, self.looking, self.store.knows, address)
        except Exception:
            logger.exception("could not look up a mailbox")
            return TRY_AGAIN
        if not known:
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def stored(self, server: Server, envelope: Envelope, spool: Spool) -> str:
        """What the client hears when the whole mail is here."""
        sender = "" if envelope.mail_from in (None, "<>") else envelope.mail_from
        try:
            await self._in_thread(server, self.storing, self._keep, spool, sender, list(envelope.rcpt_tos))
        except Exception:
            # The sender's server keeps the mail and comes again.
            logger.exception("could not store a mail")
            return TRY_AGAIN
        server.delivered()
        return "250 2.0.0 Stored"

    def _keep(self, spool: Spool, sender: str, addresses: list[str]) -> None:
        self.store.keep(spool.read(), sender, addresses)

    async def _in_thread(self, server: Server, thread: Executor, work: Callable[..., Any], *arguments: Any) -> Any:
        server.allow(LONGEST_STORING)
        try:
            return await asyncio.get_running_loop().run_in_executor(thread, partial(work, *arguments))
        finally:
            server._reset_timeout()


class Listener(Controller):
    """Listens in a thread of its own until `stop` is called."""

    def __init__(self, store: Store, host: str, port: int) -> None:
        super().__init__(Handler(store), hostname=host, port=port)
        self.loop.set_exception_handler(_Sparing())

    def stop(self, no_assert: bool = False) -> None:
        super().stop(no_assert)
        self.handler.close()

    def factory(self) -> Server:
        return Server(
            self.handler,
            self.handler.door,
            data_size_limit=None,  # ours is said in plain words
            enable_SMTPUTF8=True,
            decode_data=False,
            hostname="saksgang",
            ident="Saksgang",
            loop=self.loop,
        )


class _Sparing:
    """Logs what asyncio complains of once a minute: out of files, it would say so a hundred times a second."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def __call__(self, _loop: asyncio.AbstractEventLoop, trouble: dict[str, Any]) -> None:
        words = str(trouble.get("message"))
        if time.monotonic() - self._last.get(words, -SAY_AGAIN_SECONDS) >= SAY_AGAIN_SECONDS:
            self._last = {words: time.monotonic()}
            logger.error("the listener: %s", words, exc_info=trouble.get("exception"))
