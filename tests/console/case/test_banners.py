"""The head of a case says when no receipt went out, and why, until somebody has answered."""

from __future__ import annotations

from saksgang.tickets.actions import answering
from tests.console.case.help import browser, page
from tests.console.case.test_ticket import ledger

WHY = "This address has had several within the hour. It is sent when an hour has passed."


def test_no_receipt_is_said_until_somebody_has_answered(cast):
    ticket = cast.case()
    assert WHY not in page(browser(cast.kari), ticket)
    ledger(cast, ticket, reasons=[["sender", "person"], ["acknowledgement", "enough_for_this_address"]])
    html = page(browser(cast.kari), ticket)
    assert f"{WHY} The requester has not heard from us yet." in html
    answering.answer(ticket=ticket, by=cast.kari, words="Vi ser på det.")
    assert "has not heard from us yet" not in page(browser(cast.kari), ticket)
