"""Every reason that a decision on a mail leaves behind is told as a sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import saksgang
from saksgang.console.mail import words as mail_words
from saksgang.inbound.senders.classes import REASONS

pytestmark = pytest.mark.once

BECAUSE = re.compile(r'because\("(\w+)", "(\w+)"\)')
# A person's mail leaves no such reason.
HUMAN = {
    "no_sign_of_machine",
    "forwarded_through_own_mailbox",
    "subject_looks_automatic",
    "replies_suppressed",
    "no_sender_address",
    "sender_rewritten",
}


def test_every_reason_has_words():
    folder = Path(saksgang.__file__).parent / "inbound" / "decisions"
    left = {pair for path in folder.glob("*.py") for pair in BECAUSE.findall(path.read_text())}
    assert len(left) > 12
    assert left - set(mail_words.SENTENCES) == set()
    findings = re.findall(r'return (?:\w+(?:\.\w+)*), "(\w+)"', (folder / "ticket.py").read_text())
    assert {("ticket", finding) for finding in findings} - set(mail_words.SENTENCES) == set()
    assert {("voice", voice) for voice in ("supplier", "direct", "thanks")} <= set(mail_words.SENTENCES)


def test_every_sign_of_a_machine_has_words():
    assert set(REASONS) - HUMAN == set(mail_words.ROBOT)
