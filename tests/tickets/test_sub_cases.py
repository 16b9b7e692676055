"""T1 and H2: another team does a part of a case, with its own clock, and whoever asked still has one place to hear from."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.access.queries import NotAllowed
from saksgang.lib import clock
from saksgang.tickets.actions import closure, freshness, reopening, resolution, restriction
from saksgang.tickets.actions.ending import Parts
from saksgang.tickets.actions.ties import merging
from saksgang.tickets.actions.ties.sub_cases import open_sub_case
from saksgang.tickets.kinds import CloseReason, MessageKind, NextStep, State, Visibility
from saksgang.tickets.models import Message, MessageRecipient, Ticket
from saksgang.tickets.policies import Refused
from tests.tickets.steps import SOLUTION, assess, events_of, fresh, in_state, nothing_happens, one_event, owed

WORDS = "Kan dere sjekke svitsjen på sengepost 3?"


def part_of(cast, ticket, **facts):
    asked = {"team": cast.network, "subject": "Svitsjen på sengepost 3", "words": WORDS}
    return open_sub_case(ticket=ticket, by=cast.kari, **(asked | facts))


def solve(cast, part):
    assess(cast, part, by=cast.nils)
    return resolution.resolve(ticket=fresh(part), by=cast.nils, words="Byttet porten i svitsjen.")


@pytest.fixture
def whole(cast) -> Ticket:
    return in_state(cast, State.IN_PROGRESS)


def test_a_part_is_a_case_of_the_other_team_that_owes_nobody(cast, whole):
    with clock.at(clock.now() + timedelta(hours=1)), one_event(whole, "sub_case_opened", cast.kari):
        part = part_of(cast, whole)
        assert part.received_at == clock.now()
    assert (part.team, part.state, part.parent, part.open) == (cast.network, State.NEW, whole, 1)
    assert owed(part) == set()
    assert (part.next_step, part.affected_department) == (NextStep.ASSESS, whole.affected_department)
    note = Message.objects.get(ticket=part)
    assert (note.kind, note.visibility, note.text) == (MessageKind.NOTE, Visibility.INTERNAL, WORDS)
    assert owed(whole) == {"Nora Sykepleier"}


def test_its_end_is_a_note_and_the_next_step_of_the_whole_and_no_mail(cast, whole):
    part = part_of(cast, whole)
    with one_event(whole, "sub_case_ended", cast.nils):
        solve(cast, part)
    note = Message.objects.filter(ticket=whole).latest("pk")
    assert (note.kind, note.visibility) == (MessageKind.NOTE, Visibility.INTERNAL)
    assert "Byttet porten i svitsjen." in note.text
    assert fresh(whole).next_step == NextStep.FOLLOW_UP
    assert not MessageRecipient.objects.filter(message__ticket=part).exists()
    assert not MessageRecipient.objects.filter(message=note).exists()
    assert owed(whole) == {"Nora Sykepleier"}


def test_closed_with_a_reason_it_is_told_too(cast, whole):
    part = part_of(cast, whole)
    closure.close(ticket=part, by=cast.nils, reason=CloseReason.MISTAKE, note="Gjelder ikke vårt nett")
    assert "Gjelder ikke vårt nett" in Message.objects.filter(ticket=whole).latest("pk").text


def test_the_whole_is_solved_over_an_open_part_only_with_a_reason(cast, whole):
    part = part_of(cast, whole)
    with nothing_happens(whole), pytest.raises(Refused, match=str(part.pk)):
        resolution.resolve(ticket=whole, by=cast.kari, words=SOLUTION)
    resolution.resolve(ticket=whole, by=cast.kari, words=SOLUTION, over="Nora har nett på en annen port.")
    assert events_of(whole)[-1].reason == "Nora har nett på en annen port."
    assert (fresh(whole).state, fresh(part).open) == (State.RESOLVED, 1)


def test_solved_when_every_part_is_done_it_asks_nothing(cast, whole):
    solve(cast, part_of(cast, whole))
    resolution.resolve(ticket=fresh(whole), by=cast.kari, words=SOLUTION)
    assert fresh(whole).state == State.RESOLVED


def test_the_end_of_a_part_is_noted_on_a_whole_that_is_done_and_opens_nothing(cast, whole):
    part = part_of(cast, whole)
    resolution.resolve(ticket=whole, by=cast.kari, words=SOLUTION, over="Nora har nett.")
    solve(cast, part)
    assert fresh(whole).state == State.RESOLVED
    assert Message.objects.filter(ticket=whole).latest("pk").kind == MessageKind.NOTE


def test_closing_the_whole_asks_what_becomes_of_its_parts(cast, whole):
    part = part_of(cast, whole)
    with nothing_happens(whole), nothing_happens(part), pytest.raises(Refused, match=str(part.pk)):
        closure.close(ticket=whole, by=cast.kari, reason=CloseReason.MISTAKE)
    closure.close(ticket=whole, by=cast.kari, reason=CloseReason.MISTAKE, sub_cases=Parts.CLOSE)
    assert (fresh(part).state, fresh(part).close_reason) == (State.CLOSED, CloseReason.WITHDRAWN)
    assert events_of(part)[-1].kind == "sub_case_withdrawn"
    with nothing_happens(whole), pytest.raises(Refused):
        closure.undo_closing(ticket=whole, by=cast.kari)


def test_or_they_go_on_by_themselves(cast, whole):
    part = part_of(cast, whole)
    closure.close(ticket=whole, by=cast.kari, reason=CloseReason.MISTAKE, sub_cases=Parts.KEEP)
    assert fresh(part).open
    closure.undo_closing(ticket=fresh(whole), by=cast.kari)
    assert fresh(whole).open


def test_merged_its_parts_go_along_and_come_back(cast, whole):
    part, into = part_of(cast, whole), in_state(cast, State.IN_PROGRESS)
    merging.merge(ticket=fresh(whole), into=into, by=cast.kari)
    assert fresh(part).parent == into
    with nothing_happens(into), pytest.raises(Refused):
        resolution.resolve(ticket=fresh(into), by=cast.kari, words=SOLUTION)
    merging.undo_merge(ticket=whole, by=cast.kari)
    assert fresh(part).parent == whole
    resolution.resolve(ticket=fresh(into), by=cast.kari, words=SOLUTION)


def test_a_part_is_merged_with_nothing_and_has_no_parts(cast, whole):
    part = part_of(cast, whole)
    closed = in_state(cast, State.IN_PROGRESS, team=cast.service_desk)
    Ticket.objects.filter(pk=part.pk).update(team=cast.service_desk)
    for one, other in ((part, closed), (closed, part)):
        with nothing_happens(one), nothing_happens(other), pytest.raises(Refused):
            merging.merge(ticket=fresh(one), into=fresh(other), by=cast.kari)
    with nothing_happens(part), pytest.raises(Refused, match=str(whole.pk)):
        part_of(cast, fresh(part))


@pytest.mark.parametrize("wrong", [{"words": " "}, {"team": "service_desk"}, {"team": "triage"}])
def test_what_a_part_needs(cast, whole, wrong):
    facts = {name: getattr(cast, value, value) for name, value in wrong.items()}
    with nothing_happens(whole), pytest.raises(Refused):
        part_of(cast, whole, **facts)
    assert not Ticket.objects.filter(parent=whole).exists()


def test_only_whoever_works_on_the_case_gives_a_part_away(cast, whole):
    with nothing_happens(whole), pytest.raises(NotAllowed):
        open_sub_case(ticket=whole, by=cast.nils, team=cast.network, subject="x", words=WORDS)


def test_a_part_that_opens_again_holds_the_whole_again(cast, whole):
    part = part_of(cast, whole)
    solve(cast, part)
    reopening.reopen(ticket=fresh(part), by=cast.nils, reason="Porten falt ut igjen")
    with nothing_happens(whole), pytest.raises(Refused):
        resolution.resolve(ticket=fresh(whole), by=cast.kari, words=SOLUTION)


def test_a_part_of_a_restricted_case_has_the_same_readers(cast, whole):
    restriction.restrict(ticket=whole, by=cast.kari, readers=[cast.knut], reason="Personalsak")
    part = part_of(cast, fresh(whole))
    assert part.restricted
    assert not Ticket.objects.visible_to(cast.nils).filter(pk=part.pk).exists()
    assert Ticket.objects.visible_to(cast.knut).filter(pk=part.pk).exists()


def test_what_was_done_in_a_restricted_part_is_not_told_to_those_who_read_the_whole(cast, whole):
    part = part_of(cast, whole)
    assess(cast, part, by=cast.nils)
    restriction.restrict(ticket=part, by=cast.nils, readers=[], reason="Personalsak")
    resolution.resolve(ticket=fresh(part), by=cast.nils, words="Sperret kontoen etter melding fra personal.")
    told = Message.objects.filter(ticket=whole).latest("pk").text
    assert str(part.pk) in told
    assert "Sperret" not in told
    assert fresh(whole).next_step == NextStep.FOLLOW_UP


def test_two_who_end_the_part_and_the_whole_at_once_wait_for_the_lower_number_first(cast, whole, monkeypatch):
    part, asked = part_of(cast, whole), []
    monkeypatch.setattr(freshness, "_locked", asked.append)
    freshness.hold(ticket=part, by=cast.nils, seen=None)
    assert asked == [whole.pk, part.pk]
