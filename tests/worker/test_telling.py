"""What leaves the house by the webhook of alarms: which alarm, of which mailbox, and where to look; nothing of a person."""

from __future__ import annotations

import json

import pytest

from saksgang.console.lists.alarm_words import WORDS
from saksgang.events.alarms import raise_alarm
from saksgang.events.models import Delivery
from saksgang.worker import loop, telling
from tests.cast import SETUP

pytestmark = pytest.mark.once

TOLD = {"alarm", "about", "state", "at", "details", "desk"}
PERSONAL = "550 5.1.1 <nora.sykepleier@sykehus.example>: Nora Sykepleier, tlf. 900 00 000, er ukjent"


@pytest.fixture
def posted(settings, monkeypatch) -> list[dict]:
    settings.ALARM_WEBHOOK_URL = "https://overvaking.sykehus.example/alarm"
    settings.FOLLOWERS = settings.FOLLOWERS | {"webhook": {"alarm_raised", "alarm_ended"}}
    sent: list[dict] = []
    monkeypatch.setattr(telling, "post", lambda _url, told: sent.append(told))
    return sent


@pytest.mark.parametrize("kind", [*WORDS, "mail_undecided", "a_kind_of_tomorrow"])
@pytest.mark.parametrize(
    ("key", "about"),
    [
        ("ikt", "ikt"), ("*", "*"), ("relay", "relay"),
        ("nora@sykehus.example", "a sender"), ("nora", "a sender"), ("kåre@håndverk.example", "a sender"), ("", "a sender"),
        ('"ikt" <nora@sykehus.example>', "a sender"), ("ikt@sykehus.example", "a sender"),
    ],
)  # fmt: skip
def test_nothing_of_a_person_leaves_the_house(cast, posted, kind, key, about):
    raise_alarm(kind=kind, key=key, by=SETUP, details=PERSONAL)
    assert loop.follow("webhook") == 1
    [told] = posted
    assert told.keys() == TOLD
    assert (told["alarm"], told["about"], told["state"]) == (kind, about, "raised")
    words = json.dumps(told, ensure_ascii=False)
    assert "@" not in words
    assert "nora" not in words.lower()
    assert not Delivery.objects.filter(follower="webhook").exists()
