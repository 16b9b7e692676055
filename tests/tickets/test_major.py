"""One fault that many report (clause P5): started, joined, told of, solved for all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from saksgang.access.queries import NotAllowed
from saksgang.catalogue.models import Disruption
from saksgang.events.alarms import open_alarms
from saksgang.events.models import Delivery, Event
from saksgang.lib import clock
from saksgang.people.actions import add_person
from saksgang.people.models import Person
from saksgang.tickets import majors
from saksgang.tickets.actions import answering, arrivals, assessment, redaction, resolution, waiting
from saksgang.tickets.actions.clarification import ask
from saksgang.tickets.actions.core import lock, store
from saksgang.tickets.actions.major import downtime, incident
from saksgang.tickets.actions.major.membership import join, leave
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.actions.restriction import restrict
from saksgang.tickets.actions.ties.sub_cases import open_sub_case
from saksgang.tickets.actions.unattended import clockwork
from saksgang.tickets.kinds import MajorState, MessageKind, NextStep, State, StaysOpen
from saksgang.tickets.models import Call, MajorIncident, MajorMember, Message, MessageRecipient, Ticket
from saksgang.tickets.policies import Refused
from tests.cast import SETUP
from tests.tickets.steps import (
    MAIL,
    assess,
    assess_as,
    events_of,
    fresh,
    in_state,
    kind_of_case,
    one_event,
    owed,
    reply,
)

UPDATE = "Vi har funnet feilen og bytter en svitsj. Nytt innen kl. 11."
MENDED = "Svitsjen er byttet, og alle skal ha nett igjen."
LENT = ("type", "service_id", "category_id", "impact", "consequence", "priority", "priority_steps", "assessed_at")


def started(cast, **facts) -> MajorIncident:
    """Network down in some departments: important and the work stops, so priority 2."""
    known = {
        "title": "Nettet er nede på øya",
        "service": cast.telephony,
        "impact": "departments",
        "consequence": "stops",
    }
    return incident.start(by=cast.nils, **(known | facts))


def facts_of(ticket: Ticket) -> list:
    return [getattr(fresh(ticket), name) for name in LENT]


def told(ticket: Ticket) -> list[str]:
    """What its requesters were told by mail, beside receipts."""
    rows = MessageRecipient.objects.filter(message__ticket=ticket, message__kind=MessageKind.STATUS).order_by("pk")
    return list(rows.values_list("message__text", flat=True))


# Starting and joining.


def test_a_fault_is_started_with_what_its_cases_shall_have(cast):
    fault = started(cast)
    assert (fault.state, fault.team, fault.owner) == (MajorState.OPEN, cast.network, cast.nils)
    event = Event.objects.get(kind="major_started")
    assert (event.subject_kind, event.subject_id, event.ticket_id) == ("majorincident", fault.pk, None)


@pytest.mark.parametrize("lacks", ["title", "category"])
def test_a_fault_has_a_title_and_no_kind_that_demands_proof(cast, lacks):
    kind = kind_of_case(cast, service=cast.telephony)
    wrong = {"title": {"title": "  "}, "category": {"category": kind}}[lacks]
    with pytest.raises(Refused):
        started(cast, **wrong)
    assert not MajorIncident.objects.exists()


def test_a_case_that_nobody_has_assessed_has_the_faults_facts_and_its_priority_by_the_ordinary_rules(cast):
    fault, ticket = started(cast), cast.case()
    with one_event(ticket, "major_joined", cast.kari) as found:
        join(ticket=ticket, by=cast.kari, major=fault)
    ticket = fresh(ticket)
    assert (ticket.type, ticket.service, ticket.impact, ticket.consequence) == (
        "INCIDENT", cast.telephony, "departments", "stops",
    )  # fmt: skip
    assert (ticket.priority, ticket.facts_lent, ticket.assessed_by) == (2, True, cast.kari)
    assert ticket.next_step == NextStep.TAKE
    assert (found["event"].before["major_id"], found["event"].after["major_id"]) == (None, fault.pk)


def test_a_case_that_was_assessed_by_itself_keeps_its_facts(cast):
    fault, ticket = started(cast), assess(cast, cast.case())
    before = facts_of(ticket)
    join(ticket=ticket, by=cast.kari, major=fault)
    assert facts_of(ticket) == before
    leave(ticket=ticket, by=cast.kari)
    assert facts_of(ticket) == before


def test_something_else_is_taken_out_with_its_claim_whole_and_what_it_had(cast):
    fault, ticket = started(cast), cast.case()
    before, claim = facts_of(ticket), owed(ticket)
    join(ticket=ticket, by=cast.kari, major=fault)
    with one_event(ticket, "major_left", cast.kari):
        leave(ticket=ticket, by=cast.kari, reason="Gjelder en skriver")
    ticket = fresh(ticket)
    assert (facts_of(ticket), owed(ticket), ticket.major) == (before, claim, None)
    assert (ticket.answers_owed, ticket.next_step) == (1, NextStep.ASSESS)


def test_what_was_assessed_meanwhile_is_the_cases_own(cast):
    fault, ticket = started(cast), cast.case()
    join(ticket=ticket, by=cast.kari, major=fault)
    assess(cast, ticket)
    assert not fresh(ticket).facts_lent
    leave(ticket=ticket, by=cast.kari)
    assert fresh(ticket).service == cast.printing


def test_an_assessment_taken_back_lends_them_again(cast):
    fault, ticket = started(cast), cast.case()
    before = facts_of(ticket)
    join(ticket=ticket, by=cast.kari, major=fault)
    lent = facts_of(ticket)
    assess(cast, ticket)
    assessment.take_back(ticket=ticket, by=cast.kari)
    assert facts_of(ticket) == lent
    leave(ticket=ticket, by=cast.kari)
    assert facts_of(ticket) == before


def test_a_case_hangs_under_one_fault_only(cast):
    fault, ticket = started(cast), cast.case()
    join(ticket=ticket, by=cast.kari, major=fault)
    for one in (fault, started(cast, title="En annen")):
        with pytest.raises(Refused):
            join(ticket=ticket, by=cast.kari, major=one)
    with pytest.raises(IntegrityError), transaction.atomic():
        MajorMember.objects.create(major=fault, ticket=ticket, joined_at=clock.now(), joined_by=cast.kari)


def test_a_sub_case_joins_nothing_since_it_owes_nobody_outside(cast):
    part = open_sub_case(ticket=cast.case(), by=cast.kari, team=cast.network, subject="Svitsjen", words="Bytt den.")
    with pytest.raises(Refused):
        join(ticket=part, by=cast.kari, major=started(cast))


@pytest.mark.parametrize("which", ["restricted", "solved case", "solved fault"])
def test_what_is_over_or_restricted_joins_nothing(cast, which):
    fault, ticket = started(cast), in_state(cast, State.IN_PROGRESS)
    if which == "restricted":
        restrict(ticket=ticket, by=cast.kari, readers=[], reason="Personalsak")
    elif which == "solved case":
        resolution.resolve(ticket=ticket, by=cast.kari, words=MENDED)
    else:
        incident.solve(major=fault, by=cast.nils, words=MENDED)
    with pytest.raises(Refused):
        join(ticket=ticket, by=cast.kari, major=fault)
    assert fresh(ticket).major is None


def test_a_case_that_is_restricted_leaves_the_fault_in_the_same_step(cast):
    fault, ticket = started(cast), cast.case()
    join(ticket=ticket, by=cast.kari, major=fault)
    with one_event(ticket, "ticket_restricted", cast.kari):
        restrict(ticket=ticket, by=cast.kari, readers=[], reason="Personalsak")
    assert (fresh(ticket).major, fresh(ticket).type) == (None, None)
    incident.update(major=fault, by=cast.nils, words=UPDATE)
    assert UPDATE not in told(ticket)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(major=fault)


def test_any_agent_ties_a_case_and_only_the_faults_team_tells_and_solves(cast):
    fault, ticket = started(cast), cast.case()
    with pytest.raises(NotAllowed):
        join(ticket=ticket, by=cast.nora, major=fault)
    join(ticket=ticket, by=cast.kari, major=fault)
    for act in (incident.update, incident.solve):
        with pytest.raises(NotAllowed):
            act(major=fault, by=cast.kari, words=MENDED)


# Telling.


def test_an_update_goes_to_everybody_and_answers_nothing(cast):
    fault = started(cast)
    tickets = [cast.case(), cast.case(requesters=[cast.dag, cast.nora])]
    for ticket in tickets:
        join(ticket=ticket, by=cast.kari, major=fault)
    claims = [owed(ticket) for ticket in tickets]
    incident.update(major=fault, by=cast.nils, words=UPDATE)
    assert [told(ticket).count(UPDATE) for ticket in tickets] == [1, 2]
    assert [owed(ticket) for ticket in tickets] == claims
    for ticket in tickets:
        event = events_of(ticket)[-1]
        assert (event.kind, event.after["bulk"]) == ("major_update_told", True)
        assert Delivery.objects.filter(event=event, follower="outbound").count() == 1
        assert fresh(ticket).last_word_at == Message.objects.get(pk=event.after["message_id"]).at


def test_what_is_stored_for_all_is_what_each_would_have_been(cast):
    """`store_told` derives in a few statements what `store` derives for one."""
    fault = started(cast)
    order = in_state(cast, State.IN_PROGRESS, requesters=[cast.dag])
    assess(cast, order, type="ORDER", consequence=None)
    waiting.promise(ticket=order, by=cast.kari, promised_by=clock.now() + timedelta(days=40), words="Den kommer.")
    join(ticket=order, by=cast.kari, major=fault)
    with clock.at(clock.now() + timedelta(days=3)):
        incident.update(major=fault, by=cast.nils, words=UPDATE)
        derived = fresh(order)
        with transaction.atomic():
            store(lock(order), "ticket_raised", by=MAIL)
    again = fresh(order)
    assert again.lock_version == derived.lock_version + 1
    assert (again.next_step, again.next_step_due_at) == (derived.next_step, derived.next_step_due_at)


def test_each_reads_it_in_their_language(cast):
    Person.objects.filter(pk=cast.dag.pk).update(language="en")
    fault = started(cast)
    alone, both = cast.case(requesters=[cast.dag]), cast.case(requesters=[cast.nora, cast.dag])
    for ticket in (alone, both):
        join(ticket=ticket, by=cast.kari, major=fault)
    assert "We know of this fault" in told(alone)[0]
    incident.update(major=fault, by=cast.nils, words=UPDATE, words_en="A switch is being replaced.")
    assert told(alone)[-1] == "A switch is being replaced."
    assert told(both)[-1] == f"{UPDATE}\n\nA switch is being replaced."


def test_whoever_reports_later_gets_the_newest_update_or_where_it_stands(cast):
    fault, first, later = started(cast), cast.case(), cast.case()
    join(ticket=first, by=cast.kari, major=fault)
    assert "Nettet er nede på øya" in told(first)[0]
    incident.update(major=fault, by=cast.nils, words="Første")
    incident.update(major=fault, by=cast.nils, words=UPDATE)
    join(ticket=later, by=cast.kari, major=fault)
    assert told(later) == [UPDATE]


def test_nobody_is_told_the_same_twice_by_going_in_and_out(cast):
    fault, ticket = started(cast), cast.case()
    join(ticket=ticket, by=cast.kari, major=fault)
    incident.update(major=fault, by=cast.nils, words="Første")
    leave(ticket=ticket, by=cast.kari)
    join(ticket=ticket, by=cast.kari, major=fault)
    assert told(ticket).count("Første") == 1
    leave(ticket=ticket, by=cast.kari)
    incident.update(major=fault, by=cast.nils, words=UPDATE)
    assert UPDATE not in told(ticket)
    join(ticket=ticket, by=cast.kari, major=fault)
    assert told(ticket).count(UPDATE) == 1


def test_a_secret_is_told_to_nobody(cast):
    fault, ticket = started(cast), cast.case()
    join(ticket=ticket, by=cast.kari, major=fault)
    with pytest.raises(Refused):
        incident.update(major=fault, by=cast.nils, words="Passordet er: Sommer2026!")
    assert not fault.updates.exists()


# Solving.


def test_its_solution_answers_each_and_resolves_it_with_its_facts(cast):
    fault = started(cast)
    never, own = cast.case(), assess(cast, cast.case(requesters=[cast.dag]))
    assess(cast, own, impact="unknown", consequence="unknown")
    for ticket in (never, own):
        join(ticket=ticket, by=cast.kari, major=fault)
    done = incident.solve(major=fault, by=cast.nils, words=MENDED)
    assert (sorted(done.solved), done.stays_open) == ([never.pk, own.pk], {})
    for ticket, person in ((never, cast.nora), (own, cast.dag)):
        ticket = fresh(ticket)
        assert (ticket.state, ticket.resolution, ticket.answers_owed) == (State.RESOLVED, MENDED, 0)
        recipient = MessageRecipient.objects.get(message__ticket=ticket, message__kind=MessageKind.SOLUTION)
        assert (recipient.person, recipient.cleared_answer) == (person, True)
    assert fresh(own).service == cast.printing, "what it said of itself stays"
    fault.refresh_from_db()
    assert (fault.state, fault.resolution, fault.solved_by) == (MajorState.SOLVED, MENDED, cast.nils)
    with pytest.raises(Refused):
        incident.solve(major=fault, by=cast.nils, words=MENDED)


def stays(cast, why: str) -> Ticket:
    """A case under a fault that a solution for all does not answer."""
    if why == StaysOpen.NO_ADDRESS:
        return cast.case(requesters=[cast.phone_only])
    ticket = cast.case()
    if why == StaysOpen.WHO_ASKS:
        return assess_as(cast, ticket, kind_of_case(cast))
    if why == StaysOpen.PARTS:
        open_sub_case(ticket=ticket, by=cast.kari, team=cast.network, subject="Svitsjen", words="Bytt svitsjen.")
    elif why == StaysOpen.AT_TRIAGE:
        ask(ticket=ticket, by=cast.kari, question="Skal vi?", words="Vi spør.")
    else:
        arrivals.receive(
            ticket=ticket, by=MAIL, heard=Heard("Og skriveren?", "Nora"), person=cast.nora, received_at=clock.now()
        )
    return fresh(ticket)


@pytest.mark.parametrize("why", [one for one in StaysOpen if one != StaysOpen.NOT_REPORTED])  # test_patient.py
def test_what_the_solution_does_not_answer_stays_open_with_its_claim_and_a_next_step(cast, why):
    fault, ticket, other = started(cast), stays(cast, why), cast.case()
    for one in (ticket, other):
        join(ticket=one, by=cast.kari, major=fault)
    assert majors.stay_open(fault) == {ticket.pk: why}
    claim = owed(ticket)
    done = incident.solve(major=fault, by=cast.nils, words=MENDED)
    assert done == ([other.pk], {ticket.pk: why})
    ticket = fresh(ticket)
    assert (ticket.open, owed(ticket), ticket.major) == (1, claim, fault)
    assert events_of(ticket)[-1].after["stays_open"] == why
    if why == StaysOpen.NO_ADDRESS:
        assert Call.objects.filter(message__ticket=ticket, message__text=MENDED, done_at__isnull=True).count() == 1
        assert (ticket.next_step, ticket.ends_as) == (NextStep.CALL, "RESOLVED")
        answering.log_conversation(ticket=ticket, by=cast.kari, words="Fortalt.", mailed=False)
        ticket = fresh(ticket)
        assert (ticket.state, ticket.resolution, owed(ticket)) == (State.RESOLVED, MENDED, set())
    else:
        assert ticket.next_step in (NextStep.FOLLOW_UP, NextStep.CLARIFY)


def test_a_message_that_was_read_holds_up_nothing(cast):
    fault, ticket = started(cast), stays(cast, StaysOpen.NEW_MESSAGE)
    join(ticket=ticket, by=cast.kari, major=fault)
    assert incident.solve(major=fault, by=cast.nils, words=MENDED, also=[ticket.pk]).solved == [ticket.pk]


def test_one_that_still_does_not_work_reopens_that_one_only(cast):
    fault, tickets = started(cast), [cast.case(), cast.case(requesters=[cast.dag])]
    for ticket in tickets:
        join(ticket=ticket, by=cast.kari, major=fault)
    incident.solve(major=fault, by=cast.nils, words=MENDED)
    arrivals.receive(
        ticket=tickets[1],
        by=MAIL,
        heard=Heard("Virker fortsatt ikke.", "Dag"),
        person=cast.dag,
        received_at=clock.now(),
    )
    assert [fresh(ticket).open for ticket in tickets] == [0, 1]
    again = started(cast, title="Nede igjen")
    join(ticket=tickets[1], by=cast.kari, major=again)
    assert fresh(tickets[1]).major == again


def test_other_facts_follow_in_the_cases_that_have_them_from_there(cast):
    fault, lent, own = started(cast), cast.case(), assess(cast, cast.case())
    for ticket in (lent, own):
        join(ticket=ticket, by=cast.kari, major=fault)
    incident.change(major=fault, by=cast.nils, impact="organisation", consequence="stops", owner=cast.nils)
    assert (fresh(lent).priority, fresh(own).priority) == (1, 4)
    with pytest.raises(Refused):
        incident.change(major=fault, by=cast.nils, impact="organisation", consequence="stops", owner=cast.nils)


# Which fault a case may be about.


def test_a_case_is_offered_the_faults_of_its_service_or_its_place(cast):
    now = clock.now()
    here = started(cast, title="Her", service=cast.dips, department=cast.ward)
    service = started(cast, title="Tjenesten")
    started(cast, title="Planlagt", began_at=now + timedelta(days=1))
    assert majors.matching(cast.case(), now) == [here]
    assert majors.matching(assess(cast, cast.case(requesters=[cast.dag]), service=cast.telephony), now) == [service]
    old = cast.case(received_at=now - timedelta(days=2))
    assert majors.matching(old, now) == []


# Downtime.


def planned(cast, **when):
    facts = {"kind": Disruption.PLANNED, "words": "Telefonene oppgraderes", "service": cast.telephony}
    return downtime.announce(by=cast.nils, **(facts | when))


def test_planned_downtime_is_a_fault_that_is_known_beforehand(cast):
    now = clock.now()
    announcement = planned(cast, starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=3))
    fault = MajorIncident.objects.get(announcement=announcement)
    assert (fault.title, fault.team, majors.going_on(now)) == ("Telefonene oppgraderes", cast.network, [])
    with clock.at(now + timedelta(hours=2)):
        ticket = cast.case()
        assert majors.going_on(clock.now()) == [fault]
        join(ticket=ticket, by=cast.kari, major=fault)
        clockwork.watch_downtime()
        assert (fresh(ticket).priority, open_alarms().count()) == (3, 0)
    with clock.at(now + timedelta(hours=3, minutes=1)):
        assert majors.to_confirm(clock.now()) == [fault]
        clockwork.watch_downtime()
        assert not open_alarms()
    with clock.at(now + timedelta(hours=3, minutes=31)):
        clockwork.watch_downtime()
        assert [(one.kind, one.key) for one in open_alarms()] == [("not_confirmed_up", str(fault.pk))]
        incident.solve(major=fault, by=cast.nils, words="Alt er oppe igjen.")
        clockwork.watch_downtime()
        assert not open_alarms()
        assert fresh(ticket).state == State.RESOLVED


def test_what_is_called_off_leaves_nothing_to_confirm(cast):
    now = clock.now()
    announcement = planned(cast, starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=3))
    downtime.end(by=cast.nils, announcement=announcement)
    assert MajorIncident.objects.get().state == MajorState.SOLVED


def test_a_fault_that_is_solved_ends_its_outage(cast):
    outage = downtime.announce(by=cast.nils, kind=Disruption.OUTAGE, words="Nede", service=cast.telephony)
    assert not MajorIncident.objects.exists(), "an outage becomes one by a press"
    fault = started(cast, announcement=outage)
    incident.solve(major=fault, by=cast.nils, words=MENDED)
    outage.refresh_from_db()
    assert outage.ends_at is not None


def test_four_hundred_cases_of_which_three_hundred_were_never_assessed_are_solved_in_one_action(cast):
    fault, cases = started(cast), {}
    for nth in range(400):
        person = add_person(by=SETUP, name=f"Ansatt {nth}", addresses=(f"ansatt{nth}@sykehus.example",))
        ticket = cast.case(requesters=[person])
        cases[ticket.pk] = person
        if nth >= 300:
            assess(cast, ticket)
        join(ticket=ticket, by=cast.kari, major=fault)
    assert incident.solve(major=fault, by=cast.nils, words=MENDED) == (sorted(cases), {})
    assert not Ticket.objects.exclude(state=State.RESOLVED, answers_owed=0).exists()
    solutions = MessageRecipient.objects.filter(message__kind=MessageKind.SOLUTION, cleared_answer=True)
    told = solutions.filter(owed_since__isnull=False).values_list("message__ticket", "person")
    assert sorted(told) == sorted((pk, person.pk) for pk, person in cases.items())
    one = fresh(Ticket(pk=min(cases)))
    reply(cast, one, person=cases[one.pk], words="Virker fortsatt ikke.")
    assert list(Ticket.objects.filter(open=1)) == [one]


def test_what_was_told_can_be_removed_everywhere(cast):
    fault, ticket = started(cast), cast.case()
    join(ticket=ticket, by=cast.kari, major=fault)
    said = incident.update(major=fault, by=cast.nils, words=UPDATE)
    redaction.redact_update(update=said, by=cast.nils, reason="Et navn sto der")
    redaction.redact_major(major=fault, by=cast.nils, reason="Et navn sto der")
    said.refresh_from_db()
    fault.refresh_from_db()
    assert UPDATE not in [said.words, *ticket.messages.values_list("text", flat=True)]
    assert fault.title == redaction.TOMBSTONE
