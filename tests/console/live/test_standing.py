"""How a case stands by now, for its open page: no message, nothing when nothing has changed, and only for who sees the case."""

from __future__ import annotations

import re

import pytest

from saksgang.console.models import Seen
from saksgang.outbound.models import OutboundMail
from saksgang.tickets import queries
from saksgang.tickets.actions import assignment, restriction
from tests.console.case.help import address, assessed, browser, page
from tests.console.case.test_ticket import reply
from tests.console.case.test_words_browser import failed_answer


def ask(client, ticket, status=200, etag="", **asked):
    where = {"seen": queries.newest_event(ticket.pk)} | asked
    answer = client.get(address("ticket_standing", ticket), where, headers={"If-None-Match": etag} if etag else {})
    assert answer.status_code == status
    return answer


def had(html):
    return ",".join(re.findall(r'data-as="(\w+)"', html))


def test_it_holds_state_facts_buttons_and_delivery_marks_and_no_message(cast):
    ticket = failed_answer(cast)
    html = ask(browser(cast.kari), ticket).content.decode()
    for part in (
        "ticket-line",
        "head-acts",
        "facts-step",
        '<dl class="facts"',
        'data-state="failed"',
        "csrfmiddlewaretoken",
    ):
        assert part in html, part
    assert "Prøv nå." not in html
    assert "message-body" not in html
    assert len(html) < len(page(browser(cast.kari), ticket)) / 2


def test_nothing_is_sent_when_nothing_has_changed_and_all_that_changed_is(cast):
    ticket, client = assessed(cast, cast.case()), browser(cast.kari)
    seen = queries.newest_event(ticket.pk)
    etag = ask(client, ticket, seen=seen)["ETag"]
    assert ask(client, ticket, 304, etag, seen=seen).content == b""
    assignment.take(ticket=ticket, by=cast.knut)
    taken = ask(client, ticket, 200, etag, seen=seen)
    assert f"taken by {cast.knut.name}" in taken.content.decode()
    assert taken["ETag"] != etag


def test_a_mail_that_has_left_is_news_though_nobody_did_anything(cast):
    ticket, client = failed_answer(cast), browser(cast.kari)
    etag = ask(client, ticket)["ETag"]
    OutboundMail.objects.update(
        state="bounced", sent_at=OutboundMail.objects.get().created_at, failed_at=None, bounce="soft"
    )
    assert "Came back for now" in ask(client, ticket, 200, etag).content.decode()


def test_what_the_page_has_already_is_left_out_until_it_changes(cast):
    ticket, client = assessed(cast, cast.case()), browser(cast.kari)
    shown = had(page(client, ticket))
    assert shown.count(",") == 1, "the buttons and the facts"
    html = ask(client, ticket, had=shown).content.decode()
    assert "head-acts" not in html
    assert '<dl class="facts"' not in html
    assert "ticket-line" in html
    assignment.take(ticket=ticket, by=cast.knut)
    html = ask(client, ticket, had=shown).content.decode()
    assert "head-acts" in html
    assert '<dl class="facts"' in html


def test_asking_does_not_mean_that_one_has_read_what_came(cast):
    ticket, client = cast.case(), browser(cast.kari)
    page(client, ticket)
    before = Seen.objects.get().message_id
    reply(cast, ticket)
    ask(client, ticket)
    assert Seen.objects.get().message_id == before
    assert "New since last time" in page(client, ticket)


@pytest.mark.parametrize(("who", "status"), [("kari", 200), ("liv", 200), ("knut", 404), ("nils", 404), ("trine", 404)])
def test_a_restricted_case_is_not_there_for_others(cast, who, status):
    ticket = cast.case()
    restriction.restrict(ticket=ticket, by=cast.kari, readers=[], reason="Personalsak")
    ask(browser(getattr(cast, who)), ticket, status)


def test_two_readers_have_different_answers(cast):
    ticket = cast.case()
    assert ask(browser(cast.kari), ticket)["ETag"] != ask(browser(cast.knut), ticket)["ETag"]
