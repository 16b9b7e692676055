"""Outages and planned downtime: announced, shown where people must know, and over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.catalogue import actions as catalogue
from saksgang.catalogue.models import Announcement
from saksgang.lib import clock
from saksgang.people import actions as people
from tests.cast import SETUP
from tests.console.case.help import ahead, browser

PAGE = "/announcements"
OUTAGE = {"kind": "outage", "words": "DIPS svarer ikke."}


def announce(cast, **facts):
    return catalogue.announce(by=cast.kari, **({"kind": "outage", "words": "DIPS svarer ikke."} | facts))


def post(client, status=303, **fields):
    answer = client.post(PAGE, fields)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return client.get(PAGE).content.decode() if status == 303 else answer.content.decode()


@pytest.fixture
def administrator(cast):
    boss = people.add_person(by=SETUP, name="Adm")
    people.open_account(by=SETUP, person=boss, username="adm", password=None)
    grant(by=SETUP, person=boss, role=Role.ADMINISTRATOR)
    return boss


@pytest.mark.parametrize("who", ["kari", "nils", "trine"])
def test_whoever_works_in_any_team_announces_an_outage(cast, who):
    html = post(browser(getattr(cast, who)), **OUTAGE, service=cast.dips.pk)
    assert "DIPS svarer ikke." in html
    one = Announcement.objects.get()
    assert (one.kind, one.service, one.ends_at) == ("outage", cast.dips, None)


def test_planned_downtime_says_when(cast):
    client = browser(cast.kari)
    html = post(client, 422, kind="planned", words="Oppgradering")
    assert "Say when it begins." in html
    assert "Oppgradering" in html
    html = post(client, kind="planned", words="Oppgradering", starts_at=ahead(1), ends_at=ahead(1.5))
    assert "No downtime is planned." not in html
    assert "Call off" in html


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"kind": "outage", "words": ""}, "Write what people should know."),
        ({"kind": "", "words": "x"}, "Say whether it is an outage or planned downtime."),
        ({"kind": "outage", "words": "x", "starts_at": ahead(2), "ends_at": ahead(1)}, "It must end later"),
        ({"kind": "outage", "words": "x", "ends_at": ahead(-1)}, "It must end later"),
    ],
)
def test_refused_it_says_why(cast, fields, why):
    assert why in post(browser(cast.kari), 422, **fields)
    assert not Announcement.objects.exists()


def test_it_stands_on_the_front_page_and_where_cases_are_registered(cast):
    announce(cast, service=cast.dips)
    announce(cast, words="Kommer senere", starts_at=clock.now() + timedelta(days=1))
    client = browser(cast.kari)
    for address in ("/", "/tickets/new"):
        html = client.get(address).content.decode()
        assert "DIPS svarer ikke." in html
        assert "Kommer senere" not in html


def test_over_is_over(cast):
    one = announce(cast)
    client = browser(cast.kari)
    answer = client.post(f"{PAGE}/{one.pk}/end", follow=True)
    assert "It is over" in answer.content.decode()
    assert "DIPS svarer ikke." not in answer.content.decode()
    assert "DIPS svarer ikke." not in client.get("/").content.decode()
    assert client.post(f"{PAGE}/{one.pk}/end").status_code == 404


def test_what_is_called_off_does_not_come(cast):
    one = announce(cast, kind="planned", starts_at=clock.now() + timedelta(days=1))
    html = browser(cast.kari).post(f"{PAGE}/{one.pk}/end", follow=True).content.decode()
    assert "No downtime is planned." in html


def test_an_administrator_reads_and_does_not_announce(cast, administrator):
    one = announce(cast)
    client = browser(administrator)
    html = client.get(PAGE).content.decode()
    assert "DIPS svarer ikke." in html
    assert "<textarea" not in html
    assert 'name="words"' not in html
    assert client.post(PAGE, OUTAGE).status_code == 403
    assert client.post(f"{PAGE}/{one.pk}/end").status_code == 403


def test_who_gets_in(cast):
    nobody = people.add_person(by=SETUP, name="Ny Ansatt")
    people.open_account(by=SETUP, person=nobody, username="ny", password=None)
    assert browser(nobody).get(PAGE).status_code == 403
    assert browser(None).get(PAGE).status_code == 302
    assert browser(cast.kari).get(f"{PAGE}/1/end").status_code == 405


def test_s01_words_with_script(cast):
    announce(cast, words="<script>alert(1)</script>")
    for address in ("/", "/tickets/new", PAGE):
        assert "<script>alert" not in browser(cast.kari).get(address).content.decode()


def test_queries_do_not_grow(cast):
    client = browser(cast.kari)

    def asked(address):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    addresses = ("/", "/tickets/new", PAGE)
    announce(cast, service=cast.dips)
    few = [asked(address) for address in addresses]
    for _ in range(8):
        announce(cast, service=cast.printing)
    assert [asked(address) for address in addresses] == few
