"""The relay that takes our mails: with or without STARTTLS and a login. Trouble comes back as an answer, never as an exception."""

from __future__ import annotations

import contextlib
import smtplib
import socket
from dataclasses import dataclass
from types import TracebackType
from typing import Any, NamedTuple, Self

from django.conf import settings

from saksgang.channels.opening import trust
from saksgang.people.rules import travelling_address

CONNECT_SECONDS = 20  # until it has greeted us


class Answer(NamedTuple):
    """What the relay said; `code` is None when it said nothing."""

    code: int | None
    words: str

    @property
    def accepted(self) -> bool:
        return self.code is not None and 200 <= self.code < 300

    @property
    def refused_for_good(self) -> bool:
        return self.code is not None and self.code >= 500


@dataclass
class Relay:
    """One connection, opened when the first mail leaves and kept for the next. Use as a context.

    A relay that cannot be reached is asked once: the other mails of the round get the same answer at once, so that a relay that
    says nothing at all never holds up the worker for longer than one try.
    """

    host: str
    port: int
    starttls: bool = False
    user: str = ""
    password: str = ""
    timeout: int = 60

    def __post_init__(self) -> None:
        self._connection: smtplib.SMTP | None = None
        self._gone: Answer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._drop()

    def send(self, *, envelope_from: str, recipient: str, raw: bytes) -> Answer:
        """Hands over one mail. The answer's code decides: 2xx taken, 4xx or none try again, 5xx never."""
        if self._gone:
            return self._gone
        try:
            connection = self._connected()
        except smtplib.SMTPResponseException as refusal:
            # A login or greeting that is refused is our set-up's fault, not the mail's: it is tried again.
            self._gone = Answer(None, f"{refusal.smtp_code} {_words(refusal.smtp_error)}")
        except (OSError, smtplib.SMTPException) as error:
            self._gone = Answer(None, f"{type(error).__name__}: {error}")
        else:
            return self._hand_over(connection, envelope_from, recipient, raw)
        self._drop()
        return self._gone

    def probe(self) -> Answer:
        """Connects, secures and signs in as for a mail, and hands nothing over. Accepted when a mail could be tried."""
        try:
            code, words = self._connected().noop()
        except smtplib.SMTPResponseException as refusal:
            return Answer(refusal.smtp_code, _words(refusal.smtp_error))
        except (OSError, smtplib.SMTPException) as error:
            return Answer(None, f"{type(error).__name__}: {error}")
        finally:
            self._drop()
        return Answer(code, _words(words))

    def _hand_over(self, connection: smtplib.SMTP, envelope_from: str, recipient: str, raw: bytes) -> Answer:
        try:
            sender, recipient = travelling_address(envelope_from), travelling_address(recipient)
        except UnicodeError:
            return Answer(553, f"5.1.3 {recipient} is no address that mail could be sent to")
        needs_utf8 = not (sender + recipient).isascii()
        if needs_utf8 and not connection.has_extn("smtputf8"):
            return Answer(553, f"5.6.7 the relay takes no address with letters such as å (SMTPUTF8): {recipient}")
        return self._say(connection, sender, _options(connection, raw, in_utf8=needs_utf8), recipient, raw)

    def _say(self, connection: smtplib.SMTP, sender: str, options: list[str], recipient: str, raw: bytes) -> Answer:
        """Step by step, because sendmail() hides the relay's last words."""
        began = False
        try:
            code, words = connection.mail(sender, options)
            began = True
            if code == 250:
                code, words = connection.rcpt(recipient)
            if code in (250, 251):
                code, words = connection.data(raw)
            if code != 250:
                self._reset(connection)
        except smtplib.SMTPResponseException as refusal:
            self._reset(connection)
            return Answer(refusal.smtp_code, _words(refusal.smtp_error))
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            answer = Answer(None, f"{type(error).__name__}: {error}")
            # One that hangs up, or falls silent over a recipient or a mail, means these; one that is silent before, means all.
            if "timed out" in str(error) and not began:
                self._gone = answer
            return answer
        return Answer(code, _words(words))

    def _connected(self) -> smtplib.SMTP:
        if self._connection is not None:
            return self._connection
        connection: Any = smtplib.SMTP(timeout=min(self.timeout, CONNECT_SECONDS))
        self._connection = connection  # known before it stands, so that it can be ended while it is made
        connection._host = self.host  # what starttls() checks the certificate against
        code, words = connection.connect(self.host, self.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, words)
        if connection.sock:
            connection.sock.settimeout(self.timeout)
        connection.ehlo_or_helo_if_needed()
        if self.starttls:
            connection.starttls(context=trust(settings.MAIL_CA_FILE))
            connection.ehlo()
        if self.user:
            connection.login(self.user, self.password)
        return connection

    def hang_up(self) -> None:
        """Ends a try that takes too long, from another thread: the try fails as it does when the relay hangs up."""
        connection = self._connection
        if connection is not None and connection.sock:
            with contextlib.suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    def _reset(self, connection: smtplib.SMTP) -> None:
        try:
            connection.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _options(connection: smtplib.SMTP, raw: bytes, *, in_utf8: bool) -> list[str]:
    size = [f"SIZE={len(raw)}"] if connection.has_extn("size") else []
    return [*size, "SMTPUTF8", "BODY=8BITMIME"] if in_utf8 else size


def configured(*, timeout: int | None = None) -> Relay:
    """The relay that the settings name; `timeout` in seconds, where somebody waits for the answer."""
    return Relay(
        host=settings.SMTP_OUT_HOST,
        port=settings.SMTP_OUT_PORT,
        starttls=settings.SMTP_OUT_STARTTLS,
        user=settings.SMTP_OUT_USER,
        password=settings.SMTP_OUT_PASSWORD,
        timeout=timeout or settings.SMTP_OUT_TIMEOUT,
    )


def _words(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
