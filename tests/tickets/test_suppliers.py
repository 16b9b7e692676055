"""What suppliers have: chased, phoned, said by them to be solved. None of it answers the requester."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.access.queries import NotAllowed
from saksgang.catalogue.actions import add_supplier
from saksgang.lib import clock
from saksgang.tickets import suppliers
from saksgang.tickets.actions import outward, restriction, waiting
from saksgang.tickets.kinds import NextStep, State
from saksgang.tickets.policies import Refused
from tests.cast import SETUP
from tests.tickets.steps import assess, fresh, in_state, nothing_happens, one_event, soon

pytestmark = pytest.mark.django_db
ADDRESS = "support@leverandor.example"


def referred(cast, **facts):
    ticket = assess(cast, cast.case(**facts))
    waiting.wait_for_third_party(
        ticket=ticket, by=cast.kari, words="Firma har den.", until=soon(), waiting_for="Firma AS", reference="F-77"
    )
    return fresh(ticket)


def test_chased_by_one_press_where_they_are_written_to(cast):
    ticket = referred(cast)
    outward.write(ticket=ticket, by=cast.kari, words="Hei", to=[ADDRESS])
    with one_event(ticket, "message_sent_outward", cast.knut):
        message = outward.chase(ticket=ticket, by=cast.knut)
    assert [one.address for one in message.recipients.all()] == [ADDRESS]
    assert "F-77" in message.text
    after = fresh(ticket)
    assert (after.state, after.wait_until) == (State.WAITING_THIRD_PARTY, after.next_step_due_at)
    assert clock.now() + timedelta(days=1) < after.wait_until < clock.now() + timedelta(days=5)


def test_the_list_of_suppliers_knows_their_address(cast):
    ticket = referred(cast)
    add_supplier(by=SETUP, name="FIRMA as", address=ADDRESS)
    assert suppliers.addresses_of([(ticket.pk, "Firma AS")]) == {ticket.pk: ADDRESS}


def test_without_an_address_one_phones(cast):
    ticket = referred(cast)
    with nothing_happens(ticket), pytest.raises(Refused, match="e-postadresse"):
        outward.chase(ticket=ticket, by=cast.kari)
    with one_event(ticket, "supplier_phoned", cast.kari):
        outward.phoned(ticket=ticket, by=cast.kari)


def test_their_solved_only_means_check_with_the_requester(cast):
    ticket = referred(cast)
    with one_event(ticket, "supplier_answered", cast.kari):
        outward.said_solved(ticket=ticket, by=cast.kari)
    after = fresh(ticket)
    assert (after.state, after.next_step) == (State.IN_PROGRESS, NextStep.CHECK_WITH_REQUESTER)


@pytest.mark.parametrize("do", [outward.chase, outward.phoned, outward.said_solved])
def test_only_the_cases_team_and_only_while_it_waits(cast, do):
    ticket = referred(cast)
    with nothing_happens(ticket), pytest.raises(NotAllowed):
        do(ticket=ticket, by=cast.nils)
    working = in_state(cast, State.IN_PROGRESS)
    with nothing_happens(working), pytest.raises(Refused):
        do(ticket=working, by=cast.kari)


def test_the_list_is_what_one_may_see_the_oldest_first(cast):
    first = referred(cast)
    with clock.at(clock.now() + timedelta(hours=1)):
        second = referred(cast)
    numbers = [one.number for one in suppliers.rows(suppliers.waiting(cast.nils), 10)]
    assert numbers == [first.pk, second.pk]
    restriction.restrict(ticket=first, by=cast.liv, readers=[], reason="Personalsak")
    assert [one.number for one in suppliers.rows(suppliers.waiting(cast.nils), 10)] == [second.pk]
    assert not suppliers.waiting(cast.nils, team="nettverk").exists()
    assert not suppliers.waiting(cast.nils, who="Andre").exists()
