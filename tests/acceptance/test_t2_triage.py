"""T2: what needs clarifying is asked of Trakta, is due when they meet, and comes back decided, with word to the requester."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation
from playwright.sync_api import expect

from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.catalogue.actions import set_meeting, set_on_call
from saksgang.lib import clock
from saksgang.tickets.actions import assessment, assignment
from saksgang.tickets.actions.clarification import ask
from saksgang.tickets.actions.restriction import restrict
from saksgang.tickets.kinds import CloseReason, Decision, NextStep, State
from saksgang.tickets.models import Clarification, Ticket
from saksgang.ui.dates import long_date
from tests.acceptance.conftest import text_of
from tests.acceptance.pages import box, fill, open_case, send, wider_than_the_window
from tests.cast import SETUP

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

QUESTION = "Skal fødeavdelingen få egne nettbrett til mottak?"
TOLD = "Vi har spurt lederne våre. Du hører fra oss etter møtet."


@pytest.fixture
def manager(desk):
    grant(by=SETUP, person=desk.cast.trine, role=Role.TRIAGE_MANAGER, team=desk.cast.triage)
    return desk.cast.trine


@pytest.fixture
def meeting(desk):
    # Within five working days, and later than four working hours from now, whatever day it is.
    return set_meeting(by=SETUP, starts_at=clock.now() + timedelta(days=6, hours=20), place="Møterom 4")


def asked(desk, *, urgent: bool = False, ticket: Ticket | None = None) -> Clarification:
    """Kari has taken a case of Nora's, and asks."""
    ticket = ticket or desk.cast.case(subject="Nettbrett til mottaket")
    assignment.take(ticket=ticket, by=desk.cast.kari)
    return ask(ticket=ticket, by=desk.cast.kari, question=QUESTION, words=TOLD, urgent=urgent)


def open_decision(page, desk, question: Clarification, decision: str):
    page.goto(f"{desk.url}/triage/{question.pk}")
    form = page.locator(f'.decisions form:has(input[name=decision][value="{decision}"])')
    form.locator("xpath=ancestor::details[1]/summary").click()
    return form


def newest_mail(desk) -> str:
    desk.work()
    return text_of(desk.inbox(desk.cast.nora)[-1])


def test_t2_a_case_goes_to_trakta_with_a_question_and_is_due_at_the_next_meeting(desk, sign_in, manager, meeting):
    cast = desk.cast
    ticket = cast.case(subject="Nettbrett til mottaket")
    assignment.take(ticket=ticket, by=cast.kari)
    page = sign_in(cast.kari)
    open_case(page, desk, ticket)
    form = box(page, "clarification")
    expect(page.locator("#act-clarification")).to_contain_text("Møterom 4")
    with translation.override("nb"):
        day = long_date(clock.local(meeting.starts_at).date(), clock.local(clock.now()).date())
    expect(form.locator("textarea[name=words]")).to_have_value(
        f"Vi har spurt lederne for IKT og e-helse om saken din. De avgjør den senest {day}. Du hører fra oss da."
    )
    fill(form, question=QUESTION)
    send(form)
    ticket.refresh_from_db()
    assert (ticket.team, ticket.next_step, ticket.next_step_due_at) == (
        cast.triage,
        NextStep.CLARIFY,
        meeting.starts_at,
    )
    expect(page.locator("#clarification")).to_contain_text(QUESTION)
    assert day in newest_mail(desk), "the requester is told by when, as a date"
    assert ticket.requesters.get().answer_owed_since, "and is owed the answer still"
    page.goto(f"{desk.url}/tickets/{ticket.pk}/history")
    expect(page.locator("main")).to_contain_text("spurte Trakta")
    expect(page.locator("main")).to_contain_text(QUESTION)


def test_t2_the_agenda_is_in_order_of_due_and_leads_from_question_to_question(desk, sign_in, manager, meeting):
    first = asked(desk)
    urgent = asked(desk, urgent=True, ticket=desk.cast.case(subject="Vaktlisten er tom"))
    page = sign_in(manager)
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(desk.url + "/triage")
    expect(page.locator(".agenda li")).to_have_count(2)
    expect(page.locator(".agenda li").first).to_contain_text("Vaktlisten er tom")
    assert wider_than_the_window(page) <= 0
    form = open_decision(page, desk, urgent, Decision.ANSWERED)
    assert wider_than_the_window(page) <= 0
    fill(form, words="Vi setter opp en ny vaktliste i dag.")
    form.locator("button[type=submit]").click()
    page.wait_for_url(f"**/triage/{first.pk}")
    expect(page.locator("h1")).to_have_text(QUESTION)
    expect(page.locator(".triage-case")).to_contain_text("Nora Sykepleier")


def test_t2_back_with_an_answer_to_whoever_asked(desk, sign_in, manager, meeting):
    question = asked(desk)
    page = sign_in(manager)
    form = open_decision(page, desk, question, Decision.ANSWERED)
    fill(form, words="Dere får to nettbrett.", reason="Ja, to stykker. Bestill dem på fellesbudsjettet.")
    form.locator("button[type=submit]").click()
    page.wait_for_url("**/triage")
    ticket = Ticket.objects.get()
    assert (ticket.team, ticket.assignee, ticket.state) == (desk.cast.service_desk, desk.cast.kari, State.IN_PROGRESS)
    mail = newest_mail(desk)
    assert "Dere får to nettbrett." in mail
    assert "fellesbudsjettet" not in mail, "the reason stays in the desk"
    page.context.clear_cookies()
    page = sign_in(desk.cast.kari)
    open_case(page, desk, ticket)
    expect(page.locator("#clarification")).to_contain_text("Bestill dem på fellesbudsjettet")


def test_t2_to_a_team(desk, sign_in, manager, meeting):
    question = asked(desk)
    page = sign_in(manager)
    form = open_decision(page, desk, question, Decision.TO_TEAM)
    fill(form, team=desk.cast.network.pk, words="Nettverk tar saken herfra.")
    form.locator("button[type=submit]").click()
    page.wait_for_url("**/triage")
    ticket = Ticket.objects.get()
    assert (ticket.team, ticket.state) == (desk.cast.network, State.NEW)
    assert "Nettverk tar saken herfra." in newest_mail(desk)


@pytest.mark.parametrize(
    ("decision", "reason"),
    [
        (Decision.DECLINED, CloseReason.DECLINED),
        (Decision.IMPROVEMENT, CloseReason.BECAME_IMPROVEMENT),
        (Decision.PROJECT, CloseReason.BECAME_PROJECT),
        (Decision.REFERRED, CloseReason.REFERRED),
    ],
)
def test_t2_the_other_decisions_end_the_case_with_word_to_the_requester(
    desk, sign_in, manager, meeting, decision, reason
):
    question = asked(desk)
    page = sign_in(manager)
    form = open_decision(page, desk, question, decision)
    form.locator("button[type=submit]").click()
    expect(page.locator(".ds-error-summary")).to_be_visible()
    form = page.locator(f'.decisions form:has(input[name=decision][value="{decision}"])')
    words = "Slik blir det, og dette er grunnen."
    if decision == Decision.IMPROVEMENT:  # it goes on a team's list
        fill(form, title="Nettbrett til mottakene", list_team=desk.cast.service_desk.pk, words_nb=words)
    else:
        fill(form, words=words)
    form.locator("button[type=submit]").click()
    page.wait_for_url("**/triage")
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.close_reason, ticket.closed_by) == (State.CLOSED, reason, manager)
    assert not ticket.requesters.get().answer_owed_since
    assert "Slik blir det, og dette er grunnen." in newest_mail(desk)


def test_t2_a_priority_1_incident_stays_with_the_question_beside_it(desk, sign_in, manager, meeting):
    cast = desk.cast
    ticket = cast.case(subject="Ingen får logget på DIPS")
    facts = {"type": "INCIDENT", "service": cast.dips, "impact": "organisation", "consequence": "stops"}
    assessment.assess(ticket=ticket, by=cast.kari, **facts)
    assignment.take(ticket=ticket, by=cast.kari)
    page = sign_in(cast.kari)
    open_case(page, desk, ticket)
    form = box(page, "clarification")
    fill(form, question="Skal vi varsle beredskapsledelsen?")
    send(form)
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.team, ticket.assignee) == (1, cast.service_desk, cast.kari)
    assert "Vi arbeider videre med saken imens." in newest_mail(desk)
    page.context.clear_cookies()
    page = sign_in(manager)
    form = open_decision(page, desk, Clarification.objects.get(), Decision.ANSWERED)
    expect(page.locator(".decisions details")).to_have_count(1)
    fill(form, words="Beredskapsledelsen er varslet.")
    form.locator("button[type=submit]").click()
    page.wait_for_url("**/triage")
    ticket.refresh_from_db()
    assert (ticket.team, ticket.assignee, ticket.state) == (cast.service_desk, cast.kari, State.IN_PROGRESS)


def test_t2_it_waits_for_the_next_meeting_with_a_reason(desk, sign_in, manager, meeting):
    later = set_meeting(by=SETUP, starts_at=meeting.starts_at + timedelta(days=1))
    question = asked(desk)
    page = sign_in(manager)
    page.set_viewport_size({"width": 360, "height": 740})  # in a meeting, on a phone
    form = open_decision(page, desk, question, "POSTPONE")
    with translation.override("nb"):
        day = long_date(clock.local(later.starts_at).date(), clock.local(clock.now()).date())
    words = f"Lederne for IKT og e-helse trenger mer tid til saken din. De avgjør den senest {day}."
    expect(form.locator("textarea[name=words]")).to_have_value(words)
    assert not wider_than_the_window(page)
    fill(form, reason="Økonomi mangler")
    send(form)
    question.refresh_from_db()
    assert (question.due_at, question.decision) == (later.starts_at, None)
    assert day in newest_mail(desk)
    page.goto(f"{desk.url}/triage")
    expect(page.locator("main")).to_contain_text("flyttet til et senere møte én gang")


def test_t2_what_is_urgent_goes_to_the_manager_of_the_day(desk, sign_in, manager, meeting):
    day = {"starts_at": clock.now() - timedelta(hours=1), "ends_at": clock.now() + timedelta(days=4)}
    set_on_call(by=SETUP, duty="triage", person=desk.cast.liv, **day)
    ticket = desk.cast.case(subject="Nettbrett til mottaket")
    page = sign_in(desk.cast.kari)
    open_case(page, desk, ticket)
    form = box(page, "clarification")
    fill(form, question=QUESTION, urgent=True)
    send(form)
    page.context.clear_cookies()
    page = sign_in(desk.cast.liv)
    page.goto(desk.url + "/queue?show=mine")
    expect(page.get_by_role("link", name=ticket.subject)).to_be_visible()
    page.goto(desk.url + "/triage")
    expect(page.locator(".agenda li")).to_contain_text("Liv Åsen har den")


def test_t2_who_is_no_manager_there_reads_and_decides_nothing(desk, sign_in, manager, meeting):
    question = asked(desk)
    page = sign_in(desk.cast.nils)
    page.goto(f"{desk.url}/triage/{question.pk}")
    expect(page.locator("h1")).to_have_text(QUESTION)
    expect(page.locator(".decisions")).to_have_count(0)
    said = {"decision": Decision.DECLINED, "words": "Nei", "reason": "Nei"}
    assert desk.client(desk.cast.nils).post(f"/triage/{question.pk}", said).status_code == 403
    assert Clarification.objects.get().decision is None


def test_t2_a_restricted_case_is_on_no_agenda_but_its_readers(desk, sign_in, manager, meeting):
    ticket = desk.cast.case(subject="Personalsak")
    restrict(ticket=ticket, by=desk.cast.kari, readers=[], reason="Personalsak")
    question = asked(desk, ticket=ticket)
    for path in ("/triage", "/triage?fragment=1"):
        assert "Personalsak" not in desk.client(desk.cast.nils).get(path).content.decode()
    assert desk.client(desk.cast.nils).get(f"/triage/{question.pk}").status_code == 404
    page = sign_in(manager)  # who leads the team as well
    page.goto(desk.url + "/triage")
    expect(page.locator(".agenda li")).to_contain_text("Personalsak")


def test_t2_what_happened_meanwhile_is_read_before_it_is_decided(desk, sign_in, manager, meeting):
    question = asked(desk)
    page = sign_in(manager)
    form = open_decision(page, desk, question, Decision.DECLINED)
    desk.work()
    desk.reply(desk.inbox(desk.cast.nora)[-1], "Vi trenger dem ikke lenger.", desk.cast.nora)
    desk.work()
    fill(form, words="Svaret er nei.")
    form.locator("button[type=submit]").click()
    expect(page.locator(".ds-error-summary")).to_be_visible()
    assert Clarification.objects.get().decision is None
    form = page.locator(f'.decisions form:has(input[name=decision][value="{Decision.DECLINED}"])')
    expect(form.locator("textarea[name=words]")).to_have_value("Svaret er nei.")
    form.locator("button[type=submit]").click()
    page.wait_for_url("**/triage")
    assert Clarification.objects.get().decision == Decision.DECLINED
