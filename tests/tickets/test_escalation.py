"""What the triage team has met twice without deciding goes to the department head, once; what is urgent to the manager of the day."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.catalogue.actions import set_meeting, set_on_call
from saksgang.events.actions import claim
from saksgang.lib import clock, files
from saksgang.outbound.follower import handle
from saksgang.outbound.models import OutboundMail
from saksgang.outbound.queries import deliveries
from saksgang.people.actions import add_person, change_team
from saksgang.people.models import Section
from saksgang.tickets.actions import restriction
from saksgang.tickets.actions.clarification import ask, decide
from saksgang.tickets.actions.unattended.clockwork import escalate_untreated
from saksgang.tickets.kinds import State
from tests.cast import SETUP
from tests.tickets.steps import events_of, in_state

pytestmark = pytest.mark.django_db
QUESTION = "Skal de få egne nettbrett?"


@pytest.fixture
def head(cast):
    change_team(by=SETUP, team=cast.service_desk, section=Section.ICT)
    person = add_person(by=SETUP, name="Gudrun Sjef", addresses=("gudrun@ikt.sykehus.example",))
    grant(by=SETUP, person=person, role=Role.DEPARTMENT_HEAD, section=Section.ICT)
    return person


def asked(cast, **how):
    return ask(
        ticket=in_state(cast, State.IN_PROGRESS), by=cast.kari, question=QUESTION, words="Vi spør lederne.", **how
    )


def meet(*days: int) -> None:
    for day in days:
        set_meeting(by=SETUP, starts_at=clock.now() + timedelta(days=day))


def mails() -> list[OutboundMail]:
    for delivery in claim("outbound"):
        handle(delivery)
    return list(OutboundMail.objects.filter(kind__startswith="clarification_"))


def later(days: int):
    return clock.at(clock.now() + timedelta(days=days))


def test_after_two_meetings_the_head_is_told_once(cast, head):
    meet(1, 3)
    question = asked(cast)
    with later(2):
        assert escalate_untreated() == 0
    with later(4):
        assert [escalate_untreated(), escalate_untreated()] == [1, 0]
        question.refresh_from_db()
        assert (question.escalated_to, question.escalated_at) == (head, clock.now())
        [mail] = mails()
    assert [event.kind for event in events_of(question.ticket)][-1] == "clarification_escalated"
    letter = message_from_bytes(files.read(mail.raw_sha256), policy=policy.default)
    assert letter["To"].addresses[0].addr_spec == "gudrun@ikt.sykehus.example"
    words = letter.get_body(("plain",)).get_content()
    assert f"/triage/{question.pk}" in words
    assert QUESTION not in words
    assert not deliveries(question.ticket_id).get(None), "it is no receipt to the requester"


def test_what_is_decided_meanwhile_goes_to_nobody(cast, head):
    meet(1, 3)
    question = asked(cast)
    boss = grant(by=SETUP, person=cast.trine, role=Role.TRIAGE_MANAGER, team=cast.triage).person
    decide(clarification=question, by=boss, decision="ANSWERED", reason="Ja", words="Ja")
    with later(4):
        assert escalate_untreated() == 0


def test_a_restricted_case_goes_to_no_head_who_may_not_read_it(cast, head):
    meet(1, 3)
    question = asked(cast)
    restriction.restrict(ticket=question.ticket, by=cast.trine, readers=[], reason="Personalsak")
    with later(4):
        assert escalate_untreated() == 1
        assert mails() == []
    question.refresh_from_db()
    assert question.escalated_to is None


def test_without_a_head_it_is_marked_all_the_same(cast):
    meet(1, 3)
    question = asked(cast)
    with later(4):
        assert escalate_untreated() == 1
        assert mails() == []
    question.refresh_from_db()
    assert question.escalated_at


def test_what_is_urgent_is_mailed_to_the_manager_of_the_day(cast):
    day = {"starts_at": clock.now(), "ends_at": clock.now() + timedelta(days=1)}
    set_on_call(by=SETUP, duty="triage", person=cast.trine, **day)
    asked(cast)
    assert mails() == [], "what can wait for the meeting goes to nobody"
    question = ask(ticket=cast.case(), by=cast.kari, question=QUESTION, words="Vi spør.", urgent=True)
    [mail] = mails()
    assert (mail.person_id, mail.kind, mail.ticket) == (cast.trine.pk, "clarification_urgent", question.ticket)
