"""Words of a fault of many and of an improvement are taken out for good: by whom, with a reason, after they were read once more."""

from __future__ import annotations

import pytest

from saksgang.events.models import Event
from saksgang.tickets.actions.major.incident import start, update
from saksgang.tickets.actions.major.membership import join
from saksgang.tickets.actions.redaction import TOMBSTONE
from saksgang.tickets.models import Message
from tests.console.case.help import browser
from tests.improvements.steps import made

pytestmark = pytest.mark.django_db

SECRET = "Kari Pasient ligger på rom 4"
WHY = {"reason": "Navn på pasient"}


@pytest.fixture
def places(cast):
    """Name → (address of the page that removes, address of the page that shows)."""
    major = start(by=cast.kari, title=SECRET, service=cast.dips, impact="departments", consequence="stops")
    major.team = cast.service_desk
    major.save()
    join(ticket=cast.case(), by=cast.kari, major=major)
    said = update(major=major, by=cast.kari, words=SECRET)
    improvement = made(cast, title=SECRET, description=SECRET)
    one, wish = f"/majors/{major.pk}", f"/improvements/{improvement.pk}"
    return {
        "update": (f"{one}/redaction?update={said.pk}", one),
        "title": (f"{one}/redaction", one),
        "improvement": (f"{wish}/redaction", wish),
    }


@pytest.mark.parametrize("name", ["update", "title", "improvement"])
def test_they_are_read_once_more_and_go_with_a_reason(cast, places, name):
    client, (removes, shows) = browser(cast.kari), places[name]
    assert removes.replace("&", "&amp;") in client.get(shows).content.decode(), "the page leads there"
    assert SECRET in client.get(removes).content.decode()
    assert client.post(removes, {"reason": " "}).status_code == 422
    assert SECRET in client.get(shows).content.decode(), "nothing goes without a reason"
    answer = client.post(removes, WHY)
    assert (answer.status_code, answer["Location"]) == (303, shows)
    html = client.get(shows).content.decode()
    assert TOMBSTONE in html
    once = name != "improvement"  # words may have come to that since
    assert (f'href="{removes}"' in html) is not once
    assert client.post(removes, WHY).status_code == (422 if once else 303)
    assert Event.objects.filter(kind__endswith="redacted", reason=WHY["reason"]).exists()


def test_an_update_goes_from_the_cases_that_were_told_it_too(cast, places):
    assert Message.objects.filter(text__contains=SECRET, kind="STATUS").exists()
    browser(cast.kari).post(places["update"][0], WHY)
    told = Message.objects.filter(kind="STATUS").order_by("-pk").values_list("text", flat=True)[0]
    assert told == TOMBSTONE


@pytest.mark.parametrize("name", ["update", "title", "improvement"])
def test_nobody_else_may_or_is_shown_the_way(cast, places, name):
    removes, shows = places[name]
    other = browser(cast.nils)
    assert "/redaction" not in other.get(shows).content.decode()
    assert [other.get(removes).status_code, other.post(removes, WHY).status_code] == [403, 403]
    assert SECRET in other.get(shows).content.decode()


def test_an_update_of_another_fault_is_not_there(cast, places):
    other = start(by=cast.kari, title="Annet", service=cast.dips, impact="departments", consequence="stops")
    number = places["update"][0].partition("update=")[2]
    assert browser(cast.kari).get(f"/majors/{other.pk}/redaction?update={number}").status_code in (403, 404)
