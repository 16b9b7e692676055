"""Asking the triage team, and what they decide (clause T2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from saksgang.access.actions import grant
from saksgang.access.queries import NotAllowed
from saksgang.access.roles import Role
from saksgang.catalogue.actions import set_meeting, set_on_call
from saksgang.catalogue.kinds import TicketType
from saksgang.catalogue.queries import hours_of
from saksgang.catalogue.working_time import add_days, add_minutes
from saksgang.events.alarms import open_alarms
from saksgang.events.models import Event
from saksgang.lib import clock
from saksgang.people.actions import add_team
from saksgang.tickets import clarifications
from saksgang.tickets.actions import arrivals, assignment, closure, redaction, resolution
from saksgang.tickets.actions.clarification import ask, decide, postpone
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.actions.restriction import restrict
from saksgang.tickets.actions.ties import merging
from saksgang.tickets.actions.unattended import clockwork
from saksgang.tickets.kinds import CloseReason, Decision, MessageKind, NextStep, State
from saksgang.tickets.models import Call, Clarification, Message, Ticket
from saksgang.tickets.policies import Refused
from tests.cast import SETUP
from tests.tickets.steps import MAIL, SOLUTION, assess, events_of, fresh, in_state, nothing_happens, one_event, owed

QUESTION = "Skal fødeavdelingen få egne nettbrett?"
TOLD = "Vi har spurt Trakta. Du hører fra oss etter møtet."
ENDS = {
    Decision.DECLINED: CloseReason.DECLINED,
    Decision.IMPROVEMENT: CloseReason.BECAME_IMPROVEMENT,
    Decision.PROJECT: CloseReason.BECAME_PROJECT,
    Decision.REFERRED: CloseReason.REFERRED,
}


@pytest.fixture
def manager(cast):
    """Trine decides in Trakta."""
    grant(by=SETUP, person=cast.trine, role=Role.TRIAGE_MANAGER, team=cast.triage)
    return cast.trine


def asked_of(cast, ticket: Ticket | None = None, **facts) -> Clarification:
    ticket = ticket or in_state(cast, State.IN_PROGRESS)
    return ask(ticket=ticket, by=cast.kari, **({"question": QUESTION, "words": TOLD} | facts))


def urgent_incident(cast) -> Ticket:
    ticket = assess(cast, cast.case(), service=cast.dips, impact="organisation")
    assert fresh(ticket).priority == 1
    return assignment.take(ticket=ticket, by=cast.kari)


# Where it goes, and when it is due.


def test_the_case_goes_to_the_triage_team_and_is_due_at_the_next_meeting(cast):
    later = clock.now() + timedelta(days=5)
    meeting = set_meeting(by=SETUP, starts_at=clock.now() + timedelta(days=2), place="Møterom 4")
    set_meeting(by=SETUP, starts_at=later)
    ticket = in_state(cast, State.IN_PROGRESS)
    with one_event(ticket, "clarification_asked", cast.kari) as found:
        asked = asked_of(cast, ticket)
    ticket = fresh(ticket)
    assert (ticket.team, ticket.state, ticket.assignee) == (cast.triage, State.NEW, None)
    assert (ticket.next_step, ticket.next_step_due_at) == (NextStep.CLARIFY, meeting.starts_at)
    assert (asked.due_at, asked.at_meeting, asked.owner) == (meeting.starts_at, True, None)
    assert (asked.asking_team, asked.asking_assignee) == (cast.service_desk, cast.kari)
    event = found["event"]
    assert (event.before["team_id"], event.after["team_id"]) == (cast.service_desk.pk, cast.triage.pk)
    assert event.reason == QUESTION


def test_a_meeting_that_is_called_off_is_none(cast):
    set_meeting(by=SETUP, starts_at=clock.now() + timedelta(days=1), called_off=True)
    held = set_meeting(by=SETUP, starts_at=clock.now() + timedelta(days=3))
    assert asked_of(cast).due_at == held.starts_at


def test_without_a_meeting_in_five_working_days_the_manager_of_the_day_has_it(cast):
    set_meeting(by=SETUP, starts_at=clock.now() + timedelta(days=30))
    day = {"starts_at": clock.now() - timedelta(hours=2), "ends_at": clock.now() + timedelta(hours=6)}
    set_on_call(by=SETUP, duty="triage", person=cast.liv, **day)
    asked = asked_of(cast)
    assert (asked.owner, asked.at_meeting) == (cast.liv, False)
    assert asked.due_at == add_days(clock.now(), 5, hours_of(cast.triage.pk))
    assert fresh(asked.ticket).assignee == cast.liv


def test_what_is_urgent_goes_to_the_manager_of_the_day_with_four_working_hours(cast):
    set_meeting(by=SETUP, starts_at=clock.now() + timedelta(hours=1))
    day = {"starts_at": clock.now() - timedelta(hours=2), "ends_at": clock.now() + timedelta(hours=6)}
    set_on_call(by=SETUP, duty="triage", person=cast.liv, **day)
    asked = asked_of(cast, urgent=True)
    assert (asked.owner, asked.due_at) == (cast.liv, add_minutes(clock.now(), 240, hours_of(cast.triage.pk)))
    assert (fresh(asked.ticket).assignee, fresh(asked.ticket).state) == (cast.liv, State.IN_PROGRESS)


def test_where_nobody_has_the_day_the_triage_teams_leader_has_it(cast):
    assert asked_of(cast, urgent=True).owner == cast.trine
    assert not clarifications.nobody_decides(clock.now())


def test_with_neither_it_is_known_that_nobody_decides(cast):
    cast.trine.grants.all().delete()
    assert clarifications.nobody_decides(clock.now())
    asked = asked_of(cast)
    assert (asked.owner, fresh(asked.ticket).next_step) == (None, NextStep.CLARIFY)
    set_meeting(by=SETUP, starts_at=clock.now() + timedelta(days=1))
    assert not clarifications.nobody_decides(clock.now())


@pytest.mark.parametrize("level", [1, 2])
def test_an_urgent_incident_stays_with_the_question_beside_it(cast, level):
    ticket = urgent_incident(cast)
    if level == 2:
        assess(cast, ticket, service=cast.printing, impact="organisation")
    before = fresh(ticket)
    assert before.priority == level
    set_meeting(by=SETUP, starts_at=clock.now() + timedelta(days=2))
    asked_of(cast, ticket)
    after = fresh(ticket)
    assert (after.team, after.assignee, after.state) == (cast.service_desk, cast.kari, State.IN_PROGRESS)
    assert (after.next_step, after.next_step_due_at) == (before.next_step, before.next_step_due_at), "work goes on"
    resolution.resolve(ticket=ticket, by=cast.kari, words=SOLUTION)
    assert Clarification.objects.filter(decision__isnull=True).count() == 1, "and the question stands"


def test_beside_an_incident_the_question_is_the_next_step_when_nothing_is_due_before_it(cast):
    ticket = urgent_incident(cast)
    set_meeting(by=SETUP, starts_at=clock.now() + timedelta(minutes=3))
    asked_of(cast, ticket)
    assert fresh(ticket).next_step == NextStep.CLARIFY


# What it means for the case meanwhile.


def test_the_requesters_are_told_and_are_owed_their_answer_still(cast):
    asked = asked_of(cast)
    message = Message.objects.get(kind=MessageKind.STATUS)
    assert (message.text, [row.person for row in message.recipients.all()]) == (TOLD, [cast.nora])
    assert owed(asked.ticket) == {"Nora Sykepleier"}
    assert fresh(asked.ticket).first_answered_at is None


def test_who_can_be_told_is_told(cast):
    ticket = in_state(cast, State.IN_PROGRESS)
    with nothing_happens(ticket), pytest.raises(Refused, match="får beskjed"):
        ask(ticket=ticket, by=cast.kari, question=QUESTION)
    phoned = cast.case(requesters=[cast.phone_only], mailbox=None)
    with nothing_happens(phoned), pytest.raises(Refused, match="får beskjed"):
        ask(ticket=phoned, by=cast.kari, question=QUESTION)
    ask(ticket=phoned, by=cast.kari, question=QUESTION, words="Vi spør lederne.")
    assert Call.objects.get(done_at=None).message.text == "Vi spør lederne."
    nobody = cast.case(requesters=[], mailbox=None)
    ask(ticket=nobody, by=cast.kari, question=QUESTION)
    assert not Message.objects.filter(ticket=nobody, kind=MessageKind.STATUS).exists()


def test_nobody_else_ends_it_or_sends_it_elsewhere_meanwhile(cast):
    ticket = asked_of(cast).ticket
    grant(by=SETUP, person=cast.kari, role=Role.AGENT, team=cast.triage)
    with nothing_happens(ticket):
        with pytest.raises(Refused, match="er spurt"):
            assignment.hand_over(ticket=ticket, by=cast.kari, team=cast.network, reason="Nett")
        with pytest.raises(Refused, match="er spurt"):
            resolution.resolve(ticket=ticket, by=cast.kari, words=SOLUTION)
        with pytest.raises(Refused, match="er spurt"):
            closure.close(ticket=ticket, by=cast.kari, reason=CloseReason.SPAM)
        with pytest.raises(Refused, match="er spurt"):
            merging.merge(ticket=ticket, by=cast.kari, into=cast.case())


def test_what_comes_meanwhile_does_not_hide_the_question(cast):
    set_meeting(by=SETUP, starts_at=clock.now() + timedelta(minutes=30))
    ticket = asked_of(cast).ticket
    arrivals.receive(ticket=ticket, by=MAIL, heard=Heard("Og?", "Nora"), person=cast.nora, received_at=clock.now())
    assert fresh(ticket).next_step == NextStep.CLARIFY
    assert fresh(ticket).new_message_at


def test_nobody_hands_a_case_over_without_a_question(cast):
    ticket = in_state(cast, State.IN_PROGRESS)
    with nothing_happens(ticket), pytest.raises(Refused, match="spørsmål"):
        assignment.hand_over(ticket=ticket, by=cast.kari, team=cast.triage, reason="Vet ikke")


@pytest.mark.parametrize("facts", [{"question": " "}, {"question": QUESTION, "words": " "}])
def test_a_question_says_something(cast, facts):
    ticket = in_state(cast, State.IN_PROGRESS)
    with nothing_happens(ticket), pytest.raises(Refused):
        ask(ticket=ticket, by=cast.kari, **({"words": TOLD} | facts))


def test_one_question_at_a_time(cast):
    asked = asked_of(cast)
    grant(by=SETUP, person=cast.kari, role=Role.AGENT, team=cast.triage)
    with pytest.raises(Refused, match="allerede"):
        asked_of(cast, asked.ticket)
    facts = Clarification.objects.filter(pk=asked.pk).values().get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Clarification.objects.create(**(facts | {"id": asked.pk + 1}))


def test_only_who_works_the_case_asks(cast):
    ticket = in_state(cast, State.IN_PROGRESS)
    with nothing_happens(ticket), pytest.raises(NotAllowed):
        ask(ticket=ticket, by=cast.nils, question=QUESTION, words=TOLD)


def test_what_is_done_is_not_asked_about_nor_where_there_is_nobody_to_ask(cast):
    ticket = in_state(cast, State.RESOLVED)
    with nothing_happens(ticket), pytest.raises(Refused):
        asked_of(cast, ticket)
    cast.triage.active = False
    cast.triage.save()
    with pytest.raises(Refused, match="ikke noe Trakta"):
        asked_of(cast)


# What they decide.


def test_only_a_triage_manager_decides(cast):
    asked = asked_of(cast)
    for person in (cast.kari, cast.trine):  # who leads the team does not decide for that
        with nothing_happens(asked.ticket), pytest.raises(NotAllowed):
            decide(clarification=asked, by=person, decision=Decision.ANSWERED, reason="Ja", words="Ja")


def test_back_with_an_answer_to_whoever_asked(cast, manager):
    asked = asked_of(cast)
    with one_event(asked.ticket, "clarification_decided", manager) as found:
        decide(
            clarification=asked, by=manager, decision=Decision.ANSWERED, reason="Ja, to stykker.", words="Det blir to."
        )
    ticket = fresh(asked.ticket)
    assert (ticket.team, ticket.assignee, ticket.state) == (cast.service_desk, cast.kari, State.IN_PROGRESS)
    assert ticket.next_step == NextStep.FOLLOW_UP
    assert (ticket.at_triage, ticket.clarify_due_at) == (False, None)
    asked.refresh_from_db()
    assert (asked.decision, asked.decided_by, asked.reason) == (Decision.ANSWERED, manager, "Ja, to stykker.")
    event = found["event"]
    assert (event.before["team_id"], event.after["team_id"]) == (cast.triage.pk, cast.service_desk.pk)
    assert Message.objects.filter(kind=MessageKind.STATUS, text="Det blir to.").count() == 1


def test_it_comes_back_to_the_team_where_whoever_had_it_works_there_no_more(cast, manager):
    asked = asked_of(cast)
    cast.kari.grants.all().delete()
    decide(clarification=asked, by=manager, decision=Decision.ANSWERED, reason="Ja", words="Ja")
    ticket = fresh(asked.ticket)
    assert (ticket.team, ticket.assignee, ticket.state) == (cast.service_desk, None, State.NEW)


def test_to_a_team(cast, manager):
    asked = asked_of(cast)
    with nothing_happens(asked.ticket), pytest.raises(Refused, match="Velg team"):
        decide(clarification=asked, by=manager, decision=Decision.TO_TEAM, reason="Deres", words="Nett tar den.")
    with nothing_happens(asked.ticket), pytest.raises(Refused, match="Velg team"):
        decide(
            clarification=asked, by=manager, decision=Decision.TO_TEAM, reason="x", words="x", team=cast.triage
        )  # fmt: skip
    with one_event(asked.ticket, "clarification_decided", manager):
        decide(
            clarification=asked, by=manager, decision=Decision.TO_TEAM, reason="x", words="Nett tar den.", team=cast.network
        )  # fmt: skip
    ticket = fresh(asked.ticket)
    assert (ticket.team, ticket.state, ticket.assignee, ticket.next_step) == (
        cast.network, State.NEW, None, NextStep.TAKE,
    )  # fmt: skip
    assert owed(ticket) == {"Nora Sykepleier"}, "the team owes the answer"


@pytest.mark.parametrize("decision", ENDS)
def test_these_end_the_case_with_the_words_to_the_requester(cast, manager, decision):
    asked = asked_of(cast)
    becomes = 7 if decision == Decision.IMPROVEMENT else None  # the room of improvements keeps it
    with nothing_happens(asked.ticket), pytest.raises(Refused, match="får beskjed"):
        decide(
            clarification=asked, by=manager, decision=decision, reason="Ledermøtet sier det.", improvement_id=becomes
        )
    facts = {"decision": decision, "reason": "Ledermøtet sier det.", "words": "Slik blir det."}
    decide(clarification=asked, by=manager, improvement_id=becomes, **facts)
    ticket = fresh(asked.ticket)
    assert (ticket.state, ticket.close_reason, ticket.closed_by) == (State.CLOSED, ENDS[decision], manager)
    assert (ticket.close_note, owed(ticket)) == ("Ledermøtet sier det.", set())
    assert [event.kind for event in events_of(ticket)][-2:] == ["clarification_decided", "ticket_closed"]
    assert Message.objects.get(kind=MessageKind.CLOSING).text == "Slik blir det."


def test_an_improvement_is_decided_with_the_improvement_that_it_becomes(cast, manager):
    asked = asked_of(cast)
    facts = {"decision": Decision.IMPROVEMENT, "reason": "Ja", "words": "Ja"}
    with nothing_happens(asked.ticket), pytest.raises(Refused, match="hvilken forbedring"):
        decide(clarification=asked, by=manager, **facts)


def test_a_question_is_decided_once(cast, manager):
    asked = asked_of(cast)
    facts = {"clarification": asked, "by": manager, "decision": Decision.ANSWERED, "words": "Ja"}
    with nothing_happens(asked.ticket), pytest.raises(Refused, match="hvorfor"):
        decide(**facts, reason=" ")
    decide(**facts, reason="Ja")
    with nothing_happens(asked.ticket), pytest.raises(Refused, match="allerede"):
        decide(**facts, reason="Nei")
    ask(ticket=asked.ticket, by=cast.kari, question="Og barsel?", words=TOLD)
    assert [one.pk for one in clarifications.of_case(asked.ticket) if one.decision] == [asked.pk]


def test_beside_an_incident_only_the_question_is_answered(cast, manager):
    ticket = urgent_incident(cast)
    asked = asked_of(cast, ticket)
    for decision in [Decision.TO_TEAM, *ENDS]:
        with nothing_happens(ticket), pytest.raises(Refused, match="arbeider med den"):
            decide(clarification=asked, by=manager, decision=decision, reason="x", words="x", team=cast.network)
    before = fresh(ticket)
    decide(clarification=asked, by=manager, decision=Decision.ANSWERED, reason="Kjøp reservedel", words="Vi kjøper.")
    after = fresh(ticket)
    assert (after.team, after.assignee, after.state, after.next_step) == (
        before.team, before.assignee, before.state, before.next_step,
    )  # fmt: skip


# Who sees it.


def test_the_agenda_is_in_order_of_due_and_holds_what_one_may_see(cast, manager):
    set_meeting(by=SETUP, starts_at=clock.now() + timedelta(days=2))
    first = asked_of(cast)
    urgent = asked_of(cast, urgent=True)
    hidden = in_state(cast, State.IN_PROGRESS)
    restrict(ticket=hidden, by=cast.kari, readers=[], reason="Personalsak")
    secret = asked_of(cast, hidden)
    assert list(clarifications.agenda(cast.nils)) == [urgent, first]
    assert list(clarifications.agenda(cast.trine)) == [urgent, first, secret], "who leads the team reads it"


def test_question_and_reason_can_be_removed_for_good(cast, manager):
    asked = asked_of(cast, question="Pasient Ola på rom 3?")
    decide(clarification=asked, by=manager, decision=Decision.ANSWERED, reason="Ola får det", words="Ja")
    asked.refresh_from_db()
    with pytest.raises(NotAllowed):
        redaction.redact_clarification(clarification=asked, by=cast.nils, reason="Pasientopplysninger")
    redaction.redact_clarification(clarification=asked, by=cast.kari, reason="Pasientopplysninger")
    asked.refresh_from_db()
    assert "Ola" not in asked.question + asked.reason
    assert asked.redacted_by == cast.kari
    assert not Event.objects.filter(reason__contains="Ola").exists()
    with pytest.raises(Refused):
        redaction.redact_clarification(clarification=asked, by=cast.kari, reason="En gang til")


def test_a_second_triage_team_is_not_asked(cast):
    add_team(by=SETUP, name="Trakta 2", kind="triage")
    assert asked_of(cast).triage == cast.triage


def test_an_alarm_goes_off_while_nobody_decides(cast):
    clockwork.watch_triage()
    assert not open_alarms().exists(), "Trakta has a leader"
    cast.trine.grants.all().delete()
    clockwork.watch_triage()
    clockwork.watch_triage()
    assert [alarm.kind for alarm in open_alarms()] == ["nobody_decides"]
    set_meeting(by=SETUP, starts_at=clock.now() + timedelta(days=1))
    clockwork.watch_triage()
    assert not open_alarms().exists()


# A challenge: none of the three types (M1).


def test_a_challenge_goes_on_with_a_type_that_the_decision_gives(cast):
    asked = ask(ticket=cast.case(), by=cast.kari, question=QUESTION, words="Vi spør.", challenge=True)
    grant(by=SETUP, person=cast.trine, role=Role.TRIAGE_MANAGER, team=cast.triage)
    facts = {"decision": Decision.ANSWERED, "reason": "Ja, bestill.", "words": "Vi bestiller."}
    with nothing_happens(asked.ticket), pytest.raises(Refused, match="hvilken sakstype"):
        decide(clarification=asked, by=cast.trine, **facts)
    decide(clarification=asked, by=cast.trine, type=TicketType.ORDER, **facts)
    ticket = fresh(asked.ticket)
    assert (ticket.type, ticket.assessed_by, ticket.priority, ticket.team) == (
        TicketType.ORDER,
        cast.trine,
        3,
        cast.service_desk,
    )


def test_what_has_a_type_is_no_challenge(cast):
    ticket = in_state(cast, State.IN_PROGRESS)
    asked = ask(ticket=ticket, by=cast.kari, question=QUESTION, words="Vi spør.", challenge=True)
    assert not asked.challenge


# To the next meeting.


def meetings(*days: float) -> list:
    return [set_meeting(by=SETUP, starts_at=clock.now() + timedelta(days=one)) for one in days]


def test_it_is_moved_to_the_next_meeting_with_a_reason_and_the_requester_hears_the_new_day(cast, manager):
    first, second = meetings(1, 8)
    asked = asked_of(cast)
    assert asked.due_at == first.starts_at
    with one_event(asked.ticket, "clarification_postponed", manager) as found:
        postpone(clarification=asked, by=manager, reason="Økonomi mangler", words="De trenger en uke til.")
    ticket = fresh(asked.ticket)
    assert (ticket.next_step, ticket.next_step_due_at, ticket.postponed_count) == (
        NextStep.CLARIFY,
        second.starts_at,
        1,
    )
    assert found["event"].reason == "Økonomi mangler"
    assert Message.objects.get(pk=found["event"].after["message_id"]).kind == MessageKind.STATUS
    assert owed(ticket) == {"Nora Sykepleier"}


@pytest.mark.parametrize(("facts", "why"), [({"reason": " "}, "hvorfor"), ({"words": ""}, "Innmelder")])
def test_it_is_not_moved_without_a_reason_or_in_silence(cast, manager, facts, why):
    meetings(1, 8)
    asked = asked_of(cast)
    with nothing_happens(asked.ticket), pytest.raises(Refused, match=why):
        postpone(clarification=asked, by=manager, **({"reason": "Økonomi", "words": "Uke til."} | facts))


def test_what_is_urgent_and_what_has_no_later_meeting_is_not_moved(cast, manager):
    meetings(1)
    last = asked_of(cast)
    urgent = asked_of(cast, urgent=True)
    for asked in (last, urgent):
        with nothing_happens(asked.ticket), pytest.raises(Refused, match="vente"):
            postpone(clarification=asked, by=manager, reason="Økonomi", words="Uke til.")
    with nothing_happens(last.ticket), pytest.raises(NotAllowed):
        postpone(clarification=last, by=cast.kari, reason="Økonomi", words="Uke til.")


def test_moved_past_two_meetings_it_is_untreated_twice(cast, manager):
    meetings(1, 2, 3)
    asked = asked_of(cast)
    postpone(clarification=asked, by=manager, reason="Økonomi", words="Senere.")
    assert clockwork.escalate_untreated() == 0
    postpone(clarification=asked, by=manager, reason="Økonomi", words="Senere igjen.")
    assert clockwork.escalate_untreated() == 1


def test_moved_once_it_is_untreated_at_that_meeting_too(cast, manager):
    _first, second, _third = meetings(1, 2, 3)
    asked = asked_of(cast)
    postpone(clarification=asked, by=manager, reason="Økonomi", words="Senere.")
    with clock.at(second.starts_at + timedelta(minutes=90)):
        assert clockwork.escalate_untreated() == 1
