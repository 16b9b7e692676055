"""M1: a routing rule sends what is none of the three types to Trakta with its question, and the answer comes back to the mailbox's team."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.catalogue.actions import set_meeting
from saksgang.events.models import Event
from saksgang.lib import clock
from saksgang.people.actions import change_team
from saksgang.tickets.actions.clarification import decide
from saksgang.tickets.kinds import Decision, MessageKind, NextStep
from saksgang.tickets.models import Clarification, Ticket
from tests.acceptance.conftest import text_of
from tests.cast import SETUP
from tests.console.case.help import browser

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = "Skal vi ta imot ønsket?"
WORDS = "Vi ønsker oss et eget fagsystem for hjemmebesøk."
SENTENCE = f"When a case comes with the word «fagsystem», Trakta is asked: «{QUESTION}»"


@pytest.fixture
def meeting(desk):
    return set_meeting(by=SETUP, starts_at=clock.now() + timedelta(days=2), place="Møterom 4")


@pytest.fixture
def client(desk, meeting):
    """An administrator, who has written the rule on its page."""
    grant(by=SETUP, person=desk.cast.liv, role=Role.ADMINISTRATOR)
    client = browser(desk.cast.liv)
    told = {"words": "fagsystem", "team": desk.cast.triage.pk, "question": QUESTION}
    tried = client.post("/routing", told | {"do": "try"}).content.decode()
    assert SENTENCE in tried
    assert client.post("/routing", told | {"do": "save"}).status_code == 303
    return client


def arrived(desk, words: str = WORDS) -> Ticket:
    desk.send(desk.cast.nora, words)
    desk.work()
    return Ticket.objects.latest("id")


def test_m1_a_mail_goes_to_trakta_with_the_rules_question_and_comes_back_to_the_mailboxs_team(desk, client, meeting):
    cast = desk.cast
    ticket = arrived(desk)
    asked = Clarification.objects.get()
    assert (asked.ticket, asked.question, asked.challenge, asked.asked_by) == (ticket, QUESTION, True, None)
    assert (asked.asking_team, ticket.team, ticket.at_triage) == (cast.service_desk, cast.triage, True)
    assert (ticket.next_step, ticket.next_step_due_at) == (NextStep.CLARIFY, meeting.starts_at)
    assert (ticket.priority, ticket.type, ticket.answers_owed, ticket.open) == (None, None, 1, 1)
    (mail,) = desk.inbox(cast.nora)  # instead of a receipt
    assert f"{clock.local(meeting.starts_at):%d.%m.%Y}" in text_of(mail)
    assert f"#{ticket.pk}" in text_of(mail) or f"SAK-{ticket.pk}" in mail["Subject"]
    registered, was_asked = Event.objects.filter(ticket_id=ticket.pk).order_by("id")[:2]
    assert (registered.after["team_id"], registered.after["rule_id"]) == (cast.service_desk.pk, asked.rule_id)
    assert (was_asked.kind, was_asked.by_robot, was_asked.reason) == ("clarification_asked", "routing", QUESTION)
    history = browser(cast.kari).get(f"/tickets/{ticket.pk}/history").content.decode()
    assert "A routing rule" in history
    assert f"Asked by a routing rule for {cast.service_desk.name}" in client.get("/triage").content.decode()
    assert SENTENCE in browser(cast.kari).get(f"/tickets/{ticket.pk}").content.decode()
    grant(by=SETUP, person=cast.trine, role=Role.TRIAGE_MANAGER, team=cast.triage)
    decide(
        clarification=asked, by=cast.trine, decision=Decision.ANSWERED, reason="Ja", words="Ja, vi tar det.",
        type="SERVICE_REQUEST",
    )  # fmt: skip
    ticket.refresh_from_db()
    assert (ticket.team, ticket.type, ticket.at_triage) == (cast.service_desk, "SERVICE_REQUEST", False)


def test_m1_on_the_phone_the_rule_asks_unless_the_agent_chooses_the_team(desk, client):
    cast = desk.cast
    told = {"who": cast.nora.name, "who_id": cast.nora.pk, "channel": "PHONE", "what": "Eget fagsystem"}
    kari = browser(cast.kari)
    assert kari.post("/tickets/new", told | {"team": ""}).status_code == 303
    ticket = Ticket.objects.latest("id")
    assert (ticket.team, Clarification.objects.get().asking_team) == (cast.triage, cast.service_desk)
    assert [one.kind for one in ticket.messages.order_by("id")][1:] == [MessageKind.STATUS]
    kari.post("/tickets/new", told | {"team": cast.service_desk.pk})
    assert Ticket.objects.latest("id").team == cast.service_desk
    assert Clarification.objects.count() == 1


def test_m1_without_a_triage_team_the_rule_rests_and_no_new_one_can_be_written(desk, client):
    change_team(by=SETUP, team=desk.cast.triage, active=False)
    ticket = arrived(desk)
    assert (ticket.team, ticket.routing_rule, ticket.at_triage) == (desk.cast.service_desk, None, False)
    assert "Rests" in client.get("/routing").content.decode()
    told = {"words": "prosjekt", "team": desk.cast.network.pk, "question": QUESTION, "do": "save"}
    answer = client.post("/routing", told)
    assert answer.status_code == 422
    assert "There is no triage team to ask." in answer.content.decode()


def test_m1_a_machines_mail_is_asked_about_and_nobody_is_written_to(desk, client):
    desk.send("noreply@fabrikk.example", WORDS, auto_submitted="auto-generated")
    desk.work()
    ticket = Ticket.objects.latest("id")
    assert (ticket.team, ticket.answers_owed) == (desk.cast.triage, 0)
    assert desk.inbox("noreply@fabrikk.example") == []
