"""T2: what Trakta has met twice without deciding goes to the department head, as a mail and on their front page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.catalogue.actions import set_meeting
from saksgang.lib import clock
from saksgang.people.actions import add_person, change_team, open_account
from saksgang.people.models import Section
from saksgang.tickets.actions import assignment
from saksgang.tickets.actions.clarification import ask
from saksgang.tickets.actions.unattended.clockwork import escalate_untreated
from saksgang.tickets.models import Clarification
from tests.acceptance.conftest import text_of
from tests.cast import PASSWORD, SETUP

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
QUESTION = "Skal fødeavdelingen få egne nettbrett?"


def test_t2_untreated_at_two_meetings_goes_to_the_department_head(desk, sign_in):
    cast = desk.cast
    change_team(by=SETUP, team=cast.service_desk, section=Section.ICT)
    head = add_person(by=SETUP, name="Gudrun Sjef", addresses=("gudrun@ikt.sykehus.example",))
    open_account(by=SETUP, person=head, username="gudrun", password=PASSWORD)
    grant(by=SETUP, person=head, role=Role.DEPARTMENT_HEAD, section=Section.ICT)
    ticket = cast.case(subject="Nettbrett til mottaket")
    assignment.take(ticket=ticket, by=cast.kari)
    ask(ticket=ticket, by=cast.kari, question=QUESTION, words="Vi spør lederne.")
    Clarification.objects.update(asked_at=clock.now() - timedelta(days=8))
    for days in (7, 1):
        set_meeting(by=SETUP, starts_at=clock.now() - timedelta(days=days))
    assert escalate_untreated() == 1
    desk.work()
    mail = text_of(desk.inbox(head)[-1])
    assert "to møter uten å avgjøre" in mail
    assert QUESTION not in mail
    page = sign_in(head)
    page.goto(desk.url + "/")
    section = page.locator("section", has_text="Ikke avgjort på to møter")
    expect(section).to_contain_text(QUESTION)
    section.get_by_role("link", name=QUESTION).click()
    expect(page.locator("h1")).to_have_text(QUESTION)
    expect(page.locator(".decisions")).to_have_count(0)
