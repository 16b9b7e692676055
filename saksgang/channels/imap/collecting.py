"""One pass over a mailbox: what the ledger does not know is fetched and stored, and what is stored is moved out of the way.

Nothing depends on flags or times: the ledger, asked by UID, is the only memory. The ledger comes in as functions.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from django.conf import settings

from saksgang.channels.imap.session import BROKEN, SAID_NO, Session, Trouble
from saksgang.channels.imap.stand_in import LARGEST_HEAD, stand_in


@dataclass(frozen=True)
class Ledger:
    """What a pass asks for. All of it may block, and may raise."""

    known: Callable[[int, Collection[int]], set[int]]  # UIDVALIDITY and UIDs → those that are stored
    keep: Callable[[bytes, int, int], None]  # raw bytes, UIDVALIDITY, UID; returns when safe
    hold: Callable[[], bool]  # False: leave the mailbox to others now


@dataclass
class Pass:
    """What came of one pass."""

    troubles: list[str] = field(default_factory=list)
    all_stored: bool = True
    left_early: bool = False


class Reading:
    """One mailbox, pass after pass."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        # Mails that did not come through last time. They go last, so that none of them keeps the others waiting.
        self._difficult: set[tuple[int, int]] = set()
        self._sizes: dict[int, int] = {}

    def once(self, session: Session) -> Pass:
        """Fetches, stores and moves. Raises when the connection is gone; the next pass goes on from there."""
        done = Pass()
        self._make_kept_folder(session, done)
        validity = session.select()
        uids = session.uids()
        known = self.ledger.known(validity, uids)
        self._sizes = session.sizes(set(uids) - known)
        self._difficult &= {(validity, uid) for uid in uids}
        for uid in sorted(uids, key=lambda uid: ((validity, uid) in self._difficult, uid)):
            if not self.ledger.hold():
                done.left_early = True
                break
            if uid in known or self._store(session, validity, uid, done):
                self._move(session, uid, done)
        return done

    def _store(self, session: Session, validity: int, uid: int, done: Pass) -> bool:
        self._difficult.add((validity, uid))  # until it is stored, also if it breaks the connection
        try:
            raw = self._raw(session, uid)
        except BROKEN:
            raise
        except (*SAID_NO, Trouble) as error:
            done.troubles.append(str(error))
            done.all_stored = False
            return False
        try:
            self.ledger.keep(raw, validity, uid)
        except Exception as error:  # noqa: BLE001 - whatever it is, the mail stays on the server and the others come in
            done.troubles.append(f"UID {uid} was not stored: {type(error).__name__}: {error}")
            done.all_stored = False
            return False
        self._difficult.discard((validity, uid))
        return True

    def _raw(self, session: Session, uid: int) -> bytes:
        size, most = self._sizes.get(uid, 0), settings.MAIL_MAX_BYTES
        if size <= most:
            return session.raw(uid)
        return stand_in(session.head(uid, LARGEST_HEAD), size=size, most=most, folder=session.door.kept_folder)

    def _move(self, session: Session, uid: int, done: Pass) -> None:
        """A mail that cannot be moved is no loss: it is stored, and the next pass tries again."""
        try:
            session.move(uid)
        except BROKEN:
            raise
        except (*SAID_NO, Trouble) as error:
            done.troubles.append(f"UID {uid} was not moved: {error}")

    def _make_kept_folder(self, session: Session, done: Pass) -> None:
        if session.kept_folder_stands:
            return
        try:
            session.make_kept_folder()
        except BROKEN:
            raise
        except SAID_NO as error:
            done.troubles.append(f"{session.kept_folder} was not made: {error}")


@dataclass(frozen=True)
class Seen:
    """What lies on the server, to be held against the ledger."""

    waiting: int  # mails in the folder that is read
    unknown: int  # of these, how many came a while ago and are not in the ledger
    kept: list[bytes]  # the Message-ID header of each mail in the kept folder


def look(session: Session, ledger: Ledger, *, grace: float) -> Seen:
    """Counts both folders. A mail that came within `grace` seconds may be on its way and is not yet unknown."""
    validity = session.select()
    uids = session.uids()
    unknown = set(uids) - ledger.known(validity, uids)
    arrivals = session.arrivals(unknown)
    late = [uid for uid in unknown if arrivals.get(uid, 0) < time.time() - grace]
    return Seen(waiting=len(uids), unknown=len(late), kept=session.kept_ids())


def fetch_again(session: Session, wanted: Mapping[str, int], keep: Callable[[bytes], object]) -> int:
    """Looks on the server for mails of these sha256 (→ size), and hands each that it finds to `keep`. Returns how many.

    Sizes tell which mails to look at, so that a folder of a million is not fetched for one.
    """
    missing, sizes = set(wanted), set(wanted.values())
    session.select()
    _fetch_from_open(session, missing, sizes, keep)
    if missing and session.open_kept():
        _fetch_from_open(session, missing, sizes, keep)
    return len(wanted) - len(missing)


def _fetch_from_open(session: Session, missing: set[str], sizes: set[int], keep: Callable[[bytes], object]) -> None:
    for uid, size in session.sizes(session.uids()).items():
        if not missing:
            return
        if size in sizes:
            raw = session.raw(uid)
            sha256 = hashlib.sha256(raw).hexdigest()
            if sha256 in missing:
                keep(raw)
                missing.discard(sha256)
