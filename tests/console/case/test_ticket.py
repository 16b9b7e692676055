"""The page of a case: who sees it, what stands on it, and that it holds whatever is said."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.console.case import messages as ticket_messages
from saksgang.events.actions import Robot
from saksgang.inbound.models import InboundMail
from saksgang.lib import clock
from saksgang.outbound.models import OutboundMail
from saksgang.people import actions as people
from saksgang.tickets.actions import (
    answering,
    arrivals,
    assessment,
    assignment,
    closure,
    resolution,
    restriction,
    waiting,
)
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.kinds import MessageKind
from saksgang.tickets.models import Message
from tests.cast import SETUP
from tests.console.case.help import address, assessed, browser, page

NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def ledger(cast, ticket, **facts):
    now = clock.now()
    known = {"mailbox": cast.ikt, "door": "smtp", "raw_sha256": "0" * 64, "size": 10, "received_at": now}
    known |= {"try_at": now, "purge_after": now, "outcome": "reply", "pending": 0, "decided_at": now}
    return InboundMail.objects.create(**(known | {"ticket": ticket} | facts))


def reply(cast, ticket, words="Det virker fortsatt ikke.", person=None, **heard):
    who = person or cast.nora
    said = Heard(words, who.name, "nora@sykehus.example", **heard)
    return arrivals.receive(ticket=ticket, by=Robot("mail"), heard=said, person=who, received_at=clock.now())


# --- who sees it ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "status"), [("kari", 200), ("nils", 200), ("liv", 200), ("trine", 200)])
def test_every_agent_reads_an_ordinary_case(cast, who, status):
    page(browser(getattr(cast, who)), cast.case(), status)


@pytest.mark.parametrize(("who", "status"), [("kari", 200), ("knut", 404), ("nils", 404), ("liv", 200), ("trine", 404)])
def test_a_restricted_case_is_not_there_for_others(cast, who, status):
    ticket = cast.case()
    restriction.restrict(ticket=ticket, by=cast.kari, readers=[], reason="Personalsak")
    client = browser(getattr(cast, who))
    page(client, ticket, status)
    assert client.get(address("ticket_history", ticket)).status_code == status


def test_somebody_not_signed_in_is_asked_to(cast):
    answer = browser(None).get(address("ticket", cast.case()))
    assert answer.status_code == 302
    assert "sign-in" in answer["Location"]


def test_somebody_without_a_role_is_refused(cast):
    nobody = people.add_person(by=SETUP, name="Ny Ansatt")
    people.open_account(by=SETUP, person=nobody, username="ny", password=None)
    page(browser(nobody), cast.case(), 403)


def test_a_number_that_no_case_has(cast):
    client = browser(cast.kari)
    assert client.get("/tickets/999999").status_code == 404
    assert client.get(f"/tickets/{10**40}").status_code == 404


BUTTONS = {
    "answer", "resolution", "note", "conversation", "waiting", "assessment", "handover", "closure", "reopening", "postponement",
    "priority", "promise",
}  # fmt: skip
# Panel → the answer of `may` that offers it; the others are named alike. Only some panels come with the page itself.
PANELS = {
    "conversation": "note",
    "giving": "give",
    "handover": "hand_over",
    "clarification": "ask_triage",
    "closure": "close",
    "improvement": "improve",
    "subject": "work",
    "place": "work",
    "department": "work",
    "requester": "requester",
    "postponement": "postpone",
    "subcase": "tie",
}
# The noun that a panel posts to, where it has another name.
NOUNS = {"postponement": "next-step", "subcase": "sub-case"}
DRAWN = {"answer", "resolution", "waiting", "note", "assessment"}


@pytest.mark.parametrize(
    ("who", "drawn", "fetched"), [("kari", DRAWN, set(PANELS)), ("nils", {"note"}, {"conversation", "handover"})]
)
def test_only_what_one_may_do_is_offered(cast, who, drawn, fetched):
    ticket = cast.case()
    answer = browser(getattr(cast, who)).get(address("ticket", ticket))
    assert set(answer.context["box"]) == drawn
    assert {panel for panel, offered in PANELS.items() if answer.context["may"][offered]} == fetched
    html, mark = answer.content.decode(), answer.context["mark"]
    assert {
        panel
        for panel in PANELS
        if f'<late-panel class="act-panel" url="/tickets/{ticket.pk}/{NOUNS.get(panel, panel)}?seen={mark}">' in html
    } == fetched


@pytest.mark.parametrize(
    "panel",
    [
        "conversation", "giving", "handover", "clarification", "closure", "improvement", "assessment",
        "subject", "place", "department", "requester", "priority", "postponement", "subcase", "split", "link",
    ],
)  # fmt: skip
def test_a_panel_that_is_fetched_stands_open_on_its_own_page(cast, panel):
    ticket = assessed(cast, cast.case())
    noun = NOUNS.get(panel, panel).replace("-", "_")
    answer = browser(cast.kari).get(address(f"ticket_{noun}", ticket))
    assert answer.context["opened"] == panel
    assert f'id="{panel}-' in answer.content.decode()
    assert panel not in browser(cast.kari).get(address("ticket", ticket)).context["box"]


def test_an_administrator_only_reads(cast):
    boss = people.add_person(by=SETUP, name="Adm")
    people.open_account(by=SETUP, person=boss, username="adm", password=None)
    grant(by=SETUP, person=boss, role=Role.ADMINISTRATOR)
    answer = browser(boss).get(address("ticket", cast.case()))
    assert answer.context["box"] == {}


def test_another_team_is_told_whose_it_is(cast):
    ticket = cast.case()
    assert "Team Servicesenter works on this case" in page(browser(cast.nils), ticket)
    assert "works on this case" not in page(browser(cast.kari), ticket)


# --- each state -----------------------------------------------------------------------------------------------------


def _in_state(cast, state):
    ticket = cast.case()
    later = clock.now() + timedelta(days=3)
    told = {"ticket": ticket, "by": cast.kari, "words": "Vi kommer tilbake."}
    moves = {
        "NEW": lambda: None,
        "IN_PROGRESS": lambda: assignment.take(ticket=ticket, by=cast.kari),
        "WAITING_REQUESTER": lambda: waiting.wait_for_requester(**told, until=later),
        "WAITING_THIRD_PARTY": lambda: waiting.wait_for_third_party(**told, until=later, waiting_for="Dustin"),
        "PLANNED": lambda: waiting.plan(**told, until=later, reason="Nattarbeid"),
        "RESOLVED": lambda: (
            assessed(cast, ticket),
            resolution.resolve(ticket=ticket, by=cast.kari, words="Byttet hjulet."),
        ),
        "CLOSED": lambda: closure.close(ticket=ticket, by=cast.kari, reason="SPAM"),
    }
    moves[state]()
    ticket.refresh_from_db()
    assert ticket.state == state
    return ticket


@pytest.mark.parametrize(
    "state", ["NEW", "IN_PROGRESS", "WAITING_REQUESTER", "WAITING_THIRD_PARTY", "PLANNED", "RESOLVED", "CLOSED"]
)
def test_the_page_works_in_every_state(cast, state):
    ticket = _in_state(cast, state)
    for who in (cast.kari, cast.nils):
        assert ticket.subject in page(browser(who), ticket)
    assert browser(cast.kari).get(address("ticket_history", ticket)).status_code == 200


@pytest.mark.parametrize("opened", sorted(BUTTONS))
def test_every_panel_can_be_opened_by_its_address(cast, opened):
    ticket = assessed(cast, cast.case(), type="ORDER")
    assert browser(cast.kari).get(address("ticket", ticket), {"open": opened}).status_code == 200


def test_every_kind_of_message_is_drawn_and_named():
    words = ticket_messages._kind_words()
    assert set(ticket_messages.DRAWN_AS) == set(MessageKind)
    in_words = {*MessageKind} - {
        MessageKind.INCOMING,
        MessageKind.CONVERSATION,
    }  # those are told by channel and outcome
    assert all(words[kind.lower()] for kind in in_words)


# --- what stands there ----------------------------------------------------------------------------------------------


def test_facts_and_next_step(cast):
    ticket = assessed(cast, cast.case(place="Rom 12", equipment_number="PC-1"))
    waiting.postpone(
        ticket=ticket, by=cast.kari, until=clock.now() + timedelta(days=1), reason="Deler mangler på lageret"
    )
    html = page(browser(cast.kari), ticket)
    for words in ("Rom 12", "PC-1", "Utskrift", "postponed once", "not taken", "ikt@sykehus.example", "Sengepost 3"):
        assert words in html
    assert "Single users are affected (1–3) and Utskrift (ordinary) give 4" in html


def test_a_new_message_is_announced_and_marked(cast):
    ticket = cast.case()
    message = reply(cast, ticket)
    html = page(browser(cast.kari), ticket)
    assert f'href="#m{message.pk}"' in html
    assert html.count("data-unread") == 1


def test_quotes_are_folded_and_another_sender_is_marked(cast):
    ticket = cast.case()
    segments = ((False, "Nå også.\n"), (True, "> gammelt sitat\n"))
    heard = Heard("Nå også.\n> gammelt sitat\n", "Per", "per@annet.example", segments=segments)
    arrivals.receive(ticket=ticket, by=Robot("mail"), heard=heard, person=None, received_at=clock.now())
    html = page(browser(cast.kari), ticket)
    quote = html[html.index('<details class="quote"') :]
    assert "&gt; gammelt sitat" in quote[: quote.index("</details>")]
    assert "Another sender" in html


def test_why_a_mail_is_here(cast):
    ticket = cast.case()
    row = ledger(cast, ticket, reasons=[["ticket", "signed_subject"], ["robot", "some_new_finding"]])
    message = reply(cast, ticket, inbound_id=row.pk)
    html = page(browser(cast.kari), ticket)
    assert "Its subject carries our signed case number." in html
    assert "robot: some_new_finding" in html
    assert f"/messages/{message.pk}/raw" in html
    assert f"/messages/{message.pk}/detachment" in html


@pytest.mark.parametrize(
    ("state", "facts", "words"),
    [
        ("queued", {"pending": 1}, "Waiting to be sent"),
        ("sent", {"sent_at": True}, "Delivered at"),
        ("delayed", {"pending": 1}, "Delayed"),
        ("failed", {"failed_at": True, "last_error": "550 no such user"}, "550 no such user"),
        ("bounced", {"sent_at": True, "last_error": "mailbox full"}, "mailbox full"),
    ],
)
def test_how_an_answer_fared(cast, state, facts, words):
    ticket = cast.case()
    message = answering.answer(ticket=ticket, by=cast.kari, words="Prøv nå.")
    now = clock.now()
    facts = {name: now if value is True else value for name, value in facts.items()}
    known = {"event_id": 1, "ticket": ticket, "message": message, "kind": "answer", "pending": 0, "try_at": now}
    known |= {"recipient": "nora@sykehus.example", "raw_sha256": "0" * 64, "created_at": now, "header_id": "a@b"}
    OutboundMail.objects.create(**(known | {"state": state} | facts))
    assert words in page(browser(cast.kari), ticket)


def test_banners(cast):
    ticket = assessed(cast, cast.case())
    answering.answer(ticket=ticket, by=cast.kari, words="Prøv nå.")
    answering.answer_failed(ticket=ticket, by=Robot("mail"), person=cast.nora, owed_again=True)
    assessment.override(ticket=ticket, by=cast.kari, value=2, reason="Helg")
    assessed(cast, ticket, consequence="stops")
    restriction.restrict(ticket=ticket, by=cast.kari, readers=[], reason="Personalsak")
    html = page(browser(cast.kari), ticket)
    for words in ("The answer did not arrive", "The priority was set by hand, and", "Restricted case"):
        assert words in html


def test_a_restricted_case_does_not_show_among_the_others(cast):
    secret = cast.case(subject="Hemmelig personalsak")
    restriction.restrict(ticket=secret, by=cast.kari, readers=[], reason="Personalsak")
    html = page(browser(cast.nils), cast.case())
    assert "Hemmelig personalsak" not in html


def test_a_removed_message_says_only_that(cast):
    ticket = cast.case()
    message = Message.objects.get(ticket=ticket)
    Message.objects.filter(pk=message.pk).update(redacted_at=clock.now(), redacted_by=cast.liv)
    html = page(browser(cast.kari), ticket)
    assert "The text was removed" in html
    assert "jeg får ikke logget på" not in html


def test_s01_script_in_whatever_is_said_is_only_words(cast):
    cast.nora.name = NASTY
    cast.nora.title = NASTY
    cast.nora.save()
    ticket = cast.case(subject=NASTY, heard=Heard(NASTY, NASTY, "x@y.example"), place=NASTY, contact_name=NASTY)
    answering.note(ticket=ticket, by=cast.kari, words=NASTY)
    assignment.hand_over(ticket=ticket, by=cast.kari, team=cast.network, reason=NASTY)
    client = browser(cast.nils)
    for name in ("ticket", "ticket_history"):
        html = client.get(address(name, ticket)).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "&lt;script&gt;" in html


def test_s02_html_of_a_mail_never_reaches_the_page(cast):
    ticket = cast.case(
        heard=Heard("Ren tekst", "Nora", html='<a href="javascript:alert(1)">x</a><svg><style>*{color:red}</style>')
    )
    html = page(browser(cast.kari), ticket)
    assert "javascript:" not in html
    assert "color:red" not in html


def test_the_page_is_never_cached_and_keeps_its_policy(cast):
    answer = browser(cast.kari).get(address("ticket", cast.case()))
    assert "no-store" in answer["Cache-Control"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert b"<script>" not in answer.content
    assert b" style=" not in answer.content


def test_queries_do_not_grow_with_messages(cast):
    few, many = cast.case(), cast.case()
    for ticket, times in ((few, 2), (many, 12)):
        for at in range(times):
            reply(cast, ticket, inbound_id=ledger(cast, ticket).pk)
            answering.answer(ticket=ticket, by=cast.kari, words=f"Svar {at}", cc=["leder@sykehus.example"])
    client = browser(cast.kari)
    counts = []
    for name in ("ticket", "ticket_history"):
        for ticket in (few, many):
            client.get(address(name, ticket))
            with CaptureQueriesContext(connection) as queries:
                client.get(address(name, ticket))
            counts.append(len(queries))
    assert counts[0] == counts[1] <= 26
    assert counts[2] == counts[3] <= 12
