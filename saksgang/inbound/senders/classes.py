"""Person, robot, bounce or loop: what kind of sender a mail has, by structure and headers before words.

Sources: RFC 3834 (Auto-Submitted), RFC 3464 (delivery reports), RFC 8098 (receipts), MS-OXCMAIL
(X-Auto-Response-Suppress). A person's mail about a bounce is a person's mail.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from saksgang.inbound.reading.mail import ReadMail
from saksgang.inbound.reading.reports import Report
from saksgang.inbound.senders import bounces, forwards
from saksgang.people.rules import folded_address, untagged

Kind = Literal["human", "bounce", "automatic", "loop"]
SubKind = Literal["", "failed", "delayed", "absence", "receipt", "machine", "list", "calendar"]

REASONS = (
    "no_sign_of_machine", "forwarded_through_own_mailbox", "sender_rewritten", "subject_looks_automatic", "replies_suppressed",
    "foreign_loop_mark", "no_sender_address",
    "own_loop_mark", "own_message_id", "own_address", "own_address_in_loop_header",
    "delivery_report", "delivery_delayed", "failed_recipients_header", "mail_system_without_return_path",
    "delivery_confirmed", "read_receipt", "other_report", "calendar_answer", "absence_header", "absence_subject",
    "auto_replied", "auto_generated", "auto_header", "mailing_list", "bulk_precedence", "no_return_path",
    "no_reply_address",
)  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """`answerable` False: no acknowledgement may be sent. `reason` is one of `REASONS`."""

    kind: Kind
    reason: str
    answerable: bool
    sub: SubKind = ""


@dataclass(frozen=True)
class _Case:
    mail: ReadMail
    own_addresses: frozenset[str]
    is_own_id: Callable[[str], bool]
    is_own_mark: Callable[[str], bool]
    envelope_sender: str | None
    ignored: frozenset[str]

    def header(self, name: str) -> str:
        return "" if name in self.ignored else self.mail.header(name).strip()

    def has(self, name: str) -> bool:
        return name not in self.ignored and self.mail.has_header(name)

    @property
    def local_part(self) -> str:
        return self.mail.from_address.partition("@")[0]

    @property
    def is_without_return_path(self) -> bool:
        """The envelope sender was empty, or what some systems write in its place. Not known (None and no header) is not empty."""
        if "return-path" in self.ignored:
            return False
        known = self.header("return-path") if self.has("return-path") else None
        told = self.envelope_sender if self.envelope_sender is not None else known
        return told is not None and told.strip("<> ").lower().partition("@")[0] in ("", "mailer-daemon")

    @property
    def report(self) -> Report | None:
        """The mail's report. One that is only carried counts when a machine sent it: people forward theirs too."""
        report = self.mail.report
        if report is None or report.is_whole:
            return report
        sender = self.sender
        return report if sender.is_silent or sender.is_nobody or sender.is_postmaster else None

    @property
    def sender(self) -> bounces.Sender:
        return bounces.Sender(
            self.local_part,
            self.mail.from_name,
            self.is_without_return_path or bool(self.auto_submitted),
        )

    @property
    def auto_submitted(self) -> str:
        """The value without comments and parameters, "" for a person's «no»."""
        value = re.split(r"[;(\s]", self.header("auto-submitted").lower(), maxsplit=1)[0]
        return "" if value in ("no", "auto-forwarded") else value


_ABSENCE_SUBJECT = re.compile(
    r"(?i)\s*(?:automatisk (?:svar|svarmelding|e-postsvar)|autosvar|auto-?svar|autoreply|auto-?reply|automatic reply|auto:"
    r"|automatische antwort|automatiskt svar|fraværsmelding|fråværsmelding|fravær:|ikke til stede|ikkje til stades"
    r"|utenfor kontoret|out of (?:the )?office|ooo:)"
)
_RECEIPT_SUBJECT = re.compile(
    r"(?i)\s*(?:lest|lese|read|ikke lest|not read|levert|delivered|mottatt|slettet uten å være lest):"
)
_ABSENCE_WORDS = re.compile(
    r"(?i)\b(?:fravær\w{0,10}|fråvær\w{0,10}|ferie|permisjon|tilbake (?:på|igjen|i|den|\d)|ikke (?:på|til) (?:kontoret|stede|jobb)"
    r"|ikkje (?:på|til) (?:kontoret|stades|jobb)|out of (?:the )?office|on (?:leave|vacation|holiday)|away (?:from|until)"
    r"|er borte|sykmeldt|begrenset tilgang)\b"
)
_NO_REPLY = re.compile(
    r"(?:.*[._+-])?(?:no-?_?reply|do-?_?not-?_?reply|noreply|ikke-?_?svar|ikkje-?_?svar|svar-?ikke|mailer-daemon|bounces?)(?:[._+-].*)?"
)
_SUPPRESSING = re.compile(r"(?i)\b(?:all|autoreply|oof)\b")
_BOUNCE_HEADERS = ("x-failed-recipients", "x-ms-exchange-message-is-ndr")
_AUTO_HEADERS = ("x-autoreply", "x-autorespond", "x-autoresponder")


def classify(
    mail: ReadMail,
    *,
    own_addresses: frozenset[str] = frozenset(),
    own_message_ids: frozenset[str] | set[str] | Callable[[str], bool] | None = None,
    is_own_mark: Callable[[str], bool] | None = None,
    envelope_sender: str | None = None,
    ignored_headers: frozenset[str] = frozenset(),
) -> Verdict:
    """What kind of mail this is and why.

    `own_addresses` are lower case. `own_message_ids` holds or tells the ids that we sent. `is_own_mark` checks the
    value of X-Saksgang-Loop, so that a stranger's made-up one does not count; without it every value counts.
    `envelope_sender` is "" for the null sender and None when not known; then Return-Path is asked. `ignored_headers`
    are those that a trusted forwarder sets (lower case; `return-path` also covers the envelope).
    """
    is_own_id = own_message_ids if callable(own_message_ids) else (own_message_ids or frozenset()).__contains__
    case = _Case(mail, own_addresses, is_own_id, is_own_mark or bool, envelope_sender, ignored_headers)
    for judge in (_loop, _bounce, _report, _absence, _robot, _address):
        verdict = judge(case)
        if verdict:
            return verdict
    return _person(case)


def _loop(case: _Case) -> Verdict | None:
    mail = case.mail
    if case.has("x-saksgang-loop") and case.is_own_mark(case.header("x-saksgang-loop")):
        return Verdict("loop", "own_loop_mark", False)
    if mail.message_id and case.is_own_id(mail.message_id):
        return Verdict("loop", "own_message_id", False)
    if case.header("x-loop").lower().strip("<> ") in case.own_addresses:
        return Verdict("loop", "own_address_in_loop_header", False)
    if mail.from_address and is_own(mail.from_address, case.own_addresses):
        inner = forwards.inner_sender(mail)
        hides_nobody = (inner is None or is_own(inner[1], case.own_addresses)) and not _reply_to(case)
        if case.auto_submitted or hides_nobody:
            return Verdict("loop", "own_address", False)
    return None


def _reply_to(case: _Case) -> str:
    """Where replies should go, when that is not to us: whoever rewrote the sender to our address left it there."""
    return next(
        (address for _, address in case.mail.reply_to if address and not is_own(address, case.own_addresses)), ""
    )


def is_own(address: str, own_addresses: frozenset[str]) -> bool:
    """Whether mail to an address would come back to us, with a mark in it or without."""
    folded = folded_address(address)
    return folded in own_addresses or untagged(folded) in own_addresses


def _bounce(case: _Case) -> Verdict | None:
    """A report by its structure, or a letter with more signs than one; never words alone."""
    report = case.report
    if report is not None and report.type == "delivery-status" and report.recipients:
        if report.action == "failed":
            return Verdict("bounce", "delivery_report", False, "failed")
        if report.action == "delayed":
            return Verdict("bounce", "delivery_delayed", False, "delayed")
        return Verdict("automatic", "delivery_confirmed", False, "receipt")
    told = bounces.told(case.mail, case.sender, is_marked=any(case.has(name) for name in _BOUNCE_HEADERS))
    if told:
        reason = "failed_recipients_header" if case.header("x-failed-recipients") else "mail_system_without_return_path"
        return Verdict("bounce", reason, False, told)
    if report is not None and report.type == "delivery-status":
        return Verdict("bounce", "delivery_report", False, "failed")
    return None


def _report(case: _Case) -> Verdict | None:
    report = case.report
    if report is not None:
        if report.type == "disposition-notification" or report.disposition:
            return Verdict("automatic", "read_receipt", False, "receipt")
        return Verdict("automatic", "other_report", False, "machine")
    if case.mail.calendar_method in ("REPLY", "COUNTER", "REFRESH"):
        return Verdict("automatic", "calendar_answer", False, "calendar")
    return None


def _absence(case: _Case) -> Verdict | None:
    """An absence reply: its subject with any second sign, or a replying robot that speaks of absence."""
    names_absence = bool(_ABSENCE_SUBJECT.match(case.mail.subject))
    replies = case.auto_submitted == "auto-replied" or case.header("precedence").lower() == "auto_reply"
    replies = replies or any(case.has(name) for name in _AUTO_HEADERS)
    if names_absence and (replies or _has_second_sign(case)):
        return Verdict("automatic", "absence_subject", False, "absence")
    if replies and _ABSENCE_WORDS.search(case.mail.visible_text[:20_000]):
        return Verdict("automatic", "absence_header", False, "absence")
    if _RECEIPT_SUBJECT.match(case.mail.subject) and (case.auto_submitted or case.is_without_return_path):
        return Verdict("automatic", "read_receipt", False, "receipt")
    return None


def _has_second_sign(case: _Case) -> bool:
    suppresses = bool(_SUPPRESSING.search(case.header("x-auto-response-suppress")))
    return bool(case.auto_submitted) or case.is_without_return_path or suppresses


def _robot(case: _Case) -> Verdict | None:
    if case.auto_submitted == "auto-replied":
        return Verdict("automatic", "auto_replied", False, "receipt")
    if case.auto_submitted:
        return Verdict("automatic", "auto_generated", False, "machine")
    if any(case.has(name) for name in _AUTO_HEADERS):
        return Verdict("automatic", "auto_header", False, "receipt")
    precedence = case.header("precedence").lower()
    if case.has("list-id") or precedence == "list":
        return Verdict("automatic", "mailing_list", False, "list")
    if precedence in ("bulk", "junk", "auto_reply"):
        return Verdict("automatic", "bulk_precedence", False, "receipt" if precedence == "auto_reply" else "machine")
    if case.is_without_return_path:
        return Verdict("automatic", "no_return_path", False, "machine")
    return None


def _address(case: _Case) -> Verdict | None:
    if _NO_REPLY.fullmatch(case.local_part[:64]):
        return Verdict("automatic", "no_reply_address", False, "machine")
    return None


def _person(case: _Case) -> Verdict:
    if not case.mail.from_address:
        return Verdict("human", "no_sender_address", False)
    if is_own(case.mail.from_address, case.own_addresses):
        inner = forwards.inner_sender(case.mail)
        if inner and inner[1]:
            return Verdict("human", "forwarded_through_own_mailbox", True)
        return Verdict("human", "sender_rewritten", False)
    if _ABSENCE_SUBJECT.match(case.mail.subject) or _RECEIPT_SUBJECT.match(case.mail.subject):
        return Verdict("human", "subject_looks_automatic", False)
    if _SUPPRESSING.search(case.header("x-auto-response-suppress")):
        return Verdict("human", "replies_suppressed", False)
    if case.has("x-loop"):
        return Verdict("human", "foreign_loop_mark", False)
    return Verdict("human", "no_sign_of_machine", True)
