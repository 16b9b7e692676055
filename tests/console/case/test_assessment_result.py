"""The priority as one answers: the same that saving the answers gives, and nothing is stored."""

from __future__ import annotations

from html import unescape

import pytest
from playwright.sync_api import expect

from saksgang.catalogue.actions import add_routing_rule, switch_routing_rule
from saksgang.catalogue.models import Service
from saksgang.events.models import Event
from saksgang.people.actions import add_team
from saksgang.tickets.models import Ticket
from tests.cast import SETUP
from tests.console.case.help import address, ahead, browser, send
from tests.console.case.test_browser import visit  # noqa: F401
from tests.tickets.steps import assess, fresh

ANSWERS = [
    {"type": "INCIDENT", "service": "dips", "impact": "organisation", "consequence": "stops"},
    {"type": "INCIDENT", "service": "printing", "impact": "individuals", "consequence": "nuisance"},
    {"type": "SERVICE_REQUEST", "service": "unknown", "impact": "departments"},
    {"type": "ORDER", "service": "printing", "impact": "unknown", "time_critical": "yes"},
    {
        "type": "INCIDENT",
        "service": "telephony",
        "impact": "unknown",
        "consequence": "unknown",
        "danger": "yes",
        "patient_harm": "no",
    },
    {
        "type": "INCIDENT",
        "service": "printing",
        "impact": "individuals",
        "consequence": "nuisance",
        "patient_harm": "yes",
        "harm_again": "yes",
    },
]


def written(cast, answers):
    service = answers["service"]
    known = {"time_critical": "no", "danger": "no", "danger_note": "Pasienter", "needed_by": ahead(1)}
    return known | answers | {"service": service if service == "unknown" else str(getattr(cast, service).pk)}


@pytest.mark.parametrize("answers", ANSWERS)
def test_it_is_what_saving_gives(cast, answers):
    ticket, client = cast.case(), browser(cast.kari)
    before = (Event.objects.count(), Ticket.objects.get(pk=ticket.pk).lock_version)
    told = unescape(client.get(address("ticket_assessment_result", ticket), written(cast, answers)).content.decode())
    assert before == (Event.objects.count(), Ticket.objects.get(pk=ticket.pk).lock_version)
    saved = unescape(send(client, "ticket_assessment", ticket, **written(cast, answers)))
    priority = Ticket.objects.get(pk=ticket.pk).priority
    assert f"Priority {priority}" in told
    sentence = told.split('class="muted">')[1].split("<")[0]
    assert sentence
    assert sentence in saved


def test_too_few_answers_say_nothing(cast):
    answer = browser(cast.kari).get(
        address("ticket_assessment_result", cast.case()), {"type": "INCIDENT", "impact": "tull"}
    )
    assert answer.content.decode().strip() == ""


def test_a_case_that_one_may_not_see_is_not_there(cast):
    ticket = cast.case()
    Ticket.objects.filter(pk=ticket.pk).update(restricted=True)
    assert browser(cast.nils).get(address("ticket_assessment_result", ticket)).status_code == 404


@pytest.mark.browser
def test_in_a_browser_it_follows_the_answers(visit, live_cast):  # noqa: F811
    ticket = live_cast.case()
    page = visit(address("ticket", ticket))
    for name, value in (("type", "INCIDENT"), ("impact", "organisation"), ("consequence", "stops")):
        page.check(f".assess input[name={name}][value={value}]", force=True)
    page.select_option(".assess select[name=service]", str(live_cast.dips.pk))
    expect(page.locator("live-result")).to_contain_text("Priority 1")
    number = page.locator("#assessment-deviation_number")
    expect(number).to_be_hidden()
    page.check(".assess input[name=consequence][value=nuisance]", force=True)
    expect(page.locator("live-result")).to_contain_text("Priority 3")
    page.focus(".assess input[name=patient_harm][value=no]")
    page.keyboard.press("2")  # «Yes»
    expect(number).to_be_visible()
    page.check(".assess input[name=harm_again][value=yes]")
    expect(page.locator("live-result")).to_contain_text("Priority 1")
    assert Ticket.objects.get(pk=ticket.pk).assessed_at is None


def test_the_fourth_open_case_of_one_service_from_one_place_proposes_that_it_is_more_than_one_users(cast):
    ticket, client = cast.case(), browser(cast.kari)
    assert ticket.affected_department == cast.ward
    answers = written(cast, {"type": "INCIDENT", "service": "dips", "impact": "individuals", "consequence": "stops"})

    def told(**other) -> str:
        where = address("ticket_assessment_result", ticket)
        return unescape(client.get(where, answers | other).content.decode())

    others = [assess(cast, cast.case(), service=cast.dips) for _nth in range(3)]
    assert "4 open cases of DIPS from Sengepost 3" in told()
    assert "open cases of" not in told(impact="departments")
    assert "open cases of" not in told(service=str(cast.printing.pk))
    Ticket.objects.filter(pk=others[0].pk).update(affected_department=cast.clinic)
    assert "open cases of" not in told()


def test_a_service_that_another_team_owns_offers_the_hand_over_in_the_same_step(cast):
    Service.objects.filter(pk=cast.dips.pk).update(owner_team=cast.network)
    ticket, client = cast.case(), browser(cast.kari)
    answers = written(cast, {"type": "INCIDENT", "service": "dips", "impact": "individuals", "consequence": "stops"})
    where = address("ticket_assessment_result", ticket)
    assert "Nettverk owns this service." in client.get(where, answers).content.decode()
    assert "owns this" not in client.get(where, answers | {"service": str(cast.printing.pk)}).content.decode()
    send(client, "ticket_assessment", ticket, **answers)
    assert fresh(ticket).team == cast.service_desk, "only when it is asked for"
    send(client, "ticket_assessment", ticket, hand_over="on", **answers)
    assert (fresh(ticket).team, fresh(ticket).priority) == (cast.network, 2)
    told = Event.objects.filter(ticket_id=ticket.pk).latest("pk")
    assert (told.kind, told.reason) == ("ticket_handed_over", "It is about DIPS, which Nettverk owns.")


def test_a_rule_that_asks_for_a_service_or_a_kind_says_which_team_is_offered_it_before_the_services_owner(cast):
    Service.objects.filter(pk=cast.dips.pk).update(owner_team=cast.network)
    printers = add_team(by=SETUP, name="Utskriftsteamet")
    asks = {"team": cast.triage, "service": cast.dips, "question": "Hva nå?"}
    add_routing_rule(by=SETUP, **asks)  # whoever has assessed it asks themself
    add_routing_rule(by=SETUP, team=cast.network, words="finnes ikke", service=cast.dips)
    rule = add_routing_rule(by=SETUP, team=printers, service=cast.dips)
    ticket, client = cast.case(), browser(cast.kari)
    answers = written(cast, {"type": "INCIDENT", "service": "dips", "impact": "individuals", "consequence": "stops"})
    where = address("ticket_assessment_result", ticket)
    assert "A routing rule sends this to Utskriftsteamet." in client.get(where, answers).content.decode()
    send(client, "ticket_assessment", ticket, hand_over="on", **answers)
    told = Event.objects.filter(ticket_id=ticket.pk).latest("pk")
    assert (fresh(ticket).team, told.reason) == (printers, "When a case comes about DIPS, it goes to Utskriftsteamet.")
    switch_routing_rule(by=SETUP, rule=rule, active=False)
    assert (
        "Nettverk owns this service."
        in client.get(address("ticket_assessment_result", cast.case()), answers).content.decode()
    )
