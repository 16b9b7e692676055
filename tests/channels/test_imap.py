"""Mailboxes by IMAP, against a real Dovecot: connections, sign-in, exact bytes, moving, waiting."""

from __future__ import annotations

import hashlib
import imaplib
import os
import socket
import ssl
import threading
import time

import pytest

from saksgang.channels.imap.collecting import Ledger, Reading, look
from saksgang.channels.imap.oauth import TokenRefused, Tokens
from saksgang.channels.imap.session import BROKEN, Door, SignInRefused, Trouble, open_session
from saksgang.channels.opening import trust
from tests.dovecot import PASSWORD, PLAIN_PASSWORD, Dovecot, TokenServer, free_port

pytestmark = pytest.mark.once

MAIL = b"From: Nora <nora@sykehus.example>\r\nMessage-ID: <%d@sykehus.example>\r\nSubject: Hei\r\n\r\nHei, nr. %d\r\n"


def mail(nth: int) -> bytes:
    return MAIL % (nth, nth)


def door(server: Dovecot, **facts) -> Door:
    standard = {
        "host": "127.0.0.1",
        "port": server.port,
        "security": "plain",
        "user": "ikt",
        "password": PASSWORD,
        "context": trust(str(server.ca_file)),
        "timeout": 10,
    }
    return Door(**(standard | facts))


class Books:
    """A ledger in memory; `fails` names what it refuses to store."""

    def __init__(self) -> None:
        self.stored: dict[tuple[int, int], bytes] = {}
        self.fails: set[bytes] = set()
        self.order: list[bytes] = []
        self.ours = True

    def keep(self, raw: bytes, uidvalidity: int, uid: int) -> None:
        self.order.append(raw)
        if raw in self.fails:
            raise ValueError("not today")
        self.stored[uidvalidity, uid] = raw

    def ledger(self) -> Ledger:
        return Ledger(
            known=lambda validity, uids: {uid for uid in uids if (validity, uid) in self.stored},
            keep=self.keep,
            hold=lambda: self.ours,
        )


@pytest.fixture
def books() -> Books:
    return Books()


def one_pass(server: Dovecot, books: Books, **facts):
    with open_session(door(server, **facts)) as session:
        return Reading(books.ledger()).once(session)


def test_a_mail_is_fetched_stored_and_moved(imap_server, books):
    imap_server.deliver(mail(1), mail(2))
    done = one_pass(imap_server, books)
    assert (done.troubles, done.all_stored) == ([], True)
    assert list(books.stored.values()) == [mail(1), mail(2)]
    assert imap_server.uids() == []
    assert len(imap_server.kept()) == 2
    with imap_server.mailbox() as box:
        subscribed = [one.name for one in box.folder.list(subscribed_only=True)]
    assert "Saksgang/Lagret" in subscribed


ODD = {
    "latin-1": "Subject: Får ikke åpnet døra\r\n\r\nBlåbærsyltetøy på sengepost\r\n".encode("latin-1"),
    "no header": b"\r\nbare tekst\r\n",
    "no blank line": b"Subject: x",
    "two From": b"From: a@b.example\r\nFrom: c@d.example\r\n\r\n\r\n",
    "long line": b"Subject: x\r\n\r\n" + b"a" * 1_000_000 + b"\r\n",
    "every byte but NUL": b"Subject: x\r\n\r\n" + bytes(one for one in range(1, 256) if one not in (10, 13)) + b"\r\n",
    "looks like IMAP": b"Subject: UID 9 BODY[] {3}\r\n\r\n)\r\nA1 OK done\r\n* 1 FETCH (UID 1 BODY[] {1}\r\nx)\r\n",
    "30 MB": b"Subject: x\r\nContent-Transfer-Encoding: base64\r\n\r\n" + (b"QUJD" * 19 + b"\r\n") * 400_000,
}


def test_bytes_are_the_same_to_the_last_one(imap_server, books):
    imap_server.deliver(*ODD.values())
    assert one_pass(imap_server, books).troubles == []
    expected = [hashlib.sha256(raw).hexdigest() for raw in ODD.values()]
    assert [hashlib.sha256(raw).hexdigest() for raw in books.stored.values()] == expected


def test_whether_a_mail_is_read_means_nothing_and_is_not_changed(imap_server, books):
    imap_server.deliver(mail(1), flags=("\\Seen",))
    imap_server.deliver(mail(2))
    imap_server.deliver(mail(3), flags=("\\Deleted",))
    with open_session(door(imap_server)) as session:
        session.select()
        for uid in session.uids():
            session.raw(uid)
    with imap_server.mailbox() as box:
        assert [one.flags for one in box.fetch(mark_seen=False)] == [("\\Seen",), (), ("\\Deleted",)]
    assert one_pass(imap_server, books).troubles == []
    assert len(books.stored) == 3
    assert len(imap_server.kept()) == 3


def test_a_mail_that_is_stored_and_was_not_moved_is_moved_and_not_stored_again(imap_server, books):
    imap_server.deliver(mail(1))
    with open_session(door(imap_server)) as session:
        books.keep(mail(1), session.select(), 1)
    books.order.clear()
    one_pass(imap_server, books)
    assert books.order == []
    assert (imap_server.uids(), len(imap_server.kept())) == ([], 1)


def test_one_bad_mail_stops_no_other_and_goes_last_the_next_time(imap_server, books):
    imap_server.deliver(mail(1), mail(2), mail(3))
    books.fails = {mail(1)}
    reading = Reading(books.ledger())
    with open_session(door(imap_server)) as session:
        done = reading.once(session)
        assert (len(done.troubles), done.all_stored) == (1, False)
        assert list(books.stored.values()) == [mail(2), mail(3)]
        assert imap_server.uids() == [1]
        imap_server.deliver(mail(4))
        books.order.clear()
        reading.once(session)
        assert books.order == [mail(4), mail(1)]
        books.fails = set()
        assert reading.once(session).all_stored
    assert imap_server.uids() == []


def test_a_new_uidvalidity_makes_every_mail_unknown(imap_server, books):
    for nth in (1, 2):
        with imap_server.mailbox() as box:
            box.folder.create("Inn")
        imap_server.deliver(mail(1), folder="Inn")
        one_pass(imap_server, books, folder="Inn")
        with imap_server.mailbox() as box:
            box.folder.delete("Inn")
        assert len(books.stored) == nth
        imap_server.next_second()


def test_another_worker_takes_the_mailbox(imap_server, books):
    imap_server.deliver(mail(1))
    books.ours = False
    assert one_pass(imap_server, books).left_early
    assert books.stored == {}


@pytest.mark.parametrize(
    ("able", "spoken", "silent"),
    [
        ("IMAP4rev1 UIDPLUS NAMESPACE", ("UID COPY", "UID STORE", "UID EXPUNGE"), ("UID MOVE",)),
        ("IMAP4rev1 UIDPLUS MOVE", ("UID MOVE",), ("UID COPY", "EXPUNGE", "NAMESPACE")),
    ],
)
def test_a_server_that_cannot_do_everything(dovecot_needed, books, able, spoken, silent):
    with Dovecot(f"imap_capability = {able}", rawlog=True) as server:
        server.deliver(mail(1))
        server.deliver(mail(2), flags=("\\Deleted",))
        books.fails = {mail(2)}
        one_pass(server, books)
        said = server.spoken()
        assert all(words in said for words in spoken)
        assert not any(words in said for words in silent)
        assert server.uids() == [2], "a mail that somebody marked as deleted stays until it is stored"
        assert len(server.kept()) == 1


def test_a_server_that_can_neither_move_nor_delete_one_mail(dovecot_needed, books):
    with Dovecot("imap_capability = IMAP4rev1") as server:
        server.deliver(mail(1))
        for _ in range(2):
            done = one_pass(server, books)
            assert done.all_stored
            assert "MOVE" in done.troubles[0]
        assert (server.uids(), server.kept(), len(books.stored)) == ([1], [], 1)


@pytest.mark.parametrize(("separator", "prefix"), [(".", ""), (".", "INBOX."), ("/", "Postboks/")])
def test_folders_are_named_as_the_server_does(dovecot_needed, books, separator, prefix):
    with Dovecot(separator=separator, prefix=prefix) as server:
        server.deliver(mail(1))
        assert one_pass(server, books, kept_folder="Blåbær & fløte/Lagret").troubles == []
        assert len(server.uids(folder=f"{prefix}Blåbær & fløte{separator}Lagret")) == 1


def test_a_kept_folder_that_somebody_deletes_is_made_anew(imap_server, books):
    reading = Reading(books.ledger())
    with open_session(door(imap_server)) as session:
        reading.once(session)
        with imap_server.mailbox() as box:
            box.folder.delete("Saksgang/Lagret")
        imap_server.deliver(mail(1))
        done = reading.once(session)
        assert (done.all_stored, len(done.troubles)) == (True, 1)
        assert reading.once(session).troubles == []
    assert len(imap_server.kept()) == 1


def test_counting_both_folders(imap_server, books):
    imap_server.deliver(mail(1), b"Subject: uten id\r\n\r\n\r\n")
    one_pass(imap_server, books)
    imap_server.deliver(mail(2), mail(3))
    with open_session(door(imap_server)) as session:
        young, old = (look(session, books.ledger(), grace=grace) for grace in (300, -5))
    assert (young.waiting, young.unknown, old.unknown) == (2, 0, 2)
    assert [one.strip() for one in young.kept] == [b"Message-ID: <1@sykehus.example>", b""]


# --- connections -----------------------------------------------------------------------------------------------------


def test_tls_and_starttls(imap_server):
    for facts in ({"security": "tls", "port": imap_server.tls_port}, {"security": "starttls"}):
        with open_session(door(imap_server, **facts)) as session:
            assert isinstance(session.client.sock, ssl.SSLSocket)
            assert session.select()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_that_nobody_vouches_for_gets_no_password(imap_server, security):
    port = imap_server.tls_port if security == "tls" else imap_server.port
    with pytest.raises(ssl.SSLCertVerificationError):
        open_session(door(imap_server, security=security, port=port, context=trust("")))


def test_a_wrong_password_is_told_without_the_password(imap_server):
    with pytest.raises(SignInRefused) as refusal:
        open_session(door(imap_server, password="feil-passord"))
    assert "feil-passord" not in str(refusal.value)
    assert "AUTHENTICATIONFAILED" in str(refusal.value)


def test_a_server_that_only_knows_login(imap_server, monkeypatch):
    def told_nothing(client: imaplib.IMAP4) -> None:
        client.capabilities = ("IMAP4REV1",)

    monkeypatch.setattr(imaplib.IMAP4, "_get_capabilities", told_nothing)
    with open_session(door(imap_server, user="enkel", password=PLAIN_PASSWORD)) as session:
        assert session.select()
    with pytest.raises(SignInRefused, match="ASCII"):
        open_session(door(imap_server))


def test_nobody_listens(imap_server):
    with pytest.raises(ConnectionRefusedError):
        open_session(door(imap_server, port=free_port()))


def test_a_server_that_says_nothing_is_left_after_a_while(imap_server):
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(TimeoutError):
        open_session(door(imap_server, port=silent.getsockname()[1], timeout=0.5))


def test_without_encryption_only_this_machine_is_spoken_to(imap_server, monkeypatch):
    monkeypatch.setattr(socket.socket, "getpeername", lambda _self: ("192.0.2.1", 143))
    with pytest.raises(Trouble, match="encryption"):
        open_session(door(imap_server))


# --- waiting ---------------------------------------------------------------------------------------------------------


def test_idle_ends_when_a_mail_comes(imap_server):
    with open_session(door(imap_server)) as session:
        session.select()
        sender = threading.Timer(0.3, imap_server.deliver, [mail(1)])
        sender.start()
        started = time.monotonic()
        session.wait(60, idle=True, over=lambda _slice: False)
        assert time.monotonic() - started < 30
        sender.join()
        assert session.uids() == [1]


def test_a_mail_that_came_just_before_idle_is_told_at_once(imap_server):
    with open_session(door(imap_server)) as session:
        session.select()
        imap_server.deliver(mail(1))
        started = time.monotonic()
        session.wait(60, idle=True, over=lambda _slice: False)
        assert time.monotonic() - started < 30


def test_a_mail_that_the_server_told_of_during_the_pass_is_not_waited_for(imap_server, books):
    imap_server.deliver(mail(1))
    with open_session(door(imap_server)) as session:
        session.select()
        assert session.uids() == [1]
        imap_server.deliver(mail(2))
        session.raw(1)
        session.client.noop()  # the server's word of the second mail comes here, and never again
        started = time.monotonic()
        session.wait(60, idle=True, over=lambda _slice: False)
        assert time.monotonic() - started < 30


@pytest.mark.parametrize("idle", [True, False])
def test_a_wait_ends_when_it_is_told_to(imap_server, idle):
    with open_session(door(imap_server)) as session:
        session.select()
        answers = iter([False, True])
        session.wait(60, idle=idle, over=lambda _slice: next(answers))
        assert session.uids() == []


def test_a_server_that_goes_while_we_wait_is_noticed(imap_server):
    with open_session(door(imap_server)) as session:
        session.select()
        goes = threading.Timer(0.3, imap_server.stop)
        goes.start()

        def listen() -> None:
            for _ in range(3):
                session.wait(60, idle=True, over=lambda _slice: False)
                session.select()

        with pytest.raises(BROKEN):
            listen()
        goes.join()


# --- tokens ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def token_server():
    with TokenServer() as server:
        yield server


def tokens(server: TokenServer, **facts) -> Tokens:
    standard = {"url": server.url, "client_id": "saksgang", "secret": server.SECRET, "scope": "imap/.default"}
    return Tokens(**(standard | {"context": trust(""), "timeout": 5} | facts))


def test_sign_in_with_a_token_and_a_fresh_one_when_it_is_refused(dovecot_needed, token_server, books):
    with Dovecot(token_port=token_server.port) as server:
        server.deliver(mail(1))
        opening = door(server, password="", tokens=tokens(token_server))
        for _ in range(2):
            with open_session(opening) as session:
                session.select()
        assert len(token_server.given) == 1, "a token is used again"
        token_server.expire()
        with open_session(opening) as session:
            Reading(books.ledger()).once(session)
        assert (len(token_server.given), len(books.stored)) == (2, 1)
        assert token_server.asked[0] == {
            "grant_type": "client_credentials", "client_id": "saksgang", "client_secret": token_server.SECRET,
            "scope": "imap/.default",
        }  # fmt: skip


def test_a_token_that_the_mail_server_never_takes(dovecot_needed, token_server):
    with TokenServer() as other, Dovecot(token_port=other.port) as server:
        with pytest.raises(SignInRefused):
            open_session(door(server, password="", tokens=tokens(token_server)))
        assert len(token_server.given) == 2


def test_a_token_is_kept_until_shortly_before_its_end(token_server, monkeypatch):
    ours = tokens(token_server)
    assert ours.get() == ours.get() == "token-0"
    later = time.monotonic() + 3600 - 30
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert ours.get() == "token-1"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((302, {"Location": "http://127.0.0.1:1/"}, b""), "302"),
        ((307, {"Location": "/token"}, b""), "307"),
        ((500, {}, b"<html>"), "500"),
        ((200, {}, b"<html>"), "no token"),
        ((200, {}, b"[]"), "no token"),
        ((400, {}, b'{"error": "invalid_scope", "error_description": "hemmeligheten-til-klienten"}'), "invalid_scope"),
        ((400, {}, b'{"error": "hemmeligheten til klienten"}'), "400"),
        ((200, {"Content-Length": "5"}, b"{}"), "did not answer|no token"),
    ],
)
def test_whatever_the_tokens_address_says_the_secret_is_not_told(token_server, answer, words):
    token_server.answer = answer
    with pytest.raises(TokenRefused, match=words) as refusal:
        tokens(token_server).get()
    assert "hemmelighet" not in str(refusal.value)
    assert len(token_server.asked) == 1, "no other address is asked"


@pytest.mark.parametrize("url", ["http://sykehus.example/token", "file:///etc/passwd", "ftp://127.0.0.1/", "x"])
def test_a_secret_is_sent_over_https_only(url, token_server):
    with pytest.raises(TokenRefused, match="https"):
        tokens(token_server, url=url).get()


def test_a_wrong_secret_is_told_without_the_secret(token_server):
    with pytest.raises(TokenRefused, match="401 invalid_client") as refusal:
        tokens(token_server, secret="feil-hemmelighet").get()
    assert "feil-hemmelighet" not in str(refusal.value)


def test_nobody_gives_tokens(token_server):
    with pytest.raises(TokenRefused, match="did not answer"):
        tokens(token_server, url=f"http://127.0.0.1:{free_port()}/").get()


def test_the_files_of_the_server_are_gone_afterwards(dovecot_needed):
    with Dovecot() as server:
        folder = server.folder
    assert not os.path.exists(folder)
