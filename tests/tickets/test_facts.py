"""What a case says of itself is mended where it stands: told from what to what, undone by whoever did it, found by the new words."""

from __future__ import annotations

import pytest

from saksgang.access.queries import NotAllowed
from saksgang.lib import clock
from saksgang.tickets import queries
from saksgang.tickets.actions import answering, facts, redaction
from saksgang.tickets.kinds import State
from saksgang.tickets.models import Ticket, TicketRequester
from saksgang.tickets.policies import Refused
from tests.tickets.steps import fresh, in_state, nothing_happens, one_event, owed


def found(cast, words: str) -> set[int]:
    return {row[0] for row in queries.search(Ticket.objects.visible_to(cast.kari), words)}


def asked(ticket) -> list[str]:
    return list(TicketRequester.objects.filter(ticket=ticket).order_by("id").values_list("person__name", flat=True))


@pytest.mark.parametrize("fact", facts.LONGEST)
def test_words_are_changed_told_from_what_to_what_and_found(cast, fact):
    ticket = cast.case(place="Rom 1", callback_number="11", equipment_number="PC-1")
    former = getattr(ticket, fact)
    with one_event(ticket, "facts_changed", cast.kari) as told:
        facts.change_words(ticket=ticket, by=cast.kari, **{fact: "  Skanner\n i kjelleren "})
    assert getattr(fresh(ticket), fact) == "Skanner i kjelleren"
    assert told["event"].after["facts"] == [fact]
    assert told["event"].reason == f"{former}\nSkanner i kjelleren"
    assert found(cast, "skanner kjelleren") == {ticket.pk}


def test_several_facts_are_one_change(cast):
    ticket = cast.case(place="Rom 1")
    with one_event(ticket, "facts_changed"):
        facts.change_words(ticket=ticket, by=cast.kari, place="", callback_number="", equipment_number="PC-2")
    with one_event(ticket, "change_reverted"):
        facts.undo_change(ticket=ticket, by=cast.kari)
    assert (fresh(ticket).place, fresh(ticket).equipment_number) == ("Rom 1", "")


def test_a_subject_is_never_empty_nor_another_cases(cast):
    ticket = cast.case()
    with nothing_happens(ticket), pytest.raises(Refused):
        facts.change_words(ticket=ticket, by=cast.kari, subject="  ")
    with nothing_happens(ticket), pytest.raises(Refused):
        facts.change_words(ticket=ticket, by=cast.kari, subject=ticket.subject)


def test_the_department_is_changed_and_undone(cast):
    ticket = cast.case()
    with one_event(ticket, "affected_department_changed", cast.kari) as told:
        facts.change_department(ticket=ticket, by=cast.kari, department=cast.clinic)
    assert (told["event"].before, told["event"].after) == (
        {"affected_department_id": cast.ward.pk},
        {"affected_department_id": cast.clinic.pk},
    )
    assert found(cast, "øyepoliklinikken") == {ticket.pk}
    with nothing_happens(ticket), pytest.raises(Refused):
        facts.change_department(ticket=ticket, by=cast.kari, department=cast.clinic)
    facts.undo_change(ticket=ticket, by=cast.kari)
    assert fresh(ticket).affected_department == cast.ward
    assert found(cast, "øyepoliklinikken") == set()


def test_one_more_requester_is_owed_an_answer(cast):
    ticket = cast.case()
    answering.answer(ticket=ticket, by=cast.kari, words="Hei")
    with one_event(ticket, "requester_included", cast.kari):
        facts.include_requester(ticket=ticket, by=cast.kari, person=cast.dag)
    assert (asked(ticket), owed(ticket)) == ([cast.nora.name, cast.dag.name], {cast.dag.name})
    with nothing_happens(ticket), pytest.raises(Refused, match="Dag"):
        facts.include_requester(ticket=ticket, by=cast.kari, person=cast.dag)
    facts.undo_change(ticket=ticket, by=cast.kari)
    assert (asked(ticket), fresh(ticket).answers_owed) == ([cast.nora.name], 0)


def test_what_was_owed_is_owed_to_whose_case_it_is_and_their_ward_follows(cast):
    ticket = cast.case()
    since = TicketRequester.objects.get(ticket=ticket).answer_owed_since
    with one_event(ticket, "requester_replaced", cast.kari):
        facts.replace_requester(ticket=ticket, by=cast.kari, former=cast.nora, person=cast.dag)
    assert (asked(ticket), owed(ticket)) == ([cast.dag.name], {cast.dag.name})
    assert TicketRequester.objects.get(ticket=ticket).answer_owed_since == since
    assert fresh(ticket).affected_department == cast.clinic
    assert (found(cast, "nora"), found(cast, "dag")) == (set(), {ticket.pk})
    facts.undo_change(ticket=ticket, by=cast.kari)
    assert (asked(ticket), fresh(ticket).affected_department) == ([cast.nora.name], cast.ward)
    with nothing_happens(ticket), pytest.raises(Refused, match="Dag"):
        facts.replace_requester(ticket=ticket, by=cast.kari, former=cast.dag, person=cast.phone_only)


def test_a_ward_that_was_said_by_itself_stays(cast):
    ticket = cast.case(department=cast.clinic)
    facts.replace_requester(ticket=ticket, by=cast.kari, former=cast.nora, person=cast.phone_only)
    assert fresh(ticket).affected_department == cast.clinic


def test_who_asked_is_not_changed_on_a_case_that_is_done_but_its_words_are(cast):
    ticket = in_state(cast, State.RESOLVED)
    for do in (
        lambda: facts.include_requester(ticket=ticket, by=cast.kari, person=cast.dag),
        lambda: facts.replace_requester(ticket=ticket, by=cast.kari, former=cast.nora, person=cast.dag),
    ):
        with nothing_happens(ticket), pytest.raises(Refused):
            do()
    facts.change_words(ticket=ticket, by=cast.kari, subject="Skriver 4")
    assert fresh(ticket).subject == "Skriver 4"


CHANGES = {
    "words": lambda cast, ticket, by: facts.change_words(ticket=ticket, by=by, subject="Skriver 4"),
    "department": lambda cast, ticket, by: facts.change_department(ticket=ticket, by=by, department=cast.clinic),
    "include": lambda cast, ticket, by: facts.include_requester(ticket=ticket, by=by, person=cast.dag),
    "replace": lambda cast, ticket, by: facts.replace_requester(
        ticket=ticket, by=by, former=cast.nora, person=cast.dag
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_only_by_the_cases_team(cast, name):
    ticket = cast.case()
    with nothing_happens(ticket), pytest.raises(NotAllowed):
        CHANGES[name](cast, ticket, cast.nils)
    CHANGES[name](cast, ticket, cast.knut)
    with nothing_happens(ticket), pytest.raises(NotAllowed):
        facts.undo_change(ticket=ticket, by=cast.nils)


@pytest.mark.parametrize("name", CHANGES)
def test_undone_once_and_not_after_anything_else(cast, name):
    ticket = cast.case()
    before = Ticket.objects.filter(pk=ticket.pk).values("subject", "search_folded", "affected_department").get()
    CHANGES[name](cast, ticket, cast.kari)
    with nothing_happens(ticket), pytest.raises(Refused):
        facts.undo_change(ticket=ticket, by=cast.knut)
    facts.undo_change(ticket=ticket, by=cast.kari)
    assert Ticket.objects.filter(pk=ticket.pk).values(*before).get() == before
    with nothing_happens(ticket), pytest.raises(Refused):
        facts.undo_change(ticket=ticket, by=cast.kari)
    CHANGES[name](cast, ticket, cast.kari)
    answering.note(ticket=ticket, by=cast.knut, words="Jeg ser på den.")
    with nothing_happens(ticket), pytest.raises(Refused):
        facts.undo_change(ticket=ticket, by=cast.kari)


def test_former_words_can_be_taken_out_for_good(cast):
    ticket = cast.case(subject="Ola Nordmann, født 1950, får ikke time")
    facts.change_words(ticket=ticket, by=cast.kari, subject="Timebok feiler")
    event = queries.history(ticket)[-1]
    redaction.redact_event_reason(event=event, by=cast.kari, reason="Pasientopplysninger")
    assert all("Ola" not in one.reason for one in queries.history(ticket))
    with nothing_happens(ticket), pytest.raises(Refused):
        facts.undo_change(ticket=ticket, by=cast.kari)
    assert "ola" not in fresh(ticket).search_folded
    assert clock.now() >= fresh(ticket).changed_at
