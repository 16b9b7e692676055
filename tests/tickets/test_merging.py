"""B3 and H2: two cases become one and come apart again, and neither a word nor a claim is lost on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.access.queries import NotAllowed
from saksgang.lib import clock
from saksgang.tickets import merges
from saksgang.tickets.actions import answering, arrivals, assignment, clarification, resolution, restriction
from saksgang.tickets.actions.major import incident
from saksgang.tickets.actions.major.membership import join
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.actions.ties import merging
from saksgang.tickets.kinds import CloseReason, LinkKind, State
from saksgang.tickets.models import (
    Message,
    Ticket,
    TicketFollower,
    TicketLink,
    TicketMailbox,
    TicketMention,
    TicketMerge,
    TicketReader,
    TicketRequester,
)
from saksgang.tickets.policies import Refused
from saksgang.tickets.states import DONE
from tests.tickets.steps import MAIL, SOLUTION, assess, events_of, fresh, in_state, nothing_happens, owed, soon


def merge(cast, ticket, into, by=None):
    return merging.merge(ticket=ticket, into=into, by=by or cast.kari)


def undo(cast, ticket, by=None):
    return merging.undo_merge(ticket=ticket, by=by or cast.kari)


def writes(cast, ticket, person, words="En ting til.", came_for=None):
    """A mail of a requester's on a case, as it would join it."""
    return arrivals.receive(
        ticket=fresh(ticket),
        by=MAIL,
        heard=Heard(words, person.name, came_for=came_for),
        person=person,
        received_at=clock.now(),
    )


# What both sides are made of, for comparing before with after. What only tells that something was changed is left out.
NOT_COMPARED = {"changed_at", "lock_version", "last_assignee_id"}


def whole(ticket):
    row = Ticket.objects.filter(pk=ticket.pk).values().get()
    of = {"ticket": ticket}
    return {
        "case": {name: value for name, value in row.items() if name not in NOT_COMPARED},
        "messages": list(Message.objects.filter(**of).order_by("pk").values_list("pk", flat=True)),
        "requesters": sorted(
            TicketRequester.objects.filter(**of).values_list(
                "person", "contact_name", "answer_owed_since", "answered_at"
            ),
            key=str,
        ),
        "links": sorted(TicketLink.objects.filter(**of).values_list("other", "kind")),
        "followers": sorted(TicketFollower.objects.filter(**of).values_list("address", "name")),
        "mailboxes": sorted(TicketMailbox.objects.filter(**of).values_list("mailbox", flat=True)),
        "readers": sorted(TicketReader.objects.filter(**of).values_list("person", flat=True)),
        "mentions": sorted(TicketMention.objects.filter(**of).values_list("message", "person", "closed_at")),
    }


def differences(before, after):
    """[(what, before, after)] of two pictures of a case."""
    flat = [{**one["case"], **{name: rows for name, rows in one.items() if name != "case"}} for one in (before, after)]
    return [(name, value, flat[1][name]) for name, value in flat[0].items() if value != flat[1][name]]


def full_case(cast, person, address):
    """With a link, a follower, a mailbox, a file's worth of messages and an answered question."""
    ticket = cast.case(requesters=[person])
    TicketLink.objects.create(ticket=ticket, other=cast.case(), kind=LinkKind.FOLLOWS)
    TicketFollower.objects.create(ticket=ticket, address=address)
    answering.answer(ticket=ticket, by=cast.kari, words="Hvilken skriver?")
    writes(cast, ticket, person)
    return ticket


def test_one_case_has_all_that_two_had(cast):
    with clock.at(clock.now() - timedelta(days=1)):
        ticket = full_case(cast, cast.dag, "vakt@sykehuset.no")
        since = ticket.requesters.get().answer_owed_since
    into = cast.case()
    words = {*whole(ticket)["messages"], *whole(into)["messages"]}
    merge(cast, ticket, into)
    assert set(whole(into)["messages"]) == words
    assert owed(into) == {"Nora Sykepleier", "Dag Lege"}
    assert owed(ticket) == set()
    assert fresh(into).answers_owed == 2
    assert into.requesters.get(person=cast.dag).answer_owed_since == since
    assert fresh(into).received_at == fresh(ticket).received_at
    assert "vakt@sykehuset.no" in into.followers.values_list("address", flat=True)
    assert (fresh(ticket).state, fresh(ticket).close_reason) == (State.CLOSED, CloseReason.MERGED)
    assert [events_of(one)[-1].kind for one in (ticket, into)] == ["ticket_merged", "ticket_absorbed"]
    assert TicketLink.objects.get(ticket=ticket, other=into).kind == LinkKind.MERGED


def test_undone_at_once_both_are_what_they_were(cast):
    ticket, into = full_case(cast, cast.dag, "en@sykehuset.no"), full_case(cast, cast.nora, "to@sykehuset.no")
    before = whole(ticket), whole(into)
    merge(cast, ticket, into)
    undo(cast, ticket)
    assert (whole(ticket), whole(into)) == before
    for one in (ticket, into):
        assert [event.kind for event in events_of(one)][-2:] in (
            ["ticket_merged", "merge_reverted"],
            ["ticket_absorbed", "ticket_released"],
        )


@pytest.mark.parametrize("one", sorted(set(State) - DONE))
@pytest.mark.parametrize("other", sorted(set(State) - DONE))
def test_undone_at_once_whatever_state_they_were_in(cast, one, other):
    ticket, into = in_state(cast, one), in_state(cast, other, requesters=[cast.dag])
    before = whole(ticket), whole(into)
    merge(cast, ticket, into)
    undo(cast, ticket)
    assert (whole(ticket), whole(into)) == before


def test_somebody_on_both_is_owed_from_the_earlier_moment_and_each_claim_comes_back(cast):
    with clock.at(clock.now() - timedelta(days=1)):
        ticket = cast.case()
    into = cast.case()
    moments = [one.requesters.get().answer_owed_since for one in (ticket, into)]
    merge(cast, ticket, into)
    assert into.requesters.get().answer_owed_since == moments[0]
    undo(cast, ticket)
    assert [one.requesters.get().answer_owed_since for one in (ticket, into)] == moments


def test_who_was_answered_before_is_owed_nothing_by_a_merge(cast):
    ticket = cast.case(requesters=[cast.dag])
    answering.answer(ticket=ticket, by=cast.kari, words="Se den andre saken")
    into = cast.case()
    merge(cast, ticket, into)
    assert owed(into) == {"Nora Sykepleier"}


def test_who_was_answered_in_between_is_owed_again_on_what_comes_back(cast):
    ticket, into = cast.case(requesters=[cast.dag]), cast.case()
    merge(cast, ticket, into)
    answering.answer(ticket=fresh(into), by=cast.kari, words="Skriveren er byttet.")
    undo(cast, ticket)
    assert (owed(ticket), owed(into)) == ({"Dag Lege"}, set())


def test_solved_in_between_the_one_stays_solved_and_the_other_is_open_again(cast):
    ticket, into = cast.case(requesters=[cast.dag]), assess(cast, cast.case())
    merge(cast, ticket, into)
    resolution.resolve(ticket=fresh(into), by=cast.kari, words=SOLUTION)
    undo(cast, ticket)
    assert (fresh(into).state, owed(into)) == (State.RESOLVED, set())
    assert (fresh(ticket).state, owed(ticket)) == (State.NEW, {"Dag Lege"})


def test_what_came_meanwhile_goes_where_its_thread_points(cast):
    ticket, into = cast.case(requesters=[cast.dag]), cast.case()
    merge(cast, ticket, into)
    answering.answer(ticket=fresh(into), by=cast.kari, words="Vi ser på det.")
    with clock.at(soon(1)):
        back = writes(cast, into, cast.dag, "Om den første.", came_for=ticket.pk)
        stays = writes(cast, into, cast.nora, "Om den andre.")
        undo(cast, ticket)
    assert [Message.objects.get(pk=one.pk).ticket for one in (back, stays)] == [ticket, into]
    assert (owed(ticket), owed(into)) == ({"Dag Lege"}, {"Nora Sykepleier"})
    assert fresh(ticket).new_message_at is not None


def test_who_wrote_to_the_case_that_they_came_to_stays_on_it(cast):
    ticket, into = cast.case(requesters=[cast.dag]), cast.case()
    merge(cast, ticket, into)
    with clock.at(soon(1)):
        writes(cast, into, cast.dag)
        undo(cast, ticket)
    assert owed(into) == {"Nora Sykepleier", "Dag Lege"}
    assert owed(ticket) == {"Dag Lege"}


def test_an_answer_that_comes_back_in_between_is_owed_after_undoing_too(cast):
    ticket, into = cast.case(requesters=[cast.dag]), cast.case()
    answering.answer(ticket=ticket, by=cast.kari, words="Hei")
    merge(cast, ticket, into)
    answering.answer_failed(ticket=fresh(into), by=MAIL, person=cast.dag, owed_again=True)
    undo(cast, ticket)
    assert owed(ticket) == {"Dag Lege"}


def test_two_that_went_into_one_come_back_in_either_order(cast):
    for order in ((0, 1), (1, 0)):
        with clock.at(clock.now() - timedelta(days=2)):
            first = full_case(cast, cast.dag, "vakt@sykehuset.no")
        with clock.at(clock.now() - timedelta(days=1)):
            second = full_case(cast, cast.dag, "vakt@sykehuset.no")
        into = cast.case()
        parts = [first, second]
        before = [whole(one) for one in (*parts, into)]
        for one in parts:
            merge(cast, one, into)
        for nth in order:
            undo(cast, parts[nth])
        after = [whole(one) for one in (*parts, into)]
        after[2]["case"]["new_message_at"] = before[2]["case"][
            "new_message_at"
        ]  # what was new on the others may still show as new
        assert after == before


def test_a_case_that_went_into_one_that_went_on_comes_back_after_that_one(cast):
    first, second, third = cast.case(requesters=[cast.dag]), cast.case(), cast.case(requesters=[cast.phone_only])
    before = [whole(one) for one in (first, second, third)]
    merge(cast, first, second)
    merge(cast, second, third)
    assert merges.lives_on_in(fresh(first)) == third
    assert owed(third) == {"Dag Lege", "Nora Sykepleier", "Ragnhild Renhold"}
    with nothing_happens(first), pytest.raises(Refused, match="Angre det først"):
        undo(cast, first)
    undo(cast, second)
    undo(cast, first)
    assert [whole(one) for one in (first, second, third)] == before


def test_a_merge_is_undone_once(cast):
    ticket, into = cast.case(), cast.case()
    merge(cast, ticket, into)
    undo(cast, ticket)
    with nothing_happens(ticket), nothing_happens(into), pytest.raises(Refused):
        undo(cast, ticket)
    merge(cast, ticket, into)
    assert TicketMerge.objects.filter(ticket=ticket).count() == 2


def test_a_claim_that_comes_wakes_a_case_at_rest(cast):
    into = in_state(cast, State.WAITING_REQUESTER)
    merge(cast, cast.case(requesters=[cast.dag]), into)
    assert fresh(into).state == State.IN_PROGRESS
    quiet = in_state(cast, State.WAITING_REQUESTER)
    silent = cast.case(requesters=[])
    merge(cast, silent, quiet)
    assert fresh(quiet).state == State.WAITING_REQUESTER


@pytest.mark.parametrize("state", sorted(DONE))
def test_a_case_goes_into_none_that_is_done(cast, state):
    ticket, into = cast.case(), in_state(cast, state)
    with nothing_happens(ticket), nothing_happens(into), pytest.raises(Refused):
        merge(cast, ticket, into)
    with nothing_happens(ticket), nothing_happens(into), pytest.raises(Refused):
        merge(cast, into, ticket)


def test_a_case_goes_not_into_itself(cast):
    ticket = cast.case()
    with nothing_happens(ticket), pytest.raises(Refused):
        merge(cast, ticket, fresh(ticket))


def test_only_who_works_with_both_merges_them_or_takes_them_apart(cast):
    ticket, into = cast.case(), cast.case()
    assignment.hand_over(ticket=into, by=cast.kari, team=cast.network, reason="Nett")
    with nothing_happens(ticket), pytest.raises(NotAllowed):
        merge(cast, ticket, into)


# Nobody reads more than before.


def test_a_restricted_case_and_an_open_one_stay_two(cast):
    secret, plain = cast.case(), cast.case()
    restriction.restrict(ticket=secret, by=cast.kari, readers=[], reason="Personalsak")
    for one, other in ((secret, plain), (plain, secret)):
        with nothing_happens(one), nothing_happens(other), pytest.raises(Refused, match="flere ville lest"):
            merge(cast, one, other)


def test_of_two_restricted_cases_those_read_on_who_may_read_both(cast):
    ticket, into = cast.case(), cast.case()
    restriction.restrict(ticket=ticket, by=cast.kari, readers=[cast.knut], reason="Personalsak")
    restriction.restrict(ticket=into, by=cast.kari, readers=[cast.knut, cast.nils], reason="Personalsak")
    before = whole(ticket), whole(into)
    merge(cast, ticket, into)
    assert set(into.readers.values_list("person__name", flat=True)) == {cast.kari.name, cast.knut.name}
    undo(cast, ticket)
    assert (whole(ticket), whole(into)) == before


def test_who_has_the_case_must_be_able_to_read_what_comes_to_it(cast):
    ticket, into = cast.case(), cast.case()
    assignment.take(ticket=into, by=cast.knut)
    restriction.restrict(ticket=ticket, by=cast.kari, readers=[], reason="Personalsak")
    restriction.restrict(ticket=into, by=cast.kari, readers=[], reason="Personalsak")
    with nothing_happens(ticket), nothing_happens(into), pytest.raises(Refused):
        merge(cast, ticket, into)


def test_a_case_that_the_triage_team_is_asked_about_waits_for_its_decision(cast):
    ticket, into = cast.case(), cast.case()
    clarification.ask(ticket=ticket, by=cast.kari, question="Hvem eier skriveren?", words="Vi spør ledelsen.")
    Ticket.objects.filter(pk=ticket.pk).update(team=cast.service_desk)  # the question stands beside it
    for one, other in ((ticket, into), (into, ticket)):
        with nothing_happens(one), nothing_happens(other), pytest.raises(Refused, match="Trakta"):
            merge(cast, one, other)


def test_who_reports_a_fault_goes_on_hearing_of_it_so_both_cases_belong_to_it_or_neither(cast):
    facts = {"service": cast.printing, "impact": "departments", "consequence": "stops"}
    major = incident.start(by=cast.kari, title="Skriverne er nede", **facts)
    ticket, into = cast.case(requesters=[cast.dag]), cast.case()
    join(ticket=ticket, by=cast.kari, major=major)
    for one, other in ((ticket, into), (into, ticket)):
        with nothing_happens(one), nothing_happens(other), pytest.raises(Refused, match="samlesak"):
            merge(cast, one, other)
    join(ticket=into, by=cast.kari, major=major)
    before = whole(ticket), whole(into)
    merge(cast, ticket, into)
    incident.update(major=major, by=cast.kari, words="Vi bytter en svitsj.")
    assert Message.objects.filter(ticket=into, recipients__person=cast.dag, text="Vi bytter en svitsj.").count() == 1
    undo(cast, ticket)
    assert differences(before[0], whole(ticket)) == []


def test_what_was_restricted_while_it_was_one_case_comes_apart_as_two_restricted_ones(cast):
    ticket, into = cast.case(requesters=[cast.dag]), cast.case()
    merge(cast, ticket, into)
    restriction.restrict(ticket=fresh(into), by=cast.kari, readers=[cast.nils], reason="Personalsak")
    with clock.at(soon(1)):
        writes(cast, into, cast.dag, "Dette gjelder en ansatt.", came_for=ticket.pk)
        undo(cast, ticket)
    assert fresh(ticket).restricted
    assert not Ticket.objects.visible_to(cast.knut).filter(pk=ticket.pk).exists()
    for reader in (cast.kari, cast.nils):
        assert Ticket.objects.visible_to(reader).filter(pk=ticket.pk).exists()
