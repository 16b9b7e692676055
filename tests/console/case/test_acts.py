"""What one does with a case from its page: each form's happy way, and that a refusal keeps what was typed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.console.models import Draft
from saksgang.events.actions import Robot
from saksgang.lib import clock
from saksgang.tickets.actions import arrivals, assessment, assignment, resolution, restriction, waiting
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.kinds import State
from saksgang.tickets.models import Message, Ticket, TicketLink, TicketRequester
from tests.console.case.help import address, ahead, assessed, browser, page, send


def fresh(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def reply(cast, ticket, words="Vent, det er verre nå."):
    heard = Heard(words, cast.nora.name, "nora@sykehus.example")
    return arrivals.receive(ticket=ticket, by=Robot("mail"), heard=heard, person=cast.nora, received_at=clock.now())


# --- assignment -----------------------------------------------------------------------------------------------------


def test_take_take_over_and_put_back(cast):
    ticket = cast.case()
    kari, knut = browser(cast.kari), browser(cast.knut)
    html = send(kari, "ticket_assignment", ticket, do="take")
    assert "The case is yours." in html
    assert f"{address('ticket_assignment', ticket)}?do=put_back" in html
    assert fresh(ticket).assignee == cast.kari
    assert "Kari Nordmann took the case before you" in send(knut, "ticket_assignment", ticket, 422, do="take")
    send(knut, "ticket_assignment", ticket, do="take_over")
    assert fresh(ticket).assignee == cast.knut
    send(knut, "ticket_assignment", ticket, do="put_back")
    assert fresh(ticket).state == State.NEW


def test_undo_puts_a_taken_case_back(cast):
    ticket = cast.case()
    client = browser(cast.kari)
    send(client, "ticket_assignment", ticket, do="take")
    assert client.post(f"{address('ticket_assignment', ticket)}?do=put_back").status_code == 303
    assert fresh(ticket).assignee is None


def test_putting_back_a_restricted_case_ends_on_the_front_page(cast):
    ticket = assignment.take(ticket=cast.case(), by=cast.kari)
    restriction.restrict(ticket=ticket, by=cast.liv, readers=[], reason="Personalsak")
    answer = browser(cast.kari).post(address("ticket_assignment", ticket), {"do": "put_back"})
    assert (answer.status_code, answer["Location"]) == (303, "/")


def test_no_change_by_get(cast):
    ticket = cast.case()
    assert browser(cast.kari).get(address("ticket_assignment", ticket)).status_code == 405
    for name in (
        "answer",
        "note",
        "conversation",
        "waiting",
        "next_step",
        "resolution",
        "closure",
        "handover",
        "clarification",
        "improvement",
        "giving",
        "assessment",
        "subject",
        "place",
        "department",
        "requester",
    ):
        assert browser(cast.kari).get(address(f"ticket_{name}", ticket)).status_code == 200
    assert Message.objects.filter(ticket=ticket).count() == 1


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("ticket_assignment", {"do": "take"}),
        ("ticket_answer", {"words": "Hei"}),
        ("ticket_resolution", {"words": "Byttet hjulet.", "type": "SERVICE_REQUEST"}),
        ("ticket_waiting", {"then": "requester", "words": "Hvilken?", "until": ahead()}),
        ("ticket_closure", {"reason": "SPAM"}),
        ("ticket_assessment", {"type": "ORDER", "service": "unknown", "impact": "unknown"}),
        ("ticket_clarification", {"question": "Skal vi?", "words": "Vi spør."}),
        ("ticket_subject", {"subject": "Skriver 4"}),
        ("ticket_place", {"place": "Rom 2"}),
        ("ticket_department", {"department": ""}),
        ("ticket_requester", {"who": "Dag Lege", "instead": "too"}),
        ("ticket_undoing", {}),
        ("ticket_priority", {"value": "2", "reason": "Helg"}),
        ("ticket_next_step", {"until": ahead(), "reason": "Deler"}),
        ("ticket_next_step", {"do": "resume"}),
    ],
)
def test_another_team_may_not_work_on_it(cast, name, fields):
    ticket = cast.case()
    assert browser(cast.nils).post(address(name, ticket), fields).status_code == 403
    assert fresh(ticket).state == State.NEW


@pytest.mark.parametrize("name", ["answer", "note", "closure", "assignment", "handover"])
def test_nobody_changes_a_case_they_do_not_see(cast, name):
    ticket = cast.case()
    restriction.restrict(ticket=ticket, by=cast.kari, readers=[], reason="Personalsak")
    assert browser(cast.nils).post(address(f"ticket_{name}", ticket), {"words": "x"}).status_code == 404


# --- assessment and priority ----------------------------------------------------------------------------------------


def test_assess(cast):
    ticket = cast.case()
    facts = {"type": "INCIDENT", "service": cast.dips.pk, "impact": "departments", "consequence": "stops"}
    html = send(
        browser(cast.kari), "ticket_assessment", ticket, **facts, time_critical="yes", needed_by=ahead(), danger="no"
    )
    assert "Some departments are affected and DIPS (critical) give 1." in html
    assert fresh(ticket).needed_by.tzinfo is not None


def test_do_not_know_everywhere_gives_three(cast):
    ticket = cast.case()
    unknown = dict.fromkeys(("service", "impact", "consequence", "time_critical", "danger"), "unknown")
    send(browser(cast.kari), "ticket_assessment", ticket, type="INCIDENT", **unknown)
    assert (fresh(ticket).priority, fresh(ticket).service) == (3, None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"type": ""}, "type"),
        ({"service": ""}, "service"),
        ({"service": "4711"}, "service"),
        ({"impact": "universe"}, "impact"),
        ({"consequence": ""}, "consequence"),
        ({"time_critical": "yes"}, "needed_by"),
        ({"time_critical": "yes", "needed_by": "0001-01-01T00:00"}, "needed_by"),
        ({"time_critical": "yes", "needed_by": "når som helst"}, "needed_by"),
    ],
)
def test_an_assessment_says_what_is_missing(cast, changes, field):
    ticket = cast.case()
    facts = {"type": "INCIDENT", "service": cast.dips.pk, "impact": "departments", "consequence": "stops"}
    answer = browser(cast.kari).post(address("ticket_assessment", ticket), facts | changes)
    assert answer.status_code == 422
    assert field in answer.context["box"]["assessment"].errors
    assert fresh(ticket).assessed_at is None


def test_danger_asks_for_a_sentence(cast):
    facts = {"type": "ORDER", "service": "unknown", "impact": "unknown", "danger": "yes"}
    html = send(browser(cast.kari), "ticket_assessment", cast.case(), 422, **facts)
    assert "Say in one sentence who is in danger" in html


def test_a_solved_case_is_not_assessed_anew(cast):
    ticket = assessed(cast, cast.case())
    resolution.resolve(ticket=ticket, by=cast.kari, words="Byttet hjulet.")
    facts = {"type": "INCIDENT", "service": "unknown", "impact": "unknown", "consequence": "unknown"}
    assert "Reopen it first" in send(browser(cast.kari), "ticket_assessment", ticket, 422, **facts)
    assert fresh(ticket).service == cast.printing


def test_override_and_drop(cast):
    ticket = assessed(cast, cast.case())
    client = browser(cast.kari)
    assert "Say why" in send(client, "ticket_priority", ticket, 422, value="1", reason=" ")
    assert "set to 1 by hand: Sjefen er rammet" in send(
        client, "ticket_priority", ticket, value="1", reason="Sjefen er rammet"
    )
    assert fresh(ticket).priority == 1
    send(client, "ticket_priority", ticket, do="drop")
    assert fresh(ticket).priority == 4
    assert "Nobody has set the priority by hand" in send(client, "ticket_priority", ticket, 422, do="drop")


# --- hand over ------------------------------------------------------------------------------------------------------


def test_another_team_may_hand_it_over(cast):
    ticket = cast.case()
    client = browser(cast.nils)
    html = send(client, "ticket_handover", ticket, 422, team=cast.network.pk, reason="")
    assert "Say why the case belongs to the other team." in html
    send(client, "ticket_handover", ticket, team=cast.network.pk, reason="Gjelder svitsjen")
    assert fresh(ticket).team == cast.network


@pytest.mark.parametrize("team", ["", "999", "abc"])
def test_s23_only_to_a_team_of_the_list(cast, team):
    send(browser(cast.kari), "ticket_handover", cast.case(), 422, team=team, reason="Fordi")


# --- what is said ---------------------------------------------------------------------------------------------------


def test_answer(cast):
    ticket = cast.case()
    Draft.objects.create(ticket=ticket, person=cast.kari, box="answer", text="Hei", changed_at=clock.now())
    html = send(
        browser(cast.kari),
        "ticket_answer",
        ticket,
        words="Hei, Nora.\r\nPrøv nå.",
        cc="leder@sykehus.example, sjef@sykehus.example",
    )
    message = Message.objects.get(ticket=ticket, kind="ANSWER")
    assert message.text == "Hei, Nora.\nPrøv nå."
    assert message.recipients.count() == 3
    assert "Waiting to be sent" in html
    assert fresh(ticket).assignee == cast.kari
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"words": "  "}, "Write the answer first."),
        ({"words": "Hei", "cc": "ikke-en-adresse"}, "is not an e-mail address"),
        ({"words": "Hei", "cc": "a@b.no\r\nBcc: c@d.no"}, "is not an e-mail address"),
        ({"words": "Hei", "to": "4711"}, "is not among the choices any more"),
        ({"words": "x" * 50_001}, "50000"),
    ],
)
def test_a_refused_answer_keeps_what_was_typed(cast, fields, words):
    ticket = cast.case()
    html = send(browser(cast.kari), "ticket_answer", ticket, 422, **fields)
    assert words in html.replace("&quot;", '"')
    assert fields["words"].strip() in html
    assert Message.objects.filter(ticket=ticket).count() == 1


def test_one_of_two_requesters_can_be_answered(cast):
    ticket = cast.case(requesters=[cast.nora, cast.dag])
    send(browser(cast.kari), "ticket_answer", ticket, words="Til deg, Dag", to=[cast.dag.pk])
    assert [row.person for row in Message.objects.get(kind="ANSWER").recipients.all()] == [cast.dag]
    assert fresh(ticket).answers_owed == 1


def test_controls_in_words_are_taken_out(cast):
    ticket = cast.case()
    send(browser(cast.kari), "ticket_note", ticket, words="a\x00b\u202ec")
    assert Message.objects.get(kind="NOTE").text == "abc"


def test_anybody_may_note(cast):
    ticket = cast.case()
    html = send(browser(cast.nils), "ticket_note", ticket, words="Svitsjen er hel.")
    assert "Internal note" in html
    assert "Write the note first." in send(browser(cast.nils), "ticket_note", ticket, 422, words=" ")


def test_talked_with(cast):
    ticket = cast.case(requesters=[cast.nora, cast.phone_only])
    client = browser(cast.kari)
    assert "Write what you agreed on." in send(client, "ticket_conversation", ticket, 422, words="", do="reached")
    send(client, "ticket_conversation", ticket, words="Vi venter.", whom=cast.phone_only.pk, mailed="on", do="reached")
    owed = TicketRequester.objects.filter(ticket=ticket, answer_owed_since__isnull=False)
    assert [row.person for row in owed] == [cast.nora]


def test_called_without_an_answer(cast):
    ticket = cast.case()
    html = send(browser(cast.kari), "ticket_conversation", ticket, do="not_reached")
    assert "Call again" in html
    assert fresh(ticket).answers_owed == 1


# --- waiting and the next step --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "fields", "state"),
    [
        ("requester", {}, State.WAITING_REQUESTER),
        ("others", {"waiting_for": "Dustin", "reference": "SR-1"}, State.WAITING_THIRD_PARTY),
        ("plan", {"reason": "Nattarbeid"}, State.PLANNED),
    ],
)
def test_wait(cast, kind, fields, state):
    ticket = cast.case()
    client = browser(cast.kari)
    said = {"then": kind, "words": "Vi tar det da.", "until": ahead()} | fields
    html = send(client, "ticket_waiting", ticket, **said)
    assert fresh(ticket).state == state
    for value in fields.values():
        assert value in html
    send(client, "ticket_next_step", ticket, do="resume")
    assert fresh(ticket).state == State.IN_PROGRESS
    assert "not waiting" in send(client, "ticket_next_step", ticket, 422, do="resume")


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": ""},
        {"until": ""},
        {"until": "2020-01-01T10:00"},
        {"until": "2099-01-01T10:00"},
        {"then": "others"},
        {"then": "plan"},
    ],
)
def test_a_refused_wait_keeps_what_was_typed(cast, wrong):
    said = {"then": "requester", "words": "Hvilken skriver?", "until": ahead()} | wrong
    html = send(browser(cast.kari), "ticket_waiting", cast.case(), 422, **said)
    assert said["words"] in html
    assert "ds-error-summary" in html


def test_postpone_and_promise(cast):
    ticket = assessed(cast, cast.case(), type="ORDER")
    client = browser(cast.kari)
    assert "Say why the next step is postponed." in send(client, "ticket_next_step", ticket, 422, until=ahead())
    assert "postponed once" in send(client, "ticket_next_step", ticket, until=ahead(), reason="Deler mangler")
    assert "Tell the requester the date." in send(
        client, "ticket_next_step", ticket, 422, do="promise", promised_by=ahead(9)
    )
    send(client, "ticket_next_step", ticket, do="promise", promised_by=ahead(9), words="Den kommer fredag.")
    assert fresh(ticket).promised_by


# --- the end --------------------------------------------------------------------------------------------------------


def test_solve_with_the_missing_facts_in_one_step(cast):
    ticket = cast.case()
    client = browser(cast.kari)
    assert "Choose what kind of case it is." in send(client, "ticket_resolution", ticket, 422, words="Byttet hjulet.")
    html = send(client, "ticket_resolution", ticket, 422, words="Byttet hjulet.", type="INCIDENT")
    assert "Before solving, fill in: service, impact, consequence." in html
    assert "Byttet hjulet.</textarea>" in html
    assert fresh(ticket).assessed_at is None  # nothing is half done
    facts = {"type": "INCIDENT", "service": cast.printing.pk, "impact": "individuals", "consequence": "stops"}
    send(client, "ticket_resolution", ticket, words="Byttet hjulet.", technical="Del 4711", **facts)
    solved = fresh(ticket)
    assert (solved.state, solved.technical_resolution, solved.priority) == (State.RESOLVED, "Del 4711", 4)


def test_only_what_is_missing_is_asked_for(cast):
    ticket = assessed(cast, cast.case(), consequence="unknown")
    client = browser(cast.kari)
    form = client.get(address("ticket", ticket)).context["box"]["resolution"]
    assert form.missing() == {"consequence"}
    send(client, "ticket_resolution", ticket, words="Byttet hjulet.", consequence="nuisance")
    assert (fresh(ticket).service, fresh(ticket).consequence) == (cast.printing, "nuisance")


def test_somebody_without_an_address_was_told_in_person(cast):
    ticket = assessed(cast, cast.case(requesters=[cast.phone_only]))
    client = browser(cast.kari)
    assert 'name="orally"' in page(client, ticket)
    assert "Ragnhild Renhold has no e-mail address and is owed an answer" in send(
        client, "ticket_resolution", ticket, 422, words="Byttet."
    )
    send(client, "ticket_resolution", ticket, words="Byttet hjulet.", orally="on")
    assert fresh(ticket).state == State.RESOLVED


def test_close_with_a_reason(cast):
    ticket = cast.case()
    client = browser(cast.kari)
    assert "ds-error-summary" in send(client, "ticket_closure", ticket, 422, reason="")
    assert "Write whom it was referred to." in send(
        client, "ticket_closure", ticket, 422, reason="REFERRED", words="Gå dit."
    )
    assert "Write what to tell them" in send(client, "ticket_closure", ticket, 422, reason="REFERRED", note="Til Bygg")
    html = send(client, "ticket_closure", ticket, reason="REFERRED", note="Til Bygg", words="Bygg tar dette.")
    assert "Referred to somebody else" in html
    assert "Til Bygg" in html


@pytest.mark.parametrize("reason", ["MERGED", "IMPORTED", "NO_REPLY", "TULL"])
def test_reasons_nobody_chooses(cast, reason):
    send(browser(cast.kari), "ticket_closure", cast.case(), 422, reason=reason, words="Hei", note="Hei")


def test_nobody_is_closed_past(cast):
    ticket = cast.case(requesters=[cast.nora, cast.phone_only])
    said = {"reason": "DECLINED", "note": "Ledelsen", "words": "Vi gjør det ikke."}
    html = send(browser(cast.kari), "ticket_closure", ticket, 422, **said)
    assert "Ragnhild Renhold has no e-mail address and is owed an answer" in html
    assert fresh(ticket).open


def test_spam_in_one_step(cast):
    ticket = cast.case()
    send(browser(cast.kari), "ticket_closure", ticket, reason="SPAM")
    assert fresh(ticket).close_reason == "SPAM"


def test_merging(cast):
    ticket, original = cast.case(), cast.case()
    client = browser(cast.kari)
    assert "Write the number" in send(client, "ticket_closure", ticket, 422, reason="MERGED")
    html = send(client, "ticket_closure", ticket, reason="MERGED", into=original.pk)
    assert "goes on in" in html
    assert TicketLink.objects.filter(ticket=ticket, other=original).exists()


@pytest.mark.parametrize("number", [999_999, 10**30])
def test_s22_merging_with_a_case_one_does_not_see(cast, number):
    secret = cast.case()
    restriction.restrict(ticket=secret, by=cast.liv, readers=[], reason="Personalsak")
    client = browser(cast.kari)
    hidden = send(client, "ticket_closure", cast.case(), 422, reason="MERGED", into=secret.pk)
    assert f"There is no case {secret.pk}." in hidden
    send(client, "ticket_closure", cast.case(), 422, reason="MERGED", into=number)


def test_reopen(cast):
    ticket = assessed(cast, cast.case())
    resolution.resolve(ticket=ticket, by=cast.kari, words="Byttet hjulet.")
    client = browser(cast.kari)
    assert "Say why" in send(client, "ticket_closure", ticket, 422, do="reopen", reason="")
    send(client, "ticket_closure", ticket, do="reopen", reason="Den stoppet igjen")
    assert fresh(ticket).open


def test_after_a_wait_for_the_requester_no_reply_can_be_chosen(cast):
    ticket = cast.case()
    later = clock.now() + timedelta(days=2)
    waiting.wait_for_requester(ticket=ticket, by=cast.kari, words="Hvilken?", until=later)
    assert '"NO_REPLY"' in browser(cast.kari).get(address("ticket_closure", ticket)).content.decode()


# --- drafts ---------------------------------------------------------------------------------------------------------


def test_a_draft_is_kept_for_its_writer_only(cast):
    ticket = cast.case()
    client = browser(cast.kari)
    where = address("draft", ticket, "answer")
    assert client.post(where, {"body": "Hei, <Nora>"}).status_code == 204
    assert client.post(where, {"body": "Hei, <Nora> og"}).status_code == 204
    assert "Hei, &lt;Nora&gt; og</textarea>" in page(client, ticket)
    assert "og</textarea>" not in page(browser(cast.knut), ticket)
    assert client.post(where, {"body": " "}).status_code == 204
    assert not Draft.objects.exists()


def test_drafts_that_are_refused(cast):
    ticket = cast.case()
    client = browser(cast.kari)
    assert client.post(address("draft", ticket, "unknown-box"), {"body": "x"}).status_code == 404
    assert client.post(address("draft", ticket, "note"), {"body": "x" * 50_001}).status_code == 422
    assert client.get(address("draft", ticket, "note")).status_code == 405
    restriction.restrict(ticket=ticket, by=cast.liv, readers=[], reason="Personalsak")
    assert client.post(address("draft", ticket, "note"), {"body": "x"}).status_code == 404


def test_an_override_that_is_stale_asks(cast):
    ticket = assessed(cast, cast.case())
    assessment.override(ticket=ticket, by=cast.kari, value=1, reason="Helg")
    assessed(cast, ticket, impact="departments")
    assert "Does it still hold?" in page(browser(cast.kari), ticket)


def test_another_teams_conversation_is_noted_and_says_that_the_answer_is_still_owed(cast):
    ticket = cast.case()
    nils = browser(cast.nils)
    form = nils.get(address("ticket_conversation", ticket)).content.decode()
    assert "the conversation is noted, and the answer is still owed" in form
    assert "Send a confirmation by e-mail" not in form
    html = send(nils, "ticket_conversation", ticket, do="reached", words="Hun ringte oss", mailed="on")
    assert "still owes the answer" in html
    assert "Hun ringte oss" in html
    assert TicketRequester.objects.get(ticket=ticket).answer_owed_since is not None
    assert "Noted." in send(nils, "ticket_conversation", ticket, do="not_reached", words="")
