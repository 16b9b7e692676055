"""A colleague's case, an answer that failed, a reason's question, the tray and a lost page, in a browser and by the keyboard."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.inbound.models import Outcome
from saksgang.lib import clock
from saksgang.outbound.models import OutboundMail
from saksgang.tickets.actions import answering, assignment
from tests.console.case.help import address, assessed
from tests.console.case.test_browser import visit  # noqa: F401 - a fixture
from tests.console.mail.test_ledger import mail
from tests.console.test_session_browser import axe

pytestmark = [pytest.mark.browser, pytest.mark.once]


def test_the_key_for_a_colleagues_case_asks_first_and_the_second_press_can_be_undone(visit, live_cast):  # noqa: F811
    ticket = assignment.take(ticket=assessed(live_cast, live_cast.case()), by=live_cast.knut)
    page = visit(address("ticket", ticket))
    page.keyboard.press("t")
    page.locator(".take-over button:focus").wait_for()
    ticket.refresh_from_db()
    assert ticket.assignee == live_cast.knut, "one press takes nothing"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    ticket.refresh_from_db()
    assert ticket.assignee == live_cast.kari
    with page.expect_navigation():
        page.locator("undo-toast >> text=Undo").click()
    ticket.refresh_from_db()
    assert ticket.assignee == live_cast.knut
    assert page.complaints == []


def test_only_the_question_of_the_chosen_reason_shows(visit, live_cast):  # noqa: F811
    ticket = live_cast.case()
    page = visit(address("ticket_closure", ticket))
    page.select_option("#closure-reason", "REFERRED")
    assert page.locator("label[for=closure-note]").inner_text().strip() == "Whom was it referred to?"
    page.select_option("#closure-reason", "DECLINED")
    assert page.locator("label[for=closure-note]").inner_text().strip() == "Who declined it, and why?"


def failed_answer(cast):
    ticket = assignment.take(ticket=assessed(cast, cast.case()), by=cast.knut)
    message = answering.answer(ticket=ticket, by=cast.knut, words="Prøv nå.")
    now = clock.now()
    facts = {
        "ticket": ticket,
        "message": message,
        "kind": "answer",
        "recipient": "nora@sykehus.example",
        "raw_sha256": "0" * 64,
    }
    facts |= {"header_id": "a@b", "created_at": now, "try_at": now, "failed_at": now, "state": "failed", "pending": 0}
    said = "550 5.1.1 <nora@sykehus.example>: Recipient address rejected: User unknown in virtual mailbox table"
    OutboundMail.objects.create(event_id=1, last_error=said, **facts)
    return ticket


@pytest.mark.parametrize("width", [320, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_that_axe_finds(visit, live_cast, scheme, width):  # noqa: F811
    ticket, due = failed_answer(live_cast), clock.now() + timedelta(hours=1)
    mail(live_cast, outcome=Outcome.SET_ASIDE, set_aside_reason="no_sender", due_at=due)
    mail(live_cast, outcome=None, decided_at=None, pending=1, due_at=due, subject="Prøves")
    mail(live_cast, outcome=Outcome.REPLY, ticket=ticket)
    for path in (
        address("ticket", ticket),
        "/mail/tray",
        "/mail",
        "/nowhere",
        address("ticket_closure", ticket),
        "/components",
    ):
        page = visit(path)
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        for details in page.locator(".take-over, .delivery details").all():
            details.evaluate("one => { one.open = true; }")
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
