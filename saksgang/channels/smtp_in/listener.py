"""Takes mails by SMTP and says 250 only when their bytes are stored for good.

What is stored, and who the mailboxes are, comes in as functions: this room knows SMTP and nothing else.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

logger = logging.getLogger(__name__)

LARGEST_MAIL = 100 * 1024 * 1024
# Real mails hold lines of any length; refusing them would lose them.
LONGEST_LINE = 50 * 1024 * 1024


@dataclass(frozen=True)
class Store:
    """What the listener asks for. All of it runs in one thread and may block."""

    knows: Callable[[str], bool]  # whether an address is one of our mailboxes
    keep: Callable[[bytes, str, list[str]], None]  # raw bytes, envelope sender, our addresses; returns when safe
    close: Callable[[], None]  # lets go of what the thread holds, when the listener stops


class Handler:
    def __init__(self, store: Store) -> None:
        self.store = store
        # One thread with its own database connection: storing must not hold up the next greeting.
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="smtp-store")

    def close(self) -> None:
        self.thread.submit(self.store.close).result(timeout=30)
        self.thread.shutdown()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        try:
            known = await self._in_thread(self.store.knows, address)
        except Exception:
            logger.exception("could not look up a mailbox")
            return "451 4.3.0 Try again later"
        if not known:
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        try:
            await self._in_thread(self.store.keep, content, envelope.mail_from or "", list(envelope.rcpt_tos))
        except Exception:
            # The sender's server keeps the mail and comes again.
            logger.exception("could not store a mail")
            return "451 4.3.0 Try again later"
        return "250 2.0.0 Stored"

    async def _in_thread(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.thread, partial(work, *arguments))


class Server(SMTP):
    line_length_limit = LONGEST_LINE


class Listener(Controller):
    """Listens in a thread of its own until `stop` is called."""

    def __init__(self, store: Store, host: str, port: int) -> None:
        super().__init__(Handler(store), hostname=host, port=port)

    def stop(self, no_assert: bool = False) -> None:
        super().stop(no_assert)
        self.handler.close()

    def factory(self) -> SMTP:
        return Server(
            self.handler,
            data_size_limit=LARGEST_MAIL,
            enable_SMTPUTF8=True,
            decode_data=False,
            hostname="saksgang",
            ident="Saksgang",
        )
