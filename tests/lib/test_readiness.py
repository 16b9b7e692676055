"""Settings under which nothing starts: each refused in a sentence with its cure, and never with the secret in it."""

from __future__ import annotations

import pytest

from saksgang.demo.command import FOLDER_MARK
from saksgang.lib import readiness
from saksgang.lib.hosts import is_loopback
from saksgang.lib.readiness import DEMO_MARK, insecure_settings, refuse_unready

pytestmark = pytest.mark.once

KEY = "qT8-mW2_xL5vR9bN3cZ7dF1gH4jK6pS0aU"
SHORT, PLACEHOLDER = "hemmelig-men-kort", "changeme-changeme-changeme-12345678"


@pytest.fixture
def safe(settings, tmp_path):
    """The settings of an installation behind a proxy with HTTPS."""
    settings.DEMO = False
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir(mode=0o700)
    settings.BASE_URL = "https://desk.sykehus.example"
    settings.ALLOWED_HOSTS = ["desk.sykehus.example"]
    settings.SECRET_KEY, settings.MAIL_TOKEN_KEYS, settings.MAILBOX_KEYS = KEY, [KEY], [KEY]
    settings.SMTP_OUT_HOST, settings.SMTP_OUT_USER, settings.SMTP_OUT_STARTTLS = "relay.sykehus.example", "desk", True
    return settings


def test_an_ordinary_installation_is_safe(safe):
    assert list(insecure_settings()) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"BASE_URL": "http://desk.sykehus.example"}, "SAKSGANG_ALLOW_HTTP=1"),
        ({"BASE_URL": "desk.sykehus.example"}, "Write an address with https://"),
        ({"ALLOWED_HOSTS": ["desk.sykehus.example", "*"]}, "Write the names that people use"),
        ({"DEBUG": True}, "Turn it off"),
        ({"SECRET_KEY": SHORT}, "SAKSGANG_SECRET_KEY has a key of fewer than 32 characters"),
        ({"MAIL_TOKEN_KEYS": [KEY, SHORT]}, "SAKSGANG_MAIL_TOKEN_KEYS has a key of fewer than 32 characters"),
        ({"MAILBOX_KEYS": [SHORT]}, "SAKSGANG_MAILBOX_KEYS has a key of fewer than 32 characters"),
        ({"SECRET_KEY": PLACEHOLDER}, "SAKSGANG_SECRET_KEY has a key that is no secret"),
        ({"MAILBOX_KEYS": ["x" * 40]}, "SAKSGANG_MAILBOX_KEYS has a key that is no secret"),
        ({"METRICS_TOKEN": SHORT}, "SAKSGANG_METRICS_TOKEN has a key of fewer than 32 characters"),
        ({"SMTP_OUT_STARTTLS": False}, "Set SAKSGANG_SMTP_OUT_STARTTLS=1"),
        ({"DEMO": True}, "is not the demo's"),
    ],
)
def test_each_unsafe_setting_is_refused_with_its_cure(safe, changes, said):
    for name, value in changes.items():
        setattr(safe, name, value)
    (sentence,) = insecure_settings()
    assert said in sentence
    assert SHORT not in sentence
    assert PLACEHOLDER not in sentence


@pytest.mark.parametrize("mode", [0o704, 0o701, 0o755, 0o777])
def test_a_folder_that_strangers_can_enter(safe, mode):
    safe.DATA_DIR.chmod(mode)
    (sentence,) = insecure_settings()
    assert f"chmod o= {safe.DATA_DIR}" in sentence


@pytest.mark.parametrize(
    "changes",
    [
        {"BASE_URL": "http://localhost:8000"},
        {"BASE_URL": "http://127.0.0.1:8000"},
        {"BASE_URL": "http://[::1]:8000"},
        {"BASE_URL": "http://desk.sykehus.example", "ALLOW_HTTP": True},
        {"SMTP_OUT_STARTTLS": False, "SMTP_OUT_HOST": "127.0.0.1"},
        {"SMTP_OUT_STARTTLS": False, "SMTP_OUT_USER": ""},
    ],
)
def test_what_stays_on_this_machine_or_was_asked_for_is_let_through(safe, changes):
    for name, value in changes.items():
        setattr(safe, name, value)
    assert list(insecure_settings()) == []


def test_the_demo_may_be_read_by_all_and_stands_in_its_own_folder_only(safe):
    assert DEMO_MARK == FOLDER_MARK
    safe.DEMO = True
    safe.DATA_DIR.chmod(0o755)
    (safe.DATA_DIR / DEMO_MARK).touch()
    assert list(insecure_settings()) == []


@pytest.mark.django_db
def test_nothing_starts_and_everything_wrong_is_said_at_once(safe, capsys, monkeypatch):
    assert not refuse_unready()
    safe.BASE_URL, safe.SECRET_KEY = "http://desk.sykehus.example", SHORT
    monkeypatch.setattr(readiness, "unapplied_migrations", lambda: ["tickets.0009_something"])
    assert refuse_unready()
    said = capsys.readouterr().err
    assert said.count("\n") == 3
    assert "SAKSGANG_BASE_URL" in said
    assert "SAKSGANG_SECRET_KEY" in said
    assert "Run: saksgang migrate" in said


@pytest.mark.parametrize(
    ("host", "near"),
    [
        ("localhost", True), ("LOCALHOST.", True), ("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("[::1]", True),
        ("web.localhost", True), ("", False), ("10.0.0.1", False), ("0.0.0.0", False), ("localhost.example", False),
        ("127.0.0.1.example", False), ("2130706433", False), ("::ffff:10.0.0.1", False),
    ],
)  # fmt: skip
def test_what_never_leaves_this_machine(host, near):
    assert is_loopback(host) is near
