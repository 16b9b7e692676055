"""Gives the channels inbound's store: what the SMTP listener and the pipe command do with a mail."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import close_old_connections, connection, transaction

from saksgang.catalogue.queries import mailbox_of_address
from saksgang.channels.smtp_in.listener import Listener, Store
from saksgang.inbound.models import Door
from saksgang.inbound.storing import store
from saksgang.people.rules import folded_address


def knows(address: str) -> bool:
    close_old_connections()
    return mailbox_of_address(folded_address(address)) is not None


def keep(raw: bytes, envelope_from: str, addresses: list[str]) -> None:
    """Stores one delivery for each mailbox addressed, all or none, so that the sender comes again for all."""
    close_old_connections()
    with transaction.atomic():
        for address in dict.fromkeys(folded_address(one) for one in addresses):
            mailbox = mailbox_of_address(address)
            if mailbox is None:
                raise LookupError(f"no mailbox {address}")
            store(raw, mailbox=mailbox, door=Door.SMTP, envelope_from=envelope_from, envelope_to=address)


def let_go() -> None:
    connection.close()  # asked for by the thread that used it


@contextmanager
def listening() -> Iterator[Listener]:
    """The SMTP listener, for as long as the block lasts."""
    listener = Listener(Store(knows=knows, keep=keep, close=let_go), settings.SMTP_IN_HOST, settings.SMTP_IN_PORT)
    listener.start()
    try:
        yield listener
    finally:
        listener.stop()


def listen_until_stopped() -> None:
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with listening():
        stop.wait()
