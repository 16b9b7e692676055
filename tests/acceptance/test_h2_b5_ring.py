"""H2 and B5: whoever no mail reaches is phoned. The line stands until somebody has talked with them, also of a case that is closed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from saksgang.lib import clock
from saksgang.tickets.actions import answering, closure
from saksgang.tickets.actions.messages import tell
from saksgang.tickets.kinds import CloseReason, MessageKind, NextStep, State
from saksgang.tickets.models import Call, Ticket
from tests.acceptance.pages import box, fill, open_case, send, wider_than_the_window
from tests.tickets.steps import assess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_h2_an_answer_to_somebody_without_e_mail_is_said_by_phone(desk, sign_in):
    cast = desk.cast
    ticket = assess(cast, cast.case(subject="Skapet er låst", requesters=[cast.phone_only]))
    page = sign_in(cast.kari)
    open_case(page, desk, ticket)
    form = box(page, "answer")
    fill(form, words="Vaktmesteren kommer klokken ett.")
    send(form)
    expect(page.locator("#to-phone")).to_contain_text("Ragnhild Renhold")
    ticket.refresh_from_db()
    assert (ticket.answers_owed, ticket.next_step) == (1, NextStep.CALL)

    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(desk.url + "/calls")
    line = page.locator(".calls > li")
    expect(line).to_contain_text("Avdelingsleder på sengepost 3")
    expect(line).to_contain_text("Vaktmesteren kommer klokken ett.")
    assert wider_than_the_window(page) <= 0
    line.get_by_role("button", name="Ikke svar").click()
    expect(page.locator(".calls > li")).to_contain_text("ringt én gang uten svar")
    page.locator(".calls > li").get_by_role("button", name="Snakket med").click()
    expect(page.locator(".calls > li")).to_have_count(0)
    ticket.refresh_from_db()
    assert (ticket.answers_owed, ticket.state) == (0, State.IN_PROGRESS)


def test_b5_a_word_on_a_closed_case_is_overdue_until_it_is_said(desk, sign_in):
    cast = desk.cast
    ticket = cast.case(subject="Skjermen", requesters=[cast.phone_only])
    answering.log_conversation(ticket=ticket, by=cast.kari, words="Vi ser på det")
    closure.close(ticket=Ticket.objects.get(), by=cast.kari, reason=CloseReason.WITHDRAWN, words="Vi avslutter saken.")
    tell(Ticket.objects.get(), by=cast.kari, words="Den nye er på vei.", kind=MessageKind.STATUS)
    Call.objects.update(due_at=clock.now() - timedelta(days=1))
    page = sign_in(cast.knut)
    expect(page.locator('.nav-link[href="/calls"]')).to_contain_text("2")
    page.goto(desk.url + "/calls")
    first = page.locator(".calls > li").first
    expect(first).to_contain_text("over frist")
    expect(first).to_contain_text("saken er ferdig")
    first.get_by_label("Hva som ellers ble sagt").fill("Hun gleder seg.")
    first.get_by_role("button", name="Snakket med").click()
    expect(page.locator(".calls > li")).to_have_count(0)  # she heard both in one call
    assert Ticket.objects.get().state == State.CLOSED
