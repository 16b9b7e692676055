"""Was, or could, a patient have been harmed? The deviation is reported, or it is said why not, before the case is done; by every door."""

from __future__ import annotations

import pytest

from saksgang.events.models import Event
from saksgang.tickets import majors
from saksgang.tickets.actions import assessment, closure, redaction, resolution
from saksgang.tickets.actions.major import incident
from saksgang.tickets.actions.major.membership import join
from saksgang.tickets.actions.ties.merging import merge
from saksgang.tickets.kinds import CloseReason, State, StaysOpen, Told
from saksgang.tickets.policies import Refused
from tests.tickets.steps import SOLUTION, assess, fresh

HARMED = {"patient_harm": Told.YES, "harm_again": Told.NO}


def solve(cast, ticket):
    return resolution.resolve(ticket=ticket, by=cast.kari, words=SOLUTION)


@pytest.mark.parametrize("report", [{"deviation_number": "2026/117"}, {"deviation_reason": "Meldt av posten selv"}])
def test_it_is_solved_when_the_deviation_is_reported_or_somebody_says_why_not(cast, report):
    ticket = assess(cast, cast.case(), **HARMED)
    with pytest.raises(Refused, match="avvik"):
        solve(cast, ticket)
    assert solve(cast, assess(cast, ticket, **HARMED, **report)).state == State.RESOLVED


def test_other_answers_ask_for_nothing(cast):
    for answer in (Told.NO, Told.UNKNOWN, None):
        assert solve(cast, assess(cast, cast.case(), patient_harm=answer)).state == State.RESOLVED


def test_it_is_asked_of_faults_only(cast):
    ticket = assess(cast, cast.case(), type="ORDER", consequence=None, **HARMED)
    assert (ticket.patient_harm, ticket.harm_again) == (None, None)


def test_what_can_happen_again_is_priority_1_and_says_so(cast):
    again = assess(cast, cast.case(), patient_harm=Told.YES, harm_again=Told.YES)
    assert (again.priority, again.priority_steps[-1]) == (1, ["harm", 1])
    assert assess(cast, again, patient_harm=Told.YES, harm_again=Told.UNKNOWN).priority == 4
    assert assess(cast, again, patient_harm=Told.NO, harm_again=Told.YES).priority == 4


def test_it_is_closed_with_no_other_reason_either_unless_nothing_happened(cast):
    ticket = assess(cast, cast.case(), **HARMED)
    for reason in (CloseReason.ANSWERED_ORALLY, CloseReason.WITHDRAWN, CloseReason.UNREACHABLE):
        with pytest.raises(Refused, match="avvik"):
            closure.close(ticket=ticket, by=cast.kari, reason=reason, note="Snakket med posten", words="Vi avslutter.")
    with pytest.raises(Refused, match="avvik"):
        merge(ticket=ticket, into=cast.case(), by=cast.kari)
    assert fresh(ticket).open
    assert closure.close(ticket=ticket, by=cast.kari, reason=CloseReason.MISTAKE).state == State.CLOSED


def test_a_fault_of_many_leaves_it_open_until_it_is_reported(cast):
    facts = {"service": cast.dips, "impact": "departments", "consequence": "stops"}
    major = incident.start(by=cast.kari, title="DIPS er nede", **facts)
    harmed, other = assess(cast, cast.case(), **HARMED), cast.case(requesters=[cast.dag])
    for ticket in (harmed, other):
        join(ticket=ticket, by=cast.kari, major=major)
    assert majors.stay_open(major) == {harmed.pk: StaysOpen.NOT_REPORTED}
    done = incident.solve(major=major, by=cast.kari, words=SOLUTION)
    assert (done.solved, fresh(harmed).open, fresh(other).state) == ([other.pk], 1, State.RESOLVED)


def test_what_is_known_of_the_deviation_stays_where_nothing_newer_is_said(cast):
    ticket = assess(cast, cast.case(), **HARMED, deviation_number="A-1")
    assert assess(cast, ticket, **HARMED).deviation_number == "A-1"
    told = Event.objects.filter(kind="ticket_assessed", ticket_id=ticket.pk).order_by("pk").first()
    assert (told.after["patient_harm"], told.after["deviation_number"]) == ("yes", "A-1")


def test_a_number_is_no_sentence(cast):
    for written in ("Ola Nordmann falt", "rom4 seng2", "uten"):
        with pytest.raises(Refused, match="nummer"):
            assess(cast, cast.case(), **HARMED, deviation_number=written)


def test_taking_back_gives_back_the_answer(cast):
    ticket = assess(cast, cast.case(), patient_harm=Told.NO)
    ticket = assess(cast, ticket, patient_harm=Told.YES, harm_again=Told.YES)
    ticket = assessment.take_back(ticket=ticket, by=cast.kari)
    assert (ticket.patient_harm, ticket.harm_again, ticket.priority) == (Told.NO, None, 4)


def test_the_reason_can_be_taken_out_once_and_the_case_stays_reported(cast):
    ticket = assess(cast, cast.case(), **HARMED, deviation_reason="Pasienten Kari i seng 2 ble ikke skadet")
    redaction.redact_deviation(ticket=ticket, by=cast.kari, reason="Pasientopplysninger")
    after = fresh(ticket)
    assert (after.deviation_reason, after.deviation_redacted_by) == (redaction.TOMBSTONE, cast.kari)
    assert "Kari i seng" not in str(list(Event.objects.values_list("reason", "before", "after")))
    with pytest.raises(Refused):
        redaction.redact_deviation(ticket=ticket, by=cast.kari, reason="En gang til")
    assert solve(cast, after).state == State.RESOLVED
