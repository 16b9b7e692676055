"""Counting on its page, and making a case of it."""

from __future__ import annotations

import pytest

from saksgang.tickets.actions import restriction, tallying
from saksgang.tickets.models import Tally, Ticket
from tests.console.desk import signed_in
from tests.tickets.steps import kind_of_case

PAGE = "/tallies"


@pytest.fixture
def paper(cast):
    return kind_of_case(cast, "Tom for papir", service=cast.printing, demands_proof=False)


def count(cast, **changes):
    facts = {"category": "tom for pa", "department": cast.ward.pk, "minutes": 3, "team": cast.service_desk.pk}
    return signed_in(cast.kari).post(PAGE, facts | changes, follow=True)


def test_one_line_counts(cast, paper):
    html = count(cast).content.decode()
    assert "Tom for papir" in html
    assert cast.kari.name not in html[html.index('class="tallies"') :]
    counted = Tally.objects.get()
    assert (counted.category, counted.department, counted.minutes, counted.by) == (paper, cast.ward, 3, cast.kari)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [({"category": ""}, "category"), ({"category": "kaffe"}, "category"), ({"minutes": 0}, "minutes"), ({"team": "9999"}, "team")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_counted(cast, paper, changes, wrong):
    answer = count(cast, **changes)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {wrong}
    assert not Tally.objects.exists()


def test_three_alike_are_proposed_and_become_one_case(cast, paper):
    for _ in range(3):
        html = count(cast).content.decode()
    last = Tally.objects.latest("id")
    assert f"?tally={last.pk}" in html
    client = signed_in(cast.kari)
    form = client.get(f"/tickets/new?tally={last.pk}").context["form"]
    assert (form["what"].value(), form["department"].value()) == ("Tom for papir", cast.ward.pk)
    facts = {
        "who": cast.nora.name, "who_id": cast.nora.pk, "channel": "PHONE", "what": "Tom for papir tre ganger",
        "team": cast.service_desk.pk, "tally": last.pk, "do": "register",
    }  # fmt: skip
    assert client.post("/tickets/new", facts).status_code == 303
    assert set(Tally.objects.values_list("ticket", flat=True)) == {Ticket.objects.get().pk}
    assert client.post("/tickets/new", facts).status_code == 422
    assert Ticket.objects.count() == 1


def test_somebody_of_another_team_makes_the_case_too(cast, paper):
    count(cast)
    facts = {
        "who": cast.nora.name, "who_id": cast.nora.pk, "channel": "PHONE", "what": "Tom for papir",
        "team": cast.network.pk, "tally": Tally.objects.get().pk, "do": "register",
    }  # fmt: skip
    assert signed_in(cast.nils).post("/tickets/new", facts).status_code == 303
    assert Tally.objects.get().ticket == Ticket.objects.get()


def test_a_case_one_may_not_see_is_not_named(cast, paper):
    count(cast)
    ticket = cast.case()
    tallying.become_case(tally=Tally.objects.get(), ticket=ticket, by=cast.kari)
    restriction.restrict(ticket=ticket, by=cast.kari, readers=[cast.liv], reason="Fordi")
    assert f"/tickets/{ticket.pk}" not in signed_in(cast.nils).get(PAGE).content.decode()
    assert f"/tickets/{ticket.pk}" in signed_in(cast.liv).get(PAGE).content.decode()


def test_its_queries_are_as_many_whatever_is_counted(cast, paper, django_assert_max_num_queries):
    for _ in range(12):
        tallying.tally(by=cast.kari, team=cast.service_desk, category=paper, department=cast.ward, minutes=2)
    client = signed_in(cast.kari)
    client.get(PAGE)
    with django_assert_max_num_queries(16):
        client.get(PAGE)
