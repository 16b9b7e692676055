"""M1, in part: a challenge that is none of the three types goes to Trakta with its question, and comes out as a case with a type, or ends.

What every employee can read without an agent's login comes with their own door.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.tickets.kinds import CloseReason, Decision, State
from saksgang.tickets.models import Clarification, Ticket
from tests.acceptance.conftest import text_of
from tests.acceptance.pages import fill, open_case, send
from tests.acceptance.test_t2_triage import open_decision
from tests.cast import SETUP
from tests.tickets.steps import fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

QUESTION = "Skal vi ta imot dikteringsutstyr som fastlegene har kjøpt selv?"
TOLD = "Vi har spurt lederne våre. Du hører fra oss."


@pytest.fixture
def manager(desk):
    grant(by=SETUP, person=desk.cast.trine, role=Role.TRIAGE_MANAGER, team=desk.cast.triage)
    return desk.cast.trine


def asked_from_the_case(desk, page, ticket) -> Clarification:
    """By the fourth answer beside the three types, with its own key."""
    open_case(page, desk, ticket)
    page.locator("#act-assessment").wait_for()
    with page.expect_navigation():
        page.keyboard.press("4")
    form = page.locator('form[action$="/clarification"]')
    expect(form.locator("input[name=challenge]")).to_be_checked()
    fill(form, question=QUESTION, words=TOLD)
    send(form)
    return Clarification.objects.latest("pk")


def test_m1_from_assessment_to_trakta_and_out_again_with_a_type(desk, sign_in, manager):
    desk.send(desk.cast.nora, "Fastlegene vil koble til sitt eget utstyr.", subject="Dikteringsutstyr")
    desk.work()
    page = sign_in(desk.cast.kari)
    asked = asked_from_the_case(desk, page, desk.only_ticket())
    desk.work()
    assert (asked.question, asked.challenge) == (QUESTION, True)
    assert fresh(asked.ticket).team == desk.cast.triage
    assert TOLD in text_of(desk.inbox(desk.cast.nora)[-1])

    page = sign_in(manager)
    form = open_decision(page, desk, asked, Decision.TO_TEAM)
    fill(form, team=desk.cast.network.pk, words="Nettverk hjelper dere med å koble det til.")
    form.locator("button[type=submit]").click()
    expect(page.locator(".ds-error-summary")).to_contain_text("hvilken sakstype")
    assert fresh(asked.ticket).at_triage
    form = page.locator('.decisions form:has(input[name=decision][value="TO_TEAM"])')
    form.locator("input[name=type][value=ORDER]").check()
    send(form)
    ticket = fresh(asked.ticket)
    assert (ticket.team, ticket.type, ticket.priority) == (desk.cast.network, "ORDER", 3)
    assert ticket.requesters.get().answer_owed_since, "what Nora asked is still to be answered"


def test_m1_or_it_ends_there_with_word_to_the_requester(desk, sign_in, manager):
    desk.send(desk.cast.nora, "Fastlegene vil koble til sitt eget utstyr.", subject="Dikteringsutstyr")
    desk.work()
    page = sign_in(desk.cast.kari)
    asked = asked_from_the_case(desk, page, desk.only_ticket())
    page = sign_in(manager)
    form = open_decision(page, desk, asked, Decision.DECLINED)
    assert form.locator("input[name=type]").count() == 0
    fill(form, words="Vi kan ikke ta imot privat utstyr på nettet.")
    form.locator("button[type=submit]").click()
    page.wait_for_url("**/triage")
    desk.work()
    ticket = fresh(asked.ticket)
    assert (ticket.state, ticket.close_reason, ticket.type) == (State.CLOSED, CloseReason.DECLINED, None)
    assert "privat utstyr" in text_of(desk.inbox(desk.cast.nora)[-1])


def test_m1_from_registration(desk, sign_in, manager):
    page = sign_in(desk.cast.kari)
    page.goto(desk.url + "/tickets/new")
    page.locator("input[name=who]").fill("Nora")
    page.locator("person-lookup [role=option]").first.click()
    page.locator("input[name=what]").fill("Fastlegenes eget utstyr")
    form = page.locator("form.quick")
    form.locator('details:has(button[value="ask"]) > summary').click()
    fill(form, question=QUESTION, told=TOLD)
    with page.expect_navigation():
        form.locator('button[value="ask"]').click()
    desk.work()
    asked = Clarification.objects.get()
    assert (asked.challenge, asked.asking_team, asked.ticket.subject) == (
        True,
        desk.cast.service_desk,
        "Fastlegenes eget utstyr",
    )
    assert fresh(asked.ticket).team == desk.cast.triage
    assert TOLD in text_of(desk.inbox(desk.cast.nora)[-1])
    assert Ticket.objects.count() == 1
