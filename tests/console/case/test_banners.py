"""The head of a case says when no receipt went out, and why, until somebody has answered."""

from __future__ import annotations

from saksgang.catalogue.models import Service
from saksgang.people.actions import add_team
from saksgang.tickets.actions import answering
from tests.console.case.help import address, browser, page, send
from tests.console.case.test_ticket import ledger
from tests.tickets.steps import assess

WHY = "This address has had several within the hour. It is sent when an hour has passed."


def test_no_receipt_is_said_until_somebody_has_answered(cast):
    ticket = cast.case()
    assert WHY not in page(browser(cast.kari), ticket)
    ledger(cast, ticket, reasons=[["sender", "person"], ["acknowledgement", "enough_for_this_address"]])
    html = page(browser(cast.kari), ticket)
    assert f"{WHY} The requester has not heard from us yet." in html
    answering.answer(ticket=ticket, by=cast.kari, words="Vi ser på det.")
    assert "has not heard from us yet" not in page(browser(cast.kari), ticket)


def test_a_case_of_a_medical_device_says_what_nobody_does_to_it(cast):
    medical, client = add_team(by=cast.kari, name="Medisinsk teknologi"), browser(cast.kari)
    ticket = assess(cast, cast.case(), service=cast.dips)
    assert "Medical device" not in page(client, ticket)
    Service.objects.filter(pk=cast.dips.pk).update(medical_device=True, owner_team=medical)
    words = "Medical device. Do not restart, update or take it over without an agreement with Medisinsk teknologi."
    html = page(client, ticket)
    assert html.count(words) == 2, "over the case, and in the box where one answers"
    assert "Hand over to Medisinsk teknologi" in html
    send(client, "ticket_handover", ticket, team=str(medical.pk), reason="Medisinsk utstyr")
    html = page(client, ticket)
    assert words in html
    assert "Hand over to Medisinsk teknologi" not in html, "it is there"


def test_the_answers_so_far_say_that_it_is_a_medical_device(cast):
    ticket, client = cast.case(), browser(cast.kari)
    asked = {"service": str(cast.dips.pk)}
    assert "Medical device" not in client.get(address("ticket_assessment_result", ticket), asked).content.decode()
    Service.objects.filter(pk=cast.dips.pk).update(medical_device=True, owner_team=cast.network)
    told = client.get(address("ticket_assessment_result", ticket), asked).content.decode()
    assert "Medical device. Do not restart" in told
    assert "Nettverk owns this service." in told
