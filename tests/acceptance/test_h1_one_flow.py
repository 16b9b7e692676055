"""H1, as far as the flow goes: whatever way a case came in, the product leads through the same steps and says the next one."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.actions.registration import register
from saksgang.tickets.kinds import Channel
from saksgang.tickets.models import Ticket
from tests.acceptance.conftest import text_of
from tests.acceptance.pages import box, fill, open_case, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
ANSWER = "Vi har gitt deg tilgang til skriveren på sengepost 3."


def by_mail(desk) -> None:
    desk.send(desk.cast.nora, "Jeg får ikke skrevet ut.", subject="Skriver")
    desk.work()


def by_phone(desk) -> None:
    cast = desk.cast
    register(
        by=cast.kari, channel=Channel.PHONE, subject="Skriver", heard=Heard("Får ikke skrevet ut.", cast.nora.name),
        team=cast.service_desk, requesters=[cast.nora],
    )  # fmt: skip


@pytest.mark.parametrize("arrive", [by_mail, by_phone])
def test_h1_whatever_way_it_came_in_a_case_is_led_through_the_same_steps(desk, sign_in, arrive):
    arrive(desk)
    page = sign_in(desk.cast.kari)
    open_case(page, desk, Ticket.objects.get())
    step = page.locator(".next-step .what").first
    expect(step).to_have_text("Vurder")
    form = box(page, "assessment")
    fill(form, type="SERVICE_REQUEST", service=desk.cast.printing.pk, impact="individuals")
    send(form)
    expect(step).to_have_text("Ta saken")
    send(page.locator('form[action$="/assignment"]').first)
    expect(step).to_have_text("Svar")
    form = box(page, "resolution")
    fill(form, words=ANSWER)
    send(form)
    expect(page.locator(".ticket-head .tag").first).to_have_text("Løst")
    desk.work()
    assert ANSWER in text_of(desk.inbox(desk.cast.nora)[-1])
