"""What stands beside the conversation: when a case closes, its links, other cases, and which buttons make sense."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.tickets.actions import assignment, closure, resolution, waiting
from saksgang.tickets.actions.ties import merging
from saksgang.tickets.kinds import LinkKind
from saksgang.tickets.models import Ticket, TicketLink
from tests.console.case.help import address, ahead, assessed, browser, page, send
from tests.tickets.steps import SOLUTION, soon


def test_a_solved_case_says_when_it_closes(cast):
    ticket = resolution.resolve(ticket=assessed(cast, cast.case()), by=cast.kari, words=SOLUTION)
    html = page(browser(cast.kari), ticket)
    assert "Closes by itself" in html
    assert ticket.close_after.isoformat(timespec="seconds") in html
    assert "Unless the requester writes before that." in html
    closure.close_after_window(ticket=ticket, by=waiting.Robot("clock"))
    assert "Closes by itself" not in page(browser(cast.kari), ticket)


def test_reopen_stands_there_only_while_it_is_carried_out(cast):
    ticket = closure.close(ticket=cast.case(), by=cast.kari, reason="SPAM")
    assert 'value="reopen"' in page(browser(cast.kari), ticket)
    Ticket.objects.filter(pk=ticket.pk).update(closed_at=clock.now() - timedelta(days=31))
    assert 'value="reopen"' not in page(browser(cast.kari), ticket)


def test_each_other_case_is_linked_once(cast):
    first, second = cast.case(subject="Den ene"), cast.case(subject="Den andre")
    TicketLink.objects.create(ticket=second, other=first, kind=LinkKind.FOLLOWS)
    merging.merge(ticket=second, by=cast.kari, into=first)
    merging.undo_merge(ticket=second, by=cast.kari)
    merging.merge(ticket=first, by=cast.kari, into=second)
    for here, other in ((first, second), (second, first)):
        html = page(browser(cast.kari), here)
        assert len(re.findall(rf'href="/tickets/{other.pk}"', html)) == 1, (
            "not once more among the requester's or the ward's"
        )
    assert "goes on in" in page(browser(cast.kari), first)
    assert "has in it" in page(browser(cast.kari), second)


def test_other_cases_stand_by_what_is_open_and_where_something_happened_last(cast):
    here = cast.case()
    stale, lively, done = (cast.case(subject=words) for words in ("gammel åpen", "nylig åpen", "nylig lukket"))
    closure.close(ticket=done, by=cast.kari, reason="SPAM")
    now = clock.now()
    for ticket, minutes in ((stale, 300), (lively, 5), (done, 1)):
        Ticket.objects.filter(pk=ticket.pk).update(changed_at=now - timedelta(minutes=minutes))
    html = page(browser(cast.kari), here).partition("Their other cases")[2]
    assert [int(pk) for pk in re.findall(r'href="/tickets/(\d+)"', html)][:3] == [lively.pk, stale.pk, done.pk]


def test_a_relevant_one_is_not_pushed_out_by_many_done(cast):
    here, old = cast.case(), cast.case(subject="åpen fra før")
    for _nth in range(7):
        closure.close(ticket=cast.case(), by=cast.kari, reason="SPAM")
    assert "åpen fra før" in page(browser(cast.kari), here).partition("Their other cases")[2]
    assert old.open


@pytest.mark.parametrize("end", ["by time", "by hand"])
def test_an_unassessed_case_that_waited_comes_back_to_be_assessed(cast, end):
    ticket = cast.case()
    waiting.wait_for_requester(ticket=ticket, by=cast.kari, words="Hvilken PC?", until=soon())
    ticket = waiting.resume(ticket=ticket, by=cast.kari if end == "by hand" else waiting.Robot("clock"))
    assert ticket.next_step == "ASSESS"
    assert ticket.next_step_due_at > clock.now()
    assert "Assess" in page(browser(cast.kari), ticket)
    assert assessed(cast, ticket).next_step != "ASSESS"


def test_an_assessed_case_that_waited_is_followed_up(cast):
    ticket = assessed(cast, cast.case())
    waiting.wait_for_requester(ticket=ticket, by=cast.kari, words="Hvilken PC?", until=soon())
    assert waiting.resume(ticket=ticket, by=cast.kari).next_step == "FOLLOW_UP"


def test_handed_over_names_the_team(cast):
    ticket = cast.case()
    html = send(browser(cast.kari), "ticket_handover", ticket, team=cast.network.pk, reason="Nettet er nede.")
    assert "Handed over to Nettverk." in html


def test_a_case_that_is_a_colleagues_is_taken_over_in_two_steps_and_given_back(cast):
    ticket = assignment.take(ticket=cast.case(), by=cast.kari)
    knut = browser(cast.knut)
    html = page(knut, ticket)
    key = re.search(r'<(\w+)[^>]*data-key="t"', html)
    assert key[1] == "details", "the key opens a question and takes nothing"
    assert "Yes, take it over from Kari Nordmann" in html
    html = send(knut, "ticket_assignment", ticket, do="take_over")
    undo = re.search(r'action="([^"]*do=give_back[^"]*)"|data-undo="([^"]*give_back[^" ]*)', html)
    assert undo, "it can be undone"
    send(knut, "ticket_assignment", ticket, do="give_back")
    ticket.refresh_from_db()
    assert ticket.assignee == cast.kari
    history = browser(cast.liv).get(address("ticket_history", ticket)).content.decode()
    assert "gave the case back" in history


def test_it_is_not_given_back_when_something_else_has_happened(cast):
    ticket = assignment.take(ticket=cast.case(), by=cast.kari)
    knut = browser(cast.knut)
    send(knut, "ticket_assignment", ticket, do="take_over")
    send(knut, "ticket_note", ticket, words="Ser på den nå.")
    assert "Something else has happened" in send(knut, "ticket_assignment", ticket, status=422, do="give_back")
    send(browser(cast.kari), "ticket_assignment", ticket, status=422, do="give_back")
    ticket.refresh_from_db()
    assert ticket.assignee == cast.knut


def test_nor_to_somebody_who_has_left(cast):
    ticket = assignment.take(ticket=cast.case(), by=cast.kari)
    assignment.take(ticket=ticket, by=cast.knut, take_over=True)
    Person.objects.filter(pk=cast.kari.pk).update(active=False)
    assert "Nobody had the case before you" in send(
        browser(cast.knut), "ticket_assignment", ticket, status=422, do="give_back"
    )


@pytest.mark.parametrize(
    ("reason", "question", "missing"),
    [
        ("REFERRED", "Whom was it referred to?", "Write whom it was referred to."),
        ("DECLINED", "Who declined it, and why?", "Write who declined it, and why."),
        ("UNREACHABLE", "How and how often did you try?", "Write how and how often you tried."),
        ("ANSWERED_ORALLY", "Whom did you answer, and what?", "Write whom you answered, and what."),
    ],
)
def test_each_reason_for_closing_asks_its_own_question(cast, reason, question, missing):
    ticket = cast.case()
    html = browser(cast.kari).get(address("ticket_closure", ticket)).content.decode()
    assert f'data-reason="{reason}">{question}<' in html
    assert missing in send(browser(cast.kari), "ticket_closure", ticket, status=422, reason=reason, words="Hei")


def test_the_next_step_is_postponed(cast):
    ticket = cast.case()
    html = send(browser(cast.kari), "ticket_next_step", ticket, until=ahead(1), reason="Venter på deler")
    assert "The next step is postponed: " in html
    assert f'url="{address("ticket_next_step", ticket)}?seen=' in html  # what the panel fetches when it is opened again
