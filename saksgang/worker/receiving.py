"""Gives the channels inbound's store: what the SMTP listener and the pipe command do with a mail."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import close_old_connections, connection, transaction

from saksgang.catalogue.models import Mailbox
from saksgang.catalogue.queries import mailbox_of_address
from saksgang.channels.smtp_in.listener import Listener, Store
from saksgang.inbound.models import Door
from saksgang.inbound.reading.charsets import decode
from saksgang.inbound.storing import store
from saksgang.lib import files, text
from saksgang.people.rules import folded_address
from saksgang.tickets.mail_reference import id_in_return_address


def knows(address: str) -> bool:
    close_old_connections()
    return mailbox_of_address(folded_address(written(address))) is not None


def keep(raw: bytes, envelope_from: str, addresses: list[str]) -> None:
    """Stores one delivery for each mailbox addressed, all or none, so that the sender comes again for all."""
    close_old_connections()
    # The bytes are flushed to disk before the transaction, which holds the database's one write lock on SQLite.
    files.keep(raw)
    with transaction.atomic():
        for mailbox, address in _one_of_each(addresses):
            store(
                raw, mailbox=mailbox, door=Door.SMTP, envelope_from=written(envelope_from), envelope_to=address
            )  # fmt: skip


def written(address: str) -> str:
    """An envelope's address as it can be kept: bytes that are no UTF-8 become the letters of cp1252, and nothing invisible is left.

    It is a stranger's word and only that; a database that refused it would have the same mail come again for days.
    """
    try:
        sent = address.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a character that no byte stands for
        sent = address.encode("utf-8", "ignore")
    return text.one_line(decode(sent, "utf-8"), 254)


def _one_of_each(addresses: list[str]) -> list[tuple[Mailbox, str]]:
    """Each mailbox once, with the most telling of its addresses: a return address of ours, which names the mail that a report is
    of; else the mailbox's own; else the first. Raises LookupError for an address that was ours a moment ago.
    """
    named: dict[int, tuple[Mailbox, str]] = {}
    for address in dict.fromkeys(folded_address(written(one)) for one in addresses):
        mailbox = mailbox_of_address(address)
        if mailbox is None:
            raise LookupError("an address is no longer ours")
        so_far = named.get(mailbox.pk)
        if so_far is None or _telling(mailbox, address) > _telling(mailbox, so_far[1]):
            named[mailbox.pk] = (mailbox, address)
    return list(named.values())


def _telling(mailbox: Mailbox, address: str) -> int:
    return 2 if id_in_return_address(address) else 1 if address == mailbox.address else 0


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
