"""Alarms stand first on the front page, each as a sentence with what to do."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import saksgang
from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.console.lists import alarm_words
from saksgang.events.actions import Robot
from saksgang.events.alarms import end_alarm, raise_alarm
from saksgang.events.life_signs import leave
from saksgang.events.models import LifeSign
from saksgang.lib import clock
from saksgang.people import actions as people
from tests.cast import SETUP
from tests.console.desk import signed_in

MAIL = Robot("mail")
KINDS = {
    "mailbox_failing": ("ikt", "danger", "We cannot read the mailbox ikt@sykehus.example"),
    "heartbeat_lost": ("ikt", "danger", "Our test mail to ikt@sykehus.example has not come back"),
    "mailbox_count": ("ikt", "danger", "Mails lie in ikt@sykehus.example that are not in our mail log"),
    "relay_failing": ("relay", "danger", "Our mails do not leave"),
    "clock_wrong": ("clock", "danger", "The clock here and the times in the mails are far apart"),
    "silent_mailbox": ("ikt", "warning", "Unusually long since mail came to ikt@sykehus.example"),
    "mail_storm": ("maskin@sykehus.example", "warning", "Unusually many cases by mail from maskin@sykehus.example"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_told_with_what_to_do(cast, kind):
    key, tone, words = KINDS[kind]
    client = signed_in(cast.kari)
    assert client.get("/").context["calm"]
    raise_alarm(kind=kind, key=key, by=MAIL, details="noe")
    answer = client.get("/")
    assert not answer.context["calm"]
    html = answer.content.decode()
    assert f'class="banner" data-tone="{tone}"' in html
    assert words in html
    assert re.search(r'<a href="/mail(boxes)?">See the mail', html)
    end_alarm(kind=kind, key=key, by=MAIL)
    assert client.get("/").context["calm"]


def test_a_worker_that_stands_still_is_told_before_all_else(cast):
    """Nobody else can: whoever raises alarms stands still."""
    client = signed_in(cast.kari)
    leave()
    assert client.get("/").context["calm"]
    raise_alarm(kind="relay_failing", key="relay", by=MAIL)
    LifeSign.objects.update(seen_at=clock.now() - timedelta(minutes=6))
    html = client.get("/").content.decode()
    assert html.index("has done nothing by itself since") < html.index("do not leave")
    leave()
    assert "has done nothing" not in client.get("/").content.decode()


def test_a_storm_of_all(cast):
    raise_alarm(kind="mail_storm", key="*", by=MAIL)
    assert "Unusually many cases by mail within an hour" in signed_in(cast.kari).get("/").content.decode()


def test_the_gravest_stand_first_and_before_all_else(cast):
    raise_alarm(kind="silent_mailbox", key="ikt", by=MAIL)
    raise_alarm(kind="relay_failing", key="relay", by=MAIL)
    html = signed_in(cast.kari).get("/").content.decode()
    assert html.index("do not leave") < html.index("Unusually long since") < html.index('class="front"')


def test_a_kind_without_words_is_shown_as_it_was_written_down(cast):
    raise_alarm(kind="new_trouble", key="<b>", by=MAIL, details="Disken er full")
    html = signed_in(cast.kari).get("/").content.decode()
    assert "new_trouble &lt;b&gt;" in html
    assert "Disken er full" in html


def test_an_administrator_reads_mail_and_is_told(cast):
    person = people.add_person(by=SETUP, name="Adm")
    people.open_account(by=SETUP, person=person, username="adm", password=None)
    grant(by=SETUP, person=person, role=Role.ADMINISTRATOR)
    raise_alarm(kind="relay_failing", key="relay", by=MAIL)
    assert "do not leave" in signed_in(person).get("/").content.decode()


def test_every_alarm_that_is_raised_has_words():
    folder = Path(saksgang.__file__).parent
    kinds = set()
    for path in (
        path for room in ("events", "inbound", "outbound", "tickets") for path in (folder / room).rglob("*.py")
    ):
        source = path.read_text()
        for name in re.findall(r"raise_alarm\(\s*kind=(\w+)", source):
            kinds.add(re.search(rf'^{name} = "(\w+)"', source, re.MULTILINE)[1])
    assert len(kinds) >= 6
    assert kinds - {alarm_words.TOLD_OTHERWISE} == set(alarm_words.WORDS)


def test_queries_do_not_grow_with_alarms(cast):
    client = signed_in(cast.kari)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        return len(queries)

    raise_alarm(kind="silent_mailbox", key="ikt", by=MAIL)
    few = asked()
    for at in range(10):
        raise_alarm(kind="mail_storm", key=f"m{at}@sykehus.example", by=MAIL)
    assert asked() == few
