"""What is owed to a requester is cleared by those who may work the case, and by nobody else: every action is tried."""

from __future__ import annotations

import inspect
from contextlib import suppress
from datetime import timedelta
from importlib import import_module
from pkgutil import walk_packages

import pytest

from saksgang.access.queries import NotAllowed
from saksgang.lib import clock
from saksgang.tickets import actions
from saksgang.tickets.actions import answering, arrivals, restriction
from saksgang.tickets.actions.major.incident import start
from saksgang.tickets.actions.major.membership import join
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.kinds import Channel, CloseReason, MessageKind, NextStep, Visibility
from saksgang.tickets.models import MajorIncident, Message, MessageRecipient, Ticket, TicketRequester
from saksgang.tickets.policies import Refused
from tests.tickets.steps import MAIL, SOLUTION, assess, fresh, owed

NORA = "Nora Sykepleier"
# Name of the action → what it is given beside the case and the person. These clear what is owed where Kari does them.
CLEARING = {
    "answer": {"words": "Hei"},
    "log_conversation": {"words": "Vi avtalte fredag", "mailed": True},
    "close": {"reason": CloseReason.WITHDRAWN, "words": "Vi avslutter saken."},
    "close_as_improvement": {"improvement_id": 1, "words": "Det står på lista vår."},
    "resolve": {"words": SOLUTION},
    "wait_for_requester": {"words": "Hvilken skriver?", "until": 2},
    "wait_for_third_party": {"words": "Leverandøren har den.", "until": 2, "waiting_for": "Leverandøren"},
    "plan": {"words": "Vi kommer fredag.", "until": 2, "reason": "Ny skriver"},
    "promise": {"words": "Fredag", "promised_by": 2},
    "count_as_answer": {},
}
# These answer nobody, whoever does them. Where what is owed moves to another case, it is owed there.
OTHERS = {
    "note": {"words": "Sett på nettet"},
    "log_no_answer": {},
    "give_up_calling": {"words": "Ringt tre ganger", "to": []},
    "take": {}, "put_back": {}, "resume": {}, "drop_override": {}, "was_more_than_thanks": {},
    "give": {}, "give_back": {}, "hand_back": {}, "keep_requester": {}, "take_back": {}, "merge": {},
    "undo_merge": {}, "link": {}, "unlink": {},
    "open_sub_case": {"subject": "", "words": "Sjekk svitsjen"}, "split": {"subject": "Ny PC"},
    "hand_over": {"reason": "Nettet"}, "reopen": {"reason": "Fordi"}, "redact_message": {"reason": "Fordi"},
    "postpone": {"until": 1, "reason": "Fordi"}, "override": {"value": 2, "reason": "Fordi"},
    "write": {"words": "Hei", "to": ["x@leverandor.example"]}, "detach": {"subject": "", "reason": ""},
    "restrict": {"readers": [], "reason": "Fordi"}, "lift": {"reason": "Fordi"}, "confirm_sender": {}, "deny_sender": {},
    "change_words": {"subject": "Skriver 4"}, "change_department": {"department": None}, "undo_change": {},
    "include_requester": {}, "replace_requester": {}, "tick_off": {}, "undo_closing": {}, "prove": {"way": "CARD"},
    "ask": {"question": "Skal vi det?", "words": "Vi spør lederne."}, "join": {}, "leave": {},
    "chase": {}, "phoned": {}, "said_solved": {},
}  # fmt: skip
# Told by the forms of other persons and files than a case's own: none of them touches what is owed to somebody who stays.
# `answer_resent` is handed a mail that failed: tests/outbound says who may.
APART = {
    "answer_resent", "assess", "register", "change_requester", "redact_attachment", "redact_event_reason", "redact_deviation",
    "hold", "own_newest", "whom", "become_case", "tell_parent", "settle_parts", "lend", "take_out",
    "prove_as_registered", "prove_signed_in",  # of the case that one has just registered: tests/tickets/test_identity.py
    "put_off", "end_when_told", "be_solved",  # what is decided for who must be phoned first: tests/tickets/test_told.py
    "finish",  # what `resolve` does once it is known who may; for all cases of a fault: tests/tickets/test_major.py
}  # fmt: skip
FOR_ROBOTS_TOO = {"resume", "register"}


def every_action() -> dict[str, object]:
    """The verbs that a person does: name → function."""
    found = {}
    for module in walk_packages(actions.__path__, "saksgang.tickets.actions."):
        for name, one in inspect.getmembers(import_module(module.name), inspect.isfunction):
            if one.__module__ != module.name or name.startswith(("_", "can_")):
                continue
            parameters = inspect.signature(one).parameters
            acted_on = {"ticket", "message", "attachment", "event", "channel"} & parameters.keys()
            if (
                acted_on
                and "by" in parameters
                and ("Person" in str(parameters["by"].annotation) or name in FOR_ROBOTS_TOO)
            ):
                found[name] = one
    return found


def test_every_action_of_a_person_is_here():
    assert set(every_action()) == CLEARING.keys() | OTHERS.keys() | APART


def fault(cast) -> MajorIncident:
    facts = {"title": "Nede", "service": cast.dips, "impact": "departments", "consequence": "stops"}
    return start(by=cast.kari, **facts)


def do(cast, name: str, ticket: Ticket, by) -> None:
    action = every_action()[name]
    given = {**CLEARING, **OTHERS}[name]
    given = {
        key: clock.now() + timedelta(days=value) if key in ("until", "promised_by") else value
        for key, value in given.items()
    }
    takes = inspect.signature(action).parameters
    if "message" in takes:
        given = {"message": Message.objects.filter(ticket=ticket).latest("pk"), **given}
    else:
        given = {"ticket": ticket, **given}
    if "team" in takes:
        given["team"] = cast.network
    if "to" in takes and name == "give":
        given["to"] = cast.knut
    if name in ("include_requester", "replace_requester"):
        given |= {"person": cast.dag} | ({"former": cast.nora} if "former" in takes else {})
    if name == "prove":
        given["person"] = cast.nora
    if "other" in takes:
        given["other"] = cast.case(requesters=[cast.dag])
    if "messages" in takes:
        given["messages"] = list(Message.objects.filter(ticket=ticket).values_list("pk", flat=True))
    if "into" in takes:
        given["into"] = cast.case(requesters=[cast.dag])
    if "major" in takes:
        given["major"] = fault(cast)
    action(by=by, **given)


def waiting_case(cast, name: str) -> Ticket:
    """An assessed case on which Nora is owed an answer, and of which the action can be done."""
    ticket = assess(cast, cast.case(), type="order") if name == "promise" else assess(cast, cast.case())
    if name == "count_as_answer":
        arrivals.receive_direct(
            ticket=ticket, by=MAIL, person=cast.kari, received_at=clock.now(),
            heard=Heard("Hei", "Kari", copied=(("Nora", "nora@sykehus.example"),)),
        )  # fmt: skip
    elif name in ("confirm_sender", "deny_sender"):
        forged = Heard("Og en ting til", "Nora", unverified=True)
        arrivals.receive_unverified(ticket=ticket, by=MAIL, heard=forged, person=cast.nora, received_at=clock.now())
    elif name == "leave":
        join(ticket=ticket, by=cast.kari, major=fault(cast))
    elif name == "lift":
        restriction.restrict(ticket=ticket, by=cast.kari, readers=[cast.nils], reason="Fordi")
    elif name == "detach":
        arrivals.receive(
            ticket=ticket, by=MAIL, heard=Heard("Og en ting til", "Nora"), person=cast.nora, received_at=clock.now()
        )
    return fresh(ticket)


@pytest.mark.parametrize("name", CLEARING)
def test_who_works_the_case_clears(cast, name):
    ticket = waiting_case(cast, name)
    do(cast, name, ticket, cast.kari)
    assert owed(ticket) == set()


@pytest.mark.parametrize("name", [*CLEARING, *OTHERS])
def test_another_teams_agent_clears_nothing(cast, name):
    ticket = waiting_case(cast, name)
    with suppress(NotAllowed, Refused):
        do(cast, name, ticket, cast.nils)
    assert TicketRequester.objects.filter(person=cast.nora, answer_owed_since__isnull=False).exists()
    assert NORA in owed(ticket) or name == "detach"
    assert fresh(ticket).first_answered_at is None
    assert not MessageRecipient.objects.filter(message__author=cast.nils).exists()


def test_another_teams_conversation_is_on_the_case_and_moves_nothing(cast):
    ticket = waiting_case(cast, "log_conversation")
    arrivals.receive(ticket=ticket, by=MAIL, heard=Heard("Hallo?", "Nora"), person=cast.nora, received_at=clock.now())
    before = fresh(ticket)
    message = answering.log_conversation(ticket=ticket, by=cast.nils, words="Hun ringte oss om nettet")
    after = fresh(ticket)
    assert (message.kind, message.visibility, message.channel) == (
        MessageKind.CONVERSATION,
        Visibility.PUBLIC,
        Channel.PHONE,
    )
    for name in (
        "next_step",
        "next_step_due_at",
        "new_message_at",
        "last_word_at",
        "answers_owed",
        "state",
        "assignee_id",
    ):
        assert getattr(after, name) == getattr(before, name), name


def test_another_teams_call_without_an_answer_puts_nothing_first(cast):
    ticket = waiting_case(cast, "log_no_answer")
    before = fresh(ticket)
    answering.log_no_answer(ticket=ticket, by=cast.nils)
    assert (fresh(ticket).next_step, fresh(ticket).next_step_due_at) == (before.next_step, before.next_step_due_at)
    answering.log_no_answer(ticket=ticket, by=cast.kari)
    assert fresh(ticket).next_step == NextStep.CALL_AGAIN


def test_a_dispatcher_works_everywhere(cast):
    from saksgang.access.actions import grant
    from saksgang.access.roles import Role
    from tests.cast import SETUP

    grant(by=SETUP, person=cast.nils, role=Role.DISPATCHER)
    ticket = waiting_case(cast, "log_conversation")
    answering.log_conversation(ticket=ticket, by=cast.nils, words="Vi avtalte fredag")
    assert owed(ticket) == set()
