import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saksgang.inbound.reading.mail import read
from saksgang.inbound.senders.classes import REASONS, classify

pytestmark = pytest.mark.once

OWN = frozenset({"ikt@sykehus.example"})


def verdict(headers: str, body: str = "Hei", **known):
    base = "" if "From:" in headers else "From: Ola <ola@sykehus.example>\n"
    return classify(read(f"{base}{headers}\n\n{body}\n".encode()), own_addresses=OWN, **known)


@pytest.mark.parametrize(
    ("headers", "kind", "sub"),
    [
        ("Subject: Hei", "human", ""),
        ("Auto-Submitted: no", "human", ""),
        ("Auto-Submitted: auto-generated", "automatic", "machine"),
        ("Auto-Submitted: auto-replied; owner=x", "automatic", "receipt"),
        ("Precedence: bulk", "automatic", "machine"),
        ("Precedence: list", "automatic", "list"),
        ("Precedence: auto_reply", "automatic", "receipt"),
        ("List-Id: <a.b>", "automatic", "list"),
        ("Return-Path: <>", "automatic", "machine"),
        ("Return-Path: <>\nSubject: Fraværsmelding", "automatic", "absence"),
        ("Subject: Out of office\nAuto-Submitted: auto-replied", "automatic", "absence"),
        ("From: noreply@x.example", "automatic", "machine"),
        ("From: ikke-svar@x.example", "automatic", "machine"),
        ("From: postmaster@x.example\nSubject: Ikke leverbar", "human", ""),
        ("From: postmaster@x.example\nReturn-Path: <>\nSubject: Ikke leverbar: x", "bounce", "failed"),
        ("From: ikt@sykehus.example", "loop", ""),
        ("X-Saksgang-Loop: x", "loop", ""),
        ("X-Loop: ikt@sykehus.example", "loop", ""),
        ("Subject: Undeliverable: hjelp", "human", ""),
        ("X-Failed-Recipients: a@x.example", "human", ""),
    ],
)
def test_signs(headers, kind, sub):
    found = verdict(headers)
    assert (found.kind, found.sub) == (kind, sub)
    assert found.reason in REASONS
    assert found.kind == "human" or not found.answerable


def test_quiet_people():
    assert not verdict("X-Auto-Response-Suppress: OOF, AutoReply").answerable
    assert not verdict("Subject: Automatisk svar: virker ikke").answerable
    assert not verdict("From: ").answerable
    assert not verdict("X-Loop: andre@x.example").answerable
    assert verdict("Subject: Hei").answerable


def test_own_ids_and_marks():
    assert verdict("Message-ID: <a@x>", own_message_ids={"a@x"}).reason == "own_message_id"
    assert verdict("Message-ID: <a@x>", own_message_ids=lambda found: found == "a@x").kind == "loop"
    assert verdict("X-Saksgang-Loop: falsk", is_own_mark=lambda value: value == "ekte").kind == "human"


def test_envelope_and_trusted_forwarder():
    assert verdict("Subject: x", envelope_sender="").reason == "no_return_path"
    assert verdict("Return-Path: <>", envelope_sender="ola@sykehus.example").kind == "human"
    ignored = frozenset({"return-path", "auto-submitted", "precedence"})
    assert (
        verdict("Auto-Submitted: auto-generated\nPrecedence: bulk", envelope_sender="", ignored_headers=ignored).kind
        == "human"
    )


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=200))
def test_words_alone_never_make_a_bounce(subject, body):
    subject = subject.replace("\r", "").replace("\n", "")
    for words in ("Undeliverable: ", "Ikke leverbar: ", "Mail delivery failed "):
        assert verdict(f"Subject: {words}{subject}", "Action: failed\n" + body).kind != "bounce"
