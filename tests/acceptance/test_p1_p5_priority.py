"""P1–P5: priority is computed, explained, and never guessed; in doubt, first come first served."""

from datetime import timedelta

import pytest

from saksgang.lib import clock
from saksgang.tickets.actions import assessment
from saksgang.tickets.models import Ticket
from tests.acceptance.pages import box, fill, open_case, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def assess(page, desk, ticket, **answers) -> str:
    """Assesses a case on its page; returns what the page then says."""
    open_case(page, desk, ticket)
    form = box(page, "assessment")
    fill(form, **answers)
    send(form)
    return page.locator("main").inner_text()


def test_p1_incidents_and_requests_get_different_priorities_and_the_case_says_why(desk, sign_in):
    page = sign_in(desk.cast.kari)
    page.context.add_cookies([{"name": "language", "value": "en", "url": desk.url}])
    incident, request = desk.cast.case(), desk.cast.case()
    facts = {"service": desk.cast.dips.pk, "impact": "departments"}
    words = assess(page, desk, incident, type="INCIDENT", consequence="stops", **facts)
    assert Ticket.objects.get(pk=incident.pk).priority == 1
    assert "DIPS" in words
    assert "critical" in words.lower()
    assess(page, desk, request, type="SERVICE_REQUEST", **facts)
    assert Ticket.objects.get(pk=request.pk).priority == 3


def test_p2_in_doubt_the_number_is_three_and_the_oldest_comes_first(desk, sign_in):
    page = sign_in(desk.cast.kari)
    now = clock.now()
    younger = desk.cast.case(subject="Yngst", received_at=now - timedelta(hours=1))
    older = desk.cast.case(subject="Eldst", received_at=now - timedelta(hours=2))
    for ticket in (younger, older):
        assess(page, desk, ticket, type="SERVICE_REQUEST", service="unknown", impact="unknown")
        assert Ticket.objects.get(pk=ticket.pk).priority == 3
    page.goto(desk.url + "/queue?show=team")
    assert page.locator(".queue-subject").all_inner_texts() == ["Eldst", "Yngst"]


def test_p2_a_case_that_nobody_has_assessed_stands_right_after_priority_one(desk, sign_in):
    cast = desk.cast
    page = sign_in(cast.kari)
    now = clock.now()
    second = cast.case(subject="Prioritet 2", received_at=now - timedelta(hours=3))
    assessment.assess(
        ticket=second, by=cast.kari, type="INCIDENT", service=cast.dips, impact="individuals", consequence="stops"
    )
    cast.case(subject="Ikke vurdert", received_at=now - timedelta(hours=2))
    first = cast.case(subject="Prioritet 1", received_at=now - timedelta(hours=1))
    assessment.assess(
        ticket=first, by=cast.kari, type="INCIDENT", service=cast.dips, impact="organisation", consequence="stops"
    )
    page.goto(desk.url + "/queue?show=team")
    assert page.locator(".queue-subject").all_inner_texts() == ["Prioritet 1", "Ikke vurdert", "Prioritet 2"]


def test_p3_time_critical_asks_by_when_and_lifts_one_step(desk, sign_in):
    page = sign_in(desk.cast.kari)
    ticket = desk.cast.case()
    soon = clock.local(clock.now() + timedelta(minutes=30)).strftime("%Y-%m-%dT%H:%M")
    facts = {"type": "SERVICE_REQUEST", "service": desk.cast.printing.pk, "impact": "individuals"}
    assess(page, desk, ticket, time_critical="yes", **facts)
    assert Ticket.objects.get().assessed_at is None, "by when is asked for"
    assess(page, desk, ticket, time_critical="yes", needed_by=soon, **facts)
    assert Ticket.objects.get().priority == 3, "4 lifted one step"


@pytest.mark.parametrize(("consequence", "priority"), [("stops", 2), ("degraded", 3), ("nuisance", 4)])
def test_p4_the_consequence_leads(desk, sign_in, consequence, priority):
    page = sign_in(desk.cast.kari)
    ticket = desk.cast.case()
    assess(
        page, desk, ticket, type="INCIDENT", service=desk.cast.dips.pk, impact="individuals", consequence=consequence
    )
    assert Ticket.objects.get().priority == priority


def test_p4_danger_to_life_and_health_is_one_and_asks_one_sentence(desk, sign_in):
    page = sign_in(desk.cast.kari)
    ticket = desk.cast.case()
    facts = {"type": "INCIDENT", "service": desk.cast.printing.pk, "impact": "individuals", "consequence": "nuisance"}
    assess(page, desk, ticket, danger="yes", **facts)
    assert Ticket.objects.get().assessed_at is None
    assess(page, desk, ticket, danger="yes", danger_note="Overvåkningen på rom 3 er svart.", **facts)
    assert Ticket.objects.get().priority == 1


@pytest.mark.parametrize(("impact", "priority"), [("organisation", 1), ("departments", 1), ("individuals", 2)])
def test_p5_three_levels_of_how_many_are_hit(desk, sign_in, impact, priority):
    page = sign_in(desk.cast.kari)
    ticket = desk.cast.case()
    assess(page, desk, ticket, type="INCIDENT", service=desk.cast.dips.pk, impact=impact, consequence="stops")
    assert Ticket.objects.get().priority == priority


def test_p1_an_override_needs_a_reason_and_asks_again_when_its_inputs_change(desk, sign_in):
    page = sign_in(desk.cast.kari)
    ticket = desk.cast.case()
    assess(page, desk, ticket, type="SERVICE_REQUEST", service=desk.cast.dips.pk, impact="individuals")
    form = box(page, "priority")
    fill(form, value="2", reason="Skal brukes i operasjon i morgen tidlig.")
    send(form)
    assert Ticket.objects.get().priority == 2
    assert "operasjon i morgen tidlig" in page.locator("main").inner_text()
    assess(page, desk, ticket, type="SERVICE_REQUEST", service=desk.cast.dips.pk, impact="departments")
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.override_stale) == (2, True)
