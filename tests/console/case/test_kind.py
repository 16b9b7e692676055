"""The kind of a case by typing, when it is assessed."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from saksgang.catalogue import actions as catalogue
from tests.cast import SETUP
from tests.console.case.help import address, browser, send
from tests.console.case.test_browser import visit  # noqa: F401
from tests.tickets.steps import assess_as, fresh, kind_of_case

ANSWERS = {"impact": "individuals", "time_critical": "no", "danger": "no"}


def test_its_name_is_enough_for_type_and_service(cast):
    kind = kind_of_case(cast, words=["låst konto"])
    ticket = cast.case()
    html = send(browser(cast.kari), "ticket_assessment", ticket, category="glemt pas", **ANSWERS)
    assert "Glemt passord" in html
    found = fresh(ticket)
    assert (found.category, found.type, found.service) == (kind, kind.type, kind.service)


@pytest.mark.parametrize(
    ("typed", "other", "told"),
    [
        ("ny", {}, "«Ny bruker», «Ny telefon»"),
        ("kaffemaskin", {}, "«kaffemaskin»"),
        ("Glemt passord", {"type": "INCIDENT", "consequence": "stops"}, "Service request, DIPS"),
        ("Glemt passord", {"service": "unknown"}, "Service request, DIPS"),
    ],
)
def test_what_is_unclear_is_asked_and_nothing_is_lost(cast, typed, other, told):
    for name in ("Glemt passord", "Ny bruker", "Ny telefon"):
        kind_of_case(cast, name)
    ticket = cast.case()
    refused = browser(cast.kari).post(address("ticket_assessment", ticket), ANSWERS | {"category": typed} | other)
    assert refused.status_code == 422
    html = refused.content.decode()
    assert told in html
    assert f'value="{typed}"' in html
    assert fresh(ticket).assessed_at is None


def test_what_a_routing_rule_proposes_stands_there_until_it_is_assessed(cast):
    kind = kind_of_case(cast)
    rule = catalogue.add_routing_rule(by=SETUP, team=cast.service_desk, channel="EMAIL", proposes=kind)
    ticket = cast.case(rule=rule)
    form = browser(cast.kari).get(address("ticket", ticket)).context["box"]["assessment"]
    assert [form[name].value() for name in ("category", "type", "service")] == [
        kind.name,
        kind.type,
        str(kind.service_id),
    ]
    send(browser(cast.kari), "ticket_assessment", ticket, type="ORDER", service="unknown", **ANSWERS)
    asked = browser(cast.kari).get(address("ticket_assessment", ticket)).context["box"]["assessment"]
    assert (asked["category"].value(), asked["type"].value()) == ("", "ORDER")


def test_without_one_it_is_assessed_as_before(cast):
    ticket = cast.case()
    send(browser(cast.kari), "ticket_assessment", ticket, type="ORDER", service="unknown", **ANSWERS)
    assert fresh(ticket).category is None


def test_a_kind_that_is_retired_stays_where_it_stands(cast):
    kind = kind_of_case(cast)
    ticket = assess_as(cast, cast.case(), kind)
    catalogue.change_category(by=SETUP, category=kind, active=False)
    send(
        browser(cast.kari), "ticket_assessment", ticket,
        category=kind.name, type=kind.type, service=kind.service_id, **(ANSWERS | {"impact": "departments"}),
    )  # fmt: skip
    assert fresh(ticket).category == kind


def test_the_lookup_offers_kinds_and_asks_who_looks(cast):
    kind_of_case(cast, name_nn="Gløymt passord", words=["låst konto"])
    where = reverse("console:kind_lookup")
    offered = browser(cast.kari).get(where, {"q": "låst"}).content.decode()
    assert 'data-name="Glemt passord"' in offered
    assert f'data-service="{cast.dips.pk}"' in offered
    assert "option" not in browser(cast.kari).get(where, {"q": "\x00' OR 1=1"}).content.decode()


def test_its_queries_are_as_many_whatever_the_number_of_kinds(cast, django_assert_num_queries):
    for nth in range(30):
        kind_of_case(cast, f"Kort {nth}")
    client = browser(cast.kari)
    where = reverse("console:kind_lookup")
    client.get(where, {"q": "kort"})
    with django_assert_num_queries(4):
        client.get(where, {"q": "kort"})


@pytest.mark.browser
@pytest.mark.once
def test_two_letters_and_enter_answer_three_questions(visit, live_cast):  # noqa: F811
    kind = kind_of_case(live_cast)
    ticket = live_cast.case()
    at = visit(address("ticket", ticket))
    field = at.locator("#assessment-category")
    field.press_sequentially("gl")
    expect(at.locator("[role=option]")).to_have_text([f"Glemt passordService request · {kind.service.name_nb}"])
    field.press("Enter")
    expect(field).to_have_value("Glemt passord")
    expect(at.locator("#act-assessment [name=type][value=SERVICE_REQUEST]")).to_be_checked()
    expect(at.locator("#assessment-service")).to_have_value(str(kind.service_id))
    at.locator("#act-assessment [name=type][value=ORDER]").check()
    expect(field).to_have_value("")
    assert at.complaints == []
