"""One connection to a mailbox by IMAP: bytes out of it exactly as they lie there, and a mail moved when it is stored."""

from __future__ import annotations

import contextlib
import imaplib
import ipaddress
import re
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError
from imap_tools.utils import encode_folder

from saksgang.channels.imap.idle import Idle
from saksgang.channels.imap.oauth import Tokens

BROKEN = (OSError, imaplib.IMAP4.abort)  # the connection is of no use any more; asked for before SAID_NO
SAID_NO = (imaplib.IMAP4.error, ImapToolsError)
SLICE = 1  # seconds between looks at whether a wait is over
AT_ONCE = 200  # mails asked about in one command
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_EMPTY = re.compile(rb'BODY\[\] ""')
_NAMESPACE = re.compile(rb'^\(\("(.*?)" (?:"(.{1,2}?)"|NIL)')


class Trouble(Exception):
    """Something did not go as it must. Its words may be shown to anybody who may see the mailbox."""


class SignInRefused(Trouble):
    """The server does not let us in."""


@dataclass(frozen=True)
class Door:
    """Where a mailbox is, and how it is opened: with a password, or with tokens."""

    host: str
    port: int
    security: str  # tls, starttls, plain
    user: str
    context: ssl.SSLContext
    password: str = ""
    tokens: Tokens | None = None
    folder: str = "INBOX"
    kept_folder: str = "Saksgang/Lagret"
    timeout: float = 30  # seconds, of each read and each write


def open_session(door: Door) -> Session:
    """Connects and signs in. A token that is refused is fetched anew once. Raises Trouble, or what the network raises."""
    try:
        return Session(door)
    except SignInRefused:
        if door.tokens is None:
            raise
        return Session(door, fresh_token=True)


class Session:
    """A connection that is signed in. Use as a context."""

    def __init__(self, door: Door, *, fresh_token: bool = False) -> None:
        self.door = door
        token = door.tokens.get(fresh=fresh_token) if door.tokens else ""
        self.box = _connect(door)
        self.client = self.box.client
        try:
            _sign_in(self.client, door, token)
            self.abilities = frozenset(_said(self.client.capability())[0].decode("ascii", "replace").upper().split())
            prefix, self.separator = self._namespace()
        except BaseException:
            self.close()
            raise
        self.folder = door.folder.replace("/", self.separator)
        kept = door.kept_folder.replace("/", self.separator)
        self.kept_folder = kept if kept.startswith(prefix) else prefix + kept
        self.kept_folder_stands = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            with contextlib.suppress(*BROKEN, *SAID_NO):
                self.client.logout()
        self.close()

    def close(self) -> None:
        _hang_up(self.client)

    # --- reading -----------------------------------------------------------------------------------------------------

    def select(self) -> int:
        """Opens the folder that is read. Returns its UIDVALIDITY."""
        self.box.folder.set(self.folder)
        _kind, values = self.client.response("UIDVALIDITY")
        if not values or not values[-1]:
            raise Trouble("the server gives no UIDVALIDITY for the folder")
        self.client.response("EXISTS")  # how many there are now; the next such word is of new mail
        return int(values[-1])

    def uids(self) -> list[int]:
        """Every mail in the open folder, read or not."""
        return [int(uid) for uid in self.box.uids("ALL", charset=None)]

    def raw(self, uid: int) -> bytes:
        """A mail's own bytes. PEEK, so that it does not become read. Raises Trouble when the server has none for it."""
        parts = _said(self.client.uid("FETCH", str(uid), "(BODY.PEEK[])"))
        for uid_told, content in _fetched(parts):
            if uid_told == uid and content is not None:
                return content
        raise Trouble(f"the server gives no content for the mail with UID {uid}")

    def head(self, uid: int, most: int) -> bytes:
        """The first `most` bytes of a mail's head."""
        for uid_told, content in _fetched(_said(self.client.uid("FETCH", str(uid), f"(BODY.PEEK[HEADER]<0.{most}>)"))):
            if uid_told == uid and content is not None:
                return content
        raise Trouble(f"the server gives no head for the mail with UID {uid}")

    def sizes(self, uids: Iterable[int]) -> dict[int, int]:
        """How many bytes each mail has, as the server tells it."""
        found = {}
        for asked in _chunks(uids):
            for part in _said(self.client.uid("FETCH", asked, "(RFC822.SIZE)")):
                line = part if isinstance(part, bytes) else b""
                uid, size = _UID.search(line), _SIZE.search(line)
                if uid and size:
                    found[int(uid[1])] = int(size[1])
        return found

    def arrivals(self, uids: Iterable[int]) -> dict[int, float]:
        """When each mail came to the server, in seconds since 1970."""
        found = {}
        for asked in _chunks(uids):
            for part in _said(self.client.uid("FETCH", asked, "(INTERNALDATE)")):
                line = part if isinstance(part, bytes) else b""
                uid, moment = _UID.search(line), imaplib.Internaldate2tuple(line)
                if uid and moment:
                    found[int(uid[1])] = time.mktime(moment)
        return found

    def kept_ids(self) -> list[bytes]:
        """The Message-ID header of each mail in the kept folder; empty for a mail without. Opens that folder."""
        if not self.open_kept():
            return []
        found: dict[int, bytes] = {}
        uids = self.uids()
        for asked in _chunks(uids):
            answer = _said(self.client.uid("FETCH", asked, "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"))
            found |= {uid: content for uid, content in _fetched(answer) if content is not None}
        return [found.get(uid, b"") for uid in uids]

    def open_kept(self) -> bool:
        """Opens the kept folder, to read in it. False when there is none."""
        if not self.box.folder.exists(self.kept_folder):
            return False
        self.box.folder.set(self.kept_folder, readonly=True)
        return True

    # --- moving ------------------------------------------------------------------------------------------------------

    def make_kept_folder(self) -> None:
        """The folder for stored mails, made and subscribed to when it is missing."""
        if not self.box.folder.exists(self.kept_folder):
            self.box.folder.create(self.kept_folder)
            self.box.folder.subscribe(self.kept_folder, True)
        self.kept_folder_stands = True

    def move(self, uid: int) -> None:
        """Puts one mail into the kept folder. Other mails, those that somebody marked as deleted too, stay as they are."""
        target = encode_folder(self.kept_folder).decode("ascii")
        try:
            if "MOVE" in self.abilities:
                _said(self.client.uid("MOVE", str(uid), target))
            elif "UIDPLUS" in self.abilities:
                _said(self.client.uid("COPY", str(uid), target))
                _said(self.client.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)"))
                _said(self.client.uid("EXPUNGE", str(uid)))
            else:
                raise Trouble("the server can neither move a mail (MOVE) nor delete a single one (UIDPLUS)")
        except imaplib.IMAP4.abort:
            raise
        except SAID_NO:
            self.kept_folder_stands = False  # looked for again at the next pass
            raise

    # --- waiting -----------------------------------------------------------------------------------------------------

    def wait(self, seconds: float, *, idle: bool, over: Callable[[float], bool]) -> None:
        """Until the server tells of something, `seconds` have passed, or `over`, asked with a slice of time to sleep, says so.

        Without IDLE the server is not listened to: `over` sleeps. Waits in the folder that is open.
        """
        if self.client.response("EXISTS")[1] != [None]:
            return  # a mail came during the pass: the server told of it between other answers, and will not tell again
        end = time.monotonic() + seconds
        if not (idle and "IDLE" in self.abilities):
            while time.monotonic() < end and not over(SLICE):
                pass
            return
        with Idle(self.box) as waiting:
            while time.monotonic() < end and not over(0) and not waiting.heard(SLICE):
                pass

    def _namespace(self) -> tuple[str, str]:
        """What the names of our own folders begin with, and what stands between folder and subfolder."""
        if "NAMESPACE" in self.abilities:
            found = _NAMESPACE.match(_said(self.client.namespace())[0] or b"")
            if found:
                return found[1].decode("ascii", "replace"), (found[2] or b"-").decode("ascii")
        listed = self.box.folder.list("", "")
        separator = listed[0].delim if listed else "/"
        return "", separator if len(separator) == 1 else "-"


def _connect(door: Door) -> BaseMailBox:
    if door.security == "tls":
        return MailBox(door.host, door.port, timeout=door.timeout, ssl_context=door.context)
    box = MailBoxUnencrypted(door.host, door.port, timeout=door.timeout)
    try:
        if door.security == "starttls":
            _said(box.client.starttls(door.context))
        elif not ipaddress.ip_address(box.client.sock.getpeername()[0]).is_loopback:
            raise Trouble("without encryption only this machine itself is spoken to")
    except BaseException:
        _hang_up(box.client)
        raise
    return box


def _hang_up(client: imaplib.IMAP4) -> None:
    with contextlib.suppress(*BROKEN):
        client.shutdown()


def _sign_in(client: imaplib.IMAP4, door: Door, token: str) -> None:
    """AUTHENTICATE takes any letters; LOGIN is for servers that know nothing else."""
    if door.tokens:
        mechanism, words = "XOAUTH2", f"user={door.user}\1auth=Bearer {token}\1\1"
    else:
        mechanism, words = "PLAIN", f"\0{door.user}\0{door.password}"
    answers = iter([words.encode()])
    try:
        if door.tokens or "AUTH=PLAIN" in client.capabilities:
            # A second challenge tells why the first answer was refused; it is answered with nothing.
            client.authenticate(mechanism, lambda _challenge: next(answers, b""))
        elif not (door.user + door.password).isascii():
            raise SignInRefused("the server takes names and passwords in plain letters (ASCII) only")
        else:
            client.login(client._quote(door.user), door.password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        said = error.args[0] if error.args else ""
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        raise SignInRefused(f"the server does not let us in: {words}") from None


def _said(answer: tuple[str, list[Any]]) -> list[Any]:
    """What came with OK. Raises with the server's words otherwise."""
    kind, parts = answer
    if kind != "OK":
        words = b" ".join(part for part in parts if isinstance(part, bytes)).decode("utf-8", "replace")
        raise imaplib.IMAP4.error(f"{kind} {words}")
    return [part for part in parts if part is not None]


def _fetched(parts: list[Any]) -> Iterator[tuple[int, bytes | None]]:
    """UID and content of each mail in a FETCH answer. Servers put word of other mails' flags between."""
    for at, part in enumerate(parts):
        if isinstance(part, tuple):
            after = parts[at + 1] if at + 1 < len(parts) and isinstance(parts[at + 1], bytes) else b""
            uid = _UID.search(part[0]) or _UID.search(after)
            content: bytes | None = part[1]
        else:
            uid = _UID.search(part)
            content = b"" if _EMPTY.search(part) else None
        if uid:
            yield int(uid[1]), content


def _chunks(uids: Iterable[int]) -> Iterator[str]:
    """UIDs as they stand in commands, some at a time."""
    words = [str(uid) for uid in uids]
    for at in range(0, len(words), AT_ONCE):
        yield ",".join(words[at : at + AT_ONCE])
