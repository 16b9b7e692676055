"""A1, as far as the roles go: those who work in the two departments belong to teams, and what they may do follows from it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.people.actions import add_person, change_team, open_account
from saksgang.people.models import Section
from saksgang.tickets.actions import assignment
from saksgang.tickets.actions.clarification import ask
from tests.acceptance.pages import box, open_case
from tests.cast import PASSWORD, SETUP

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
WORK = ("answer", "resolution", "assignment", "assessment", "closure")


def works(page) -> bool:
    """Whether the page of a case offers any of the work on it."""
    return any(page.locator(f'form[action$="/{noun}"]').count() for noun in WORK)


def test_a1_an_agent_works_on_the_cases_of_their_own_team_and_reads_the_others(desk, sign_in):
    ticket = desk.cast.case()
    page = sign_in(desk.cast.nils)
    open_case(page, desk, ticket)
    expect(page.locator("h1")).to_contain_text(ticket.subject)
    assert not works(page)
    assert box(page, "note").count() == 1
    page.context.clear_cookies()
    open_case(sign_in(desk.cast.kari), desk, ticket)
    assert works(page)


def test_a1_a_department_head_reads_and_does_none_of_the_work_and_an_employee_does_not_come_in(desk, sign_in):
    cast = desk.cast
    change_team(by=SETUP, team=cast.service_desk, section=Section.ICT)
    head = add_person(by=SETUP, name="Gudrun Sjef", addresses=("gudrun@ikt.sykehus.example",))
    open_account(by=SETUP, person=head, username="gudrun", password=PASSWORD)
    grant(by=SETUP, person=head, role=Role.DEPARTMENT_HEAD, section=Section.ICT)
    ticket = cast.case()
    page = sign_in(head)
    open_case(page, desk, ticket)
    expect(page.locator("h1")).to_contain_text(ticket.subject)
    assert not works(page)
    page.context.clear_cookies()
    page.goto(f"{desk.url}/tickets/{ticket.pk}")
    expect(page.locator("input[name=username]")).to_be_visible()
    assert ticket.subject not in page.content()


def test_a1_only_the_managers_of_trakta_decide_there(desk, sign_in):
    cast = desk.cast
    ticket = cast.case()
    assignment.take(ticket=ticket, by=cast.kari)
    grant(by=SETUP, person=cast.trine, role=Role.TRIAGE_MANAGER, team=cast.triage)
    asked = ask(ticket=ticket, by=cast.kari, question="Skal vi kjøpe flere?", words="Vi spør lederne.")
    decisions = sign_in(cast.kari).locator(".decisions")
    decisions.page.goto(f"{desk.url}/triage/{asked.pk}")
    assert decisions.count() == 0
    decisions.page.context.clear_cookies()
    sign_in(cast.trine).goto(f"{desk.url}/triage/{asked.pk}")
    expect(decisions).to_have_count(1)
