"""Every mail of tests/mail with its expected outcome, with each kind of line end."""

import json
from pathlib import Path

import pytest

from saksgang.inbound.explaining import on_empty_desk
from saksgang.inbound.reading.mail import read
from saksgang.inbound.senders.classes import REASONS, classify
from saksgang.inbound.senders.forwards import inner_sender

pytestmark = pytest.mark.once

CORPUS = Path(__file__).resolve().parent.parent / "mail"
# In `odd` lie the broken ones that the standard library's parser reads otherwise, on purpose.
PATHS = {path.stem: path for path in sorted(CORPUS.rglob("*.eml"))}
NAMES = list(PATHS)
LINE_ENDS = {"lf": b"\n", "crlf": b"\r\n", "cr": b"\r"}
OWN = frozenset({"ikt@sykehus.example", "e-helse@sykehus.example"})


def raw_mail(name: str) -> bytes:
    return PATHS[name].read_bytes().replace(b"\r\n", b"\n")


def test_corpus_is_there():
    assert len(NAMES) >= 150


@pytest.mark.parametrize("line_end", LINE_ENDS)
@pytest.mark.parametrize("name", NAMES)
def test_mail_of_corpus(name, line_end):
    expected = json.loads(PATHS[name].with_suffix(".json").read_text("utf-8"))
    mail = read(raw_mail(name).replace(b"\n", LINE_ENDS[line_end]))
    verdict = classify(mail, own_addresses=OWN)
    assert verdict.kind == expected["class"], verdict
    assert on_empty_desk(mail, verdict, OWN).outcome == expected["outcome"]
    assert verdict.reason in REASONS
    for words in expected["visible_contains"]:
        assert words in mail.visible_text
    for words in expected["folded_contains"]:
        assert words in mail.folded_text
        assert words not in mail.visible_text
    assert [one.name for one in mail.attachments if one.name in expected["attachments"]] == expected["attachments"]
    assert not mail.unreadable
    check_details(mail, verdict, expected)


def check_details(mail, verdict, expected):
    found = {
        "subject": mail.subject,
        "from": mail.from_address,
        "name": mail.from_name,
        "reason": verdict.reason,
        "sub": verdict.sub,
        "message_id": mail.message_id,
        "reply_to": [address for _, address in mail.reply_to],
        "inner": list(inner_sender(mail) or ()),
        "original": mail.report.original_message_id if mail.report else "",
    }
    for key in found.keys() & expected.keys():
        assert found[key] == expected[key], key
    assert expected.get("error", "") in " ".join(mail.errors)
    assert mail.text == "".join(segment.text for segment in mail.segments)
    assert "\r" not in mail.text


@pytest.mark.parametrize("name", NAMES)
def test_line_ends_change_nothing(name):
    readings = {read(raw_mail(name).replace(b"\n", end)).segments for end in LINE_ENDS.values()}
    assert len(readings) == 1


@pytest.mark.parametrize("name", NAMES)
def test_machines_are_never_answered(name):
    verdict = classify(read(raw_mail(name)), own_addresses=OWN)
    assert verdict.kind == "human" or not verdict.answerable
