"""The question on a patient's harm as it is asked: lightly of most faults, always of a medical device, and again when solving."""

from __future__ import annotations

from saksgang.catalogue.models import Service
from saksgang.tickets.kinds import Told
from tests.console.case.help import browser, page, send
from tests.tickets.steps import SOLUTION, assess, fresh

REPORT = "Report the deviation where deviations are reported. Do not write about the patient here."
NEAR = "Answer whether a patient was or could have been harmed."


def answers(cast, **other):
    known = {"type": "INCIDENT", "service": str(cast.printing.pk), "impact": "individuals", "consequence": "stops"}
    return known | {"time_critical": "no", "danger": "no"} | other


def test_most_faults_are_assessed_without_an_answer(cast):
    ticket = cast.case()
    send(browser(cast.kari), "ticket_assessment", ticket, **answers(cast))
    assert (fresh(ticket).priority, fresh(ticket).patient_harm) == (4, None)


def test_where_somebody_is_in_danger_it_holds_nobody_up(cast):
    ticket = cast.case()
    danger = answers(cast, danger="yes", danger_note="Noen kan falle")
    send(browser(cast.kari), "ticket_assessment", ticket, **danger)
    assert (fresh(ticket).priority, fresh(ticket).patient_harm) == (1, None)


def test_of_a_medical_device_it_is_answered(cast):
    ticket, client = cast.case(), browser(cast.kari)
    Service.objects.filter(pk=cast.printing.pk).update(medical_device=True)
    assert NEAR in send(client, "ticket_assessment", ticket, status=422, **answers(cast))
    assert NEAR not in send(client, "ticket_assessment", ticket, **answers(cast, type="ORDER"))
    send(client, "ticket_assessment", ticket, **answers(cast, patient_harm="unknown"))
    assert fresh(ticket).patient_harm == Told.UNKNOWN


def test_everything_that_is_wrong_is_said_at_once(cast):
    wrong = answers(cast, patient_harm="yes", deviation_number="Ola falt ut", time_critical="yes", consequence="")
    html = send(browser(cast.kari), "ticket_assessment", cast.case(), status=422, **wrong)
    for words in (
        "Answer whether it can happen again.",
        "Write the number of the deviation alone",
        "Say when it is needed.",
        "Choose what the fault does to the work.",
    ):
        assert words in html


def test_the_case_says_that_the_deviation_must_be_reported_and_solving_asks_for_it(cast):
    ticket, client = assess(cast, cast.case(), patient_harm=Told.YES, harm_again=Told.NO), browser(cast.kari)
    html = page(client, ticket)
    assert 'id="to-report"' in html
    assert html.count(REPORT) == 2, "over the case, and where it is solved"
    assert "why none is reported" in send(client, "ticket_resolution", ticket, status=422, words=SOLUTION)
    send(client, "ticket_resolution", ticket, words=SOLUTION, deviation_number="2026/117")
    after = fresh(ticket)
    assert (after.state, after.deviation_number) == ("RESOLVED", "2026/117")
    html = page(client, ticket)
    assert 'id="to-report"' not in html
    assert "2026/117" in html
