"""The page of cases that others have: filters, and what its buttons do."""

from __future__ import annotations

import pytest

from saksgang.tickets.actions import outward, restriction
from saksgang.tickets.kinds import NextStep
from tests.console.desk import signed_in
from tests.tickets.steps import fresh
from tests.tickets.test_suppliers import ADDRESS, referred

pytestmark = pytest.mark.django_db
PAGE = "/suppliers"


def press(client, ticket, do, status=303, **said):
    answer = client.post(PAGE, {"ticket": ticket.pk, "do": do, "seen": 10**9, **said})
    assert answer.status_code == status
    return answer.content.decode()


def test_a_line_says_who_has_it_and_their_number(cast):
    referred(cast, subject="Røntgen henger")
    html = signed_in(cast.kari).get(PAGE).content.decode()
    for words in ("Røntgen henger", "Firma AS", "their number F-77", "No e-mail address is known"):
        assert words in html
    assert 'value="chase"' not in html


def test_the_filters(cast):
    referred(cast, subject="Røntgen henger")
    client = signed_in(cast.kari)
    for query, shown in (
        ("?team=servicesenter", True),
        ("?team=nettverk", False),
        ("?who=Firma+AS", True),
        ("?who=X", False),
    ):
        assert ("Røntgen henger" in client.get(PAGE + query).content.decode()) == shown


def test_chased_phoned_and_solved(cast):
    ticket = referred(cast)
    outward.write(ticket=ticket, by=cast.kari, words="Hei", to=[ADDRESS])
    client = signed_in(cast.knut)
    press(client, ticket, "chase")
    assert "last written to" in client.get(PAGE).content.decode()
    press(client, ticket, "phoned")
    press(client, ticket, "solved")
    assert fresh(ticket).next_step == NextStep.CHECK_WITH_REQUESTER
    press(client, ticket, "solved", 422)


def test_what_came_meanwhile_stops_it(cast):
    ticket = referred(cast)
    press(signed_in(cast.knut), ticket, "phoned", 409, seen=1)


def test_others_look_and_touch_nothing(cast):
    ticket = referred(cast)
    client = signed_in(cast.nils)
    assert 'name="do"' not in client.get(PAGE).content.decode()
    press(client, ticket, "phoned", 403)
    press(signed_in(cast.kari), ticket, "nonsense", 404)
    restriction.restrict(ticket=ticket, by=cast.liv, readers=[], reason="Personalsak")
    assert f"#{ticket.pk}" not in client.get(PAGE).content.decode()
    press(client, ticket, "phoned", 404)


def test_however_many_the_page_asks_the_same(cast, django_assert_max_num_queries):
    referred(cast)
    client = signed_in(cast.kari)
    client.get(PAGE)
    with django_assert_max_num_queries(30) as few:
        client.get(PAGE)
    for _nth in range(4):
        referred(cast)
    with django_assert_max_num_queries(len(few)):
        client.get(PAGE)
