"""Gives the mailboxes' channel inbound's store: a thread for each mailbox that is read by IMAP, and one that looks after them."""

from __future__ import annotations

import logging
import os
import platform
import secrets
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import close_old_connections, connection

from saksgang.catalogue.models import ImapDoor, ImapSignIn
from saksgang.channels.imap import collecting as imap
from saksgang.channels.imap.oauth import TokenRefused, Tokens
from saksgang.channels.imap.session import Door as OpenDoor
from saksgang.channels.imap.session import Session, Trouble, open_session
from saksgang.channels.opening import trust
from saksgang.events.holding import is_held
from saksgang.inbound import mending, watching
from saksgang.inbound.models import Door
from saksgang.inbound.storing import known_uids, store
from saksgang.lib import files
from saksgang.lib.sealing import Unopenable, unseal

logger = logging.getLogger(__name__)

LOOK_SECONDS = 30  # how soon a door that was added, changed or closed is noticed
LONGEST_PAUSE = 60  # seconds between tries of a mailbox that does not answer
LONGEST_WAIT = 20 * 60  # seconds; servers hang up on a client that is silent for half an hour
GRACE = 5 * 60  # seconds: a mail this young may be on its way into the ledger
LEAVE_SECONDS = 5  # how long a worker that is told to stop waits for its threads


class Collector(threading.Thread):
    """Reads one mailbox until it is told to leave. No trouble ever ends it."""

    def __init__(self, door: ImapDoor) -> None:
        super().__init__(name=f"imap-{door.mailbox.slug}", daemon=True)
        self.door = door
        self.mailbox = door.mailbox
        self.leave = threading.Event()
        self.holder = f"{platform.node()[:60]}-{os.getpid()}-{secrets.token_hex(4)}"
        self.reading = imap.Reading(imap.Ledger(known=self._known, keep=self._keep, hold=self._hold))
        self._failures = 0
        self._sought: set[str] = set()  # sha256 of damaged mails that the server was asked for
        self._open: OpenDoor | None = None  # made once: it holds the token
        self._asked_at = 0.0
        self._mine = self._count_wanted = False

    def run(self) -> None:
        while not self.leave.is_set():
            pause = watching.lease().total_seconds() / 10
            try:
                self._asked_at = 0.0
                if self._hold():
                    self._read()
            except Exception as error:  # noqa: BLE001 - nobody but this thread would try again
                self._failures += 1
                pause = min(2 ** (self._failures - 1), LONGEST_PAUSE)
                self._note_trouble(self._words(error))
            self.leave.wait(pause)
        self._go()

    def _read(self) -> None:
        """Passes over the mailbox, one after the other, until it is time to leave it or the connection fails."""
        with open_session(self._opened()) as session:
            while self._hold():
                done = self.reading.once(session)
                if done.left_early:
                    return
                self._failures = 0
                if done.troubles:
                    self._note_trouble("; ".join(done.troubles[:3]), all_stored=done.all_stored)
                else:
                    watching.note_success(self.mailbox)
                if self._mend(session):
                    continue  # the next pass opens its own folder again
                if self._count_wanted:
                    self._count(session)
                    continue  # counting took its time, and left another folder open
                session.wait(min(self.door.poll_seconds, LONGEST_WAIT), idle=self.door.idle, over=self._over)

    def _mend(self, session: Session) -> bool:
        """Asks the server for the mails whose bytes were damaged here; each is sought once. True when it looked."""
        wanted = {sha: size for sha, size in mending.wanted_from(self.mailbox).items() if sha not in self._sought}
        if not wanted:
            return False
        self._sought |= set(wanted)
        found = imap.fetch_again(session, wanted, files.keep)
        logger.warning("mailbox %s: %s of %s damaged mails fetched again", self.mailbox.slug, found, len(wanted))
        mending.look_at_mended()
        return True

    def _count(self, session: Session) -> None:
        """Holds the mailbox against the ledger. What came while counting is fetched first, and only then is it missing."""
        for nth in range(2):
            seen = imap.look(session, self.reading.ledger, grace=GRACE)
            missing = watching.missing_from_ledger(self.mailbox, unknown=seen.unknown, kept=seen.kept)
            if nth or not missing:
                break
            if self.reading.once(session).left_early:
                return
        watching.note_count(self.mailbox, waiting=seen.waiting, kept=len(seen.kept), missing=missing)
        self._count_wanted = False

    def _opened(self) -> OpenDoor:
        if self._open is None:
            self._open = opened(self.door)
        return self._open

    # --- the ledger --------------------------------------------------------------------------------------------------

    def _known(self, uidvalidity: int, uids: Collection[int]) -> set[int]:
        return known_uids(self.mailbox, uidvalidity, uids)

    def _keep(self, raw: bytes, uidvalidity: int, uid: int) -> None:
        store(
            raw, mailbox=self.mailbox, door=Door.IMAP, envelope_to=self.mailbox.address, uidvalidity=uidvalidity, uid=uid
        )  # fmt: skip

    def _hold(self) -> bool:
        """Whether to go on reading. The lease is renewed well before it ends, and not at every mail."""
        if self.leave.is_set():
            return False
        if time.monotonic() - self._asked_at > watching.lease().total_seconds() / 6:
            close_old_connections()
            self._mine = watching.hold(self.mailbox, self.holder)
            self._count_wanted = watching.count_wanted(self.mailbox)
            self._asked_at = time.monotonic()
        return self._mine

    def _over(self, seconds: float) -> bool:
        """Sleeps a little, and says whether the wait is over."""
        self.leave.wait(seconds)
        return not self._hold() or self._count_wanted

    # --- trouble -----------------------------------------------------------------------------------------------------

    def _words(self, error: Exception) -> str:
        """What went wrong, without a secret, should a server ever repeat it."""
        told = isinstance(error, Trouble | TokenRefused | Unopenable)
        words = str(error) if told else f"{type(error).__name__}: {error}"
        secret = self._open.password if self._open else ""
        return words.replace(secret, "…") if secret else words

    def _note_trouble(self, words: str, *, all_stored: bool = False) -> None:
        logger.warning("mailbox %s: %s", self.mailbox.slug, words)
        try:
            watching.note_trouble(self.mailbox, words, all_stored=all_stored)
        except Exception:
            logger.exception("could not note the trouble of mailbox %s", self.mailbox.slug)
            connection.close()

    def _go(self) -> None:
        try:
            watching.let_go(self.mailbox, self.holder)
        except Exception:
            logger.exception("could not let go of mailbox %s", self.mailbox.slug)
        connection.close()


def opened(door: ImapDoor) -> OpenDoor:
    """The facts of a door with its secret. Raises Unopenable."""
    context = trust(settings.MAIL_CA_FILE)
    secret = unseal(door.sealed_secret)
    tokens = None
    if door.sign_in == ImapSignIn.XOAUTH2:
        tokens = Tokens(
            url=door.token_url, client_id=door.client_id, secret=secret, scope=door.scope, context=context
        )  # fmt: skip
    return OpenDoor(
        host=door.host,
        port=door.port,
        security=door.security,
        user=door.user,
        context=context,
        password=secret if tokens is None else "",
        tokens=tokens,
        folder=door.folder,
        kept_folder=door.kept_folder,
    )


class Overseer(threading.Thread):
    """Keeps a collector for each open door."""

    def __init__(self) -> None:
        super().__init__(name="imap-overseer", daemon=True)
        self.leave = threading.Event()
        self.collectors: dict[int, Collector] = {}
        self._facts: dict[int, tuple[object, ...]] = {}

    def run(self) -> None:
        while not self.leave.is_set():
            try:
                self.look()
            except Exception:
                logger.exception("could not look at the mailboxes' doors")
                connection.close()
            close_old_connections()
            self.leave.wait(LOOK_SECONDS)
        for collector in self.collectors.values():
            collector.leave.set()
        end = time.monotonic() + LEAVE_SECONDS
        for collector in self.collectors.values():
            collector.join(timeout=max(0.0, end - time.monotonic()))
        connection.close()

    def look(self) -> None:
        """Starts collectors for new doors; ends those whose door was changed or closed."""
        doors = ImapDoor.objects.none() if is_held() else ImapDoor.objects.filter(active=True, mailbox__active=True)
        facts = {row[0]: row for row in doors.values_list("pk", "mailbox__address", "mailbox__slug", *_FACTS)}
        for pk in list(self.collectors):
            if facts.get(pk) != self._facts[pk]:
                self.collectors.pop(pk).leave.set()
        watching.forget_closed()
        for door in doors.filter(pk__in=facts.keys() - self.collectors.keys()).select_related("mailbox"):
            self._facts[door.pk] = facts[door.pk]
            self.collectors[door.pk] = Collector(door)
            self.collectors[door.pk].start()


_FACTS = tuple(field.attname for field in ImapDoor._meta.concrete_fields)


@contextmanager
def collecting() -> Iterator[Overseer]:
    """The mailboxes are read for as long as the block lasts."""
    overseer = Overseer()
    overseer.start()
    try:
        yield overseer
    finally:
        overseer.leave.set()
        overseer.join(timeout=LEAVE_SECONDS + 1)
