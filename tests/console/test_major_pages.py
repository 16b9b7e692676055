"""The pages of major incidents cost the same however many cases hang there, and show nobody what they may not see."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saksgang.people.actions import add_person
from saksgang.tickets.actions.major.incident import start, update
from saksgang.tickets.actions.major.membership import join
from tests.cast import SETUP
from tests.console.case.help import browser
from tests.tickets.steps import reply

pytestmark = pytest.mark.django_db


def fault(cast, cases: int):
    facts = {"service": cast.dips, "impact": "departments", "consequence": "stops"}
    major = start(by=cast.kari, title="Ingen får logget på", **facts)
    add(cast, major, cases)
    return major


def add(cast, major, cases: int) -> None:
    for nth in range(cases):
        person = add_person(
            by=SETUP, name=f"Ansatt {nth}", addresses=(f"a{major.pk}-{major.cases.count()}@sykehus.example",)
        )
        ticket = cast.case(requesters=[person])
        join(ticket=ticket, by=cast.kari, major=major)
        if nth % 2:
            reply(cast, ticket, person=person)


def queries(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("address", ["/majors", "/majors/{pk}", "/majors/{pk}/solution"])
def test_the_number_of_queries_does_not_grow(cast, address):
    client, major = browser(cast.kari), fault(cast, 2)
    few = queries(client, address.format(pk=major.pk))
    add(cast, major, 20)
    update(major=major, by=cast.kari, words="Vi har funnet feilen.")
    fault(cast, 3)
    assert queries(client, address.format(pk=major.pk)) == few


def test_what_stays_open_is_named_and_the_rest_is_counted(cast):
    major = fault(cast, 60)
    label = "There is a message that nobody has seen to"
    assert label not in browser(cast.kari).get(f"/majors/{major.pk}").content.decode()
    html = browser(cast.kari).get(f"/majors/{major.pk}/solution").content.decode()
    assert html.count(label) == 20
    assert "and 10 more" in html
    assert html.count('name="leave"') == 50
