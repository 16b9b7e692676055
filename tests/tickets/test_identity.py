"""Who asks is known before anybody gets a password, a code or access; by every door."""

from __future__ import annotations

import pytest

from saksgang.catalogue import actions as catalogue
from saksgang.events.models import Event
from saksgang.people import actions as people
from saksgang.people.models import Person
from saksgang.tickets import policies
from saksgang.tickets.actions import closure, facts, identity, reopening, resolution
from saksgang.tickets.actions.core import unproven
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.actions.ties.merging import merge
from saksgang.tickets.kinds import Channel, CloseReason, ProofWay, State
from saksgang.tickets.models import IdentityProof, Message
from tests.cast import SETUP
from tests.tickets.steps import SOLUTION, assess, assess_as, fresh, kind_of_case


@pytest.fixture
def case(cast):
    return assess_as(cast, cast.case(), kind_of_case(cast))


def prove(cast, ticket, person=None, way=ProofWay.CARD, **facts):
    return identity.prove(ticket=ticket, by=cast.kari, person=person or cast.nora, way=way, **facts)


def solve(cast, ticket):
    return resolution.resolve(ticket=ticket, by=cast.kari, words=SOLUTION)


def test_without_proof_it_is_not_solved(cast, case):
    assert fresh(case).proofs_lacking == 1
    with pytest.raises(policies.Refused, match=cast.nora.name):
        solve(cast, case)
    with pytest.raises(policies.Refused, match=cast.nora.name):
        closure.close(ticket=case, by=cast.kari, reason=CloseReason.ANSWERED_ORALLY, note="Nora fikk koden på telefon")


def test_who_checked_how_and_when_is_kept_and_then_it_can_be_solved(cast, case):
    prove(cast, case, way=ProofWay.LEADER, note="Liv Leder")
    kept = IdentityProof.objects.get()
    assert (kept.person, kept.way, kept.note, kept.by) == (cast.nora, "LEADER", "Liv Leder", cast.kari)
    told = Event.objects.get(kind="identity_checked")
    assert told.after == {"person_id": cast.nora.pk, "way": "LEADER", "proofs_lacking": 0}
    assert solve(cast, case).state == State.RESOLVED


def test_a_leader_has_a_name(cast, case):
    with pytest.raises(policies.Refused):
        prove(cast, case, way=ProofWay.LEADER)


def test_one_rings_back_on_the_number_that_we_have(cast, case):
    Person.objects.filter(pk=cast.nora.pk).update(phone="")
    with pytest.raises(policies.Refused, match="nummer"):
        prove(cast, case, person=Person.objects.get(pk=cast.nora.pk), way=ProofWay.RUNG_BACK)
    Person.objects.filter(pk=cast.nora.pk).update(phone="41234567")
    prove(cast, case, person=Person.objects.get(pk=cast.nora.pk), way=ProofWay.RUNG_BACK)


def test_each_who_asks_is_checked(cast, case):
    facts.include_requester(ticket=case, by=cast.kari, person=cast.dag)
    prove(cast, case)
    assert fresh(case).proofs_lacking == 1
    with pytest.raises(policies.Refused, match=cast.dag.name):
        solve(cast, case)


def test_a_ward_is_not_one_person(cast):
    ticket = assess_as(cast, cast.case(requesters=[cast.ward_mailbox]), kind_of_case(cast))
    with pytest.raises(policies.Refused):
        prove(cast, ticket, person=cast.ward_mailbox)


@pytest.mark.parametrize("known", ["met_by_mail", "written_down"])
def test_somebody_whom_we_only_know_from_themselves_proves_nothing(cast, case, known):
    Person.objects.filter(pk=cast.nora.pk).update(**{known: True}, phone="41234567")
    with pytest.raises(policies.Refused):
        prove(cast, case, person=Person.objects.get(pk=cast.nora.pk), way=ProofWay.RUNG_BACK)


def test_a_caller_who_is_written_down_while_they_talk_brings_no_number_of_their_own(cast):
    caller = people.add_person(by=cast.kari, name="Kari Nordmann", phone="98765432")
    ticket = assess_as(cast, cast.case(requesters=[caller]), kind_of_case(cast))
    with pytest.raises(policies.Refused):
        prove(cast, ticket, person=caller, way=ProofWay.RUNG_BACK)
    people.change_person(by=SETUP, person=caller, external_id="p-8")
    prove(cast, ticket, person=caller, way=ProofWay.RUNG_BACK)


def test_a_sender_who_may_be_forged_is_confirmed_first(cast, case):
    Message.objects.filter(ticket=case).update(unverified=True)
    with pytest.raises(policies.Refused):
        prove(cast, case)


def test_nobody_checks_themselves_or_somebody_who_does_not_ask(cast):
    ticket = assess_as(cast, cast.case(requesters=[cast.kari]), kind_of_case(cast))
    with pytest.raises(policies.Refused):
        prove(cast, ticket, person=cast.kari)
    with pytest.raises(policies.Refused):
        prove(cast, ticket, person=cast.dag)


def test_another_kind_demands_nothing(cast, case):
    assert assess(cast, case).proofs_lacking == 0
    assert solve(cast, case).state == State.RESOLVED


def test_what_the_kind_demands_later_holds_for_open_cases_and_leaves_solved_ones_alone(cast):
    kind = kind_of_case(cast, demands_proof=False)
    done, going = (assess_as(cast, cast.case(), kind) for _ in range(2))
    solve(cast, done)
    catalogue.change_category(by=SETUP, category=kind, demands_proof=True)
    facts.change_words(ticket=done, by=cast.kari, subject="Løst")
    assert fresh(done).proofs_lacking == 0
    with pytest.raises(policies.Refused):
        solve(cast, going)
    reopening.reopen(ticket=done, by=cast.kari, reason="Virket ikke")
    assert fresh(done).proofs_lacking == 1


def test_what_it_demands_no_more_holds_nobody_up(cast, case):
    catalogue.change_category(by=SETUP, category=case.category, demands_proof=False)
    assert solve(cast, case).state == State.RESOLVED


def own_case(cast, **changes):
    """Kari registers a case for herself, as the page does it."""
    kind = changes.pop("category") if "category" in changes else kind_of_case(cast)
    told = {"by": cast.kari, "channel": Channel.PHONE, "heard": Heard("Passordet er glemt.", "Kari"), "mailbox": None}
    return cast.case(**told | {"requesters": [cast.kari], "category": kind} | changes)


def test_whoever_asks_for_themselves_while_signed_in_has_shown_who_they_are(cast):
    ticket = identity.prove_signed_in(ticket=own_case(cast), by=cast.kari)
    kept = IdentityProof.objects.get()
    assert (kept.person, kept.by, kept.way, kept.note) == (cast.kari, cast.kari, "SIGNED_IN", "")
    assert Event.objects.get(kind="identity_checked").after["way"] == "SIGNED_IN"
    assert solve(cast, assess_as(cast, ticket, ticket.category)).state == State.RESOLVED


def test_being_signed_in_proves_nobody_else(cast):
    for_nora = own_case(cast, requesters=[cast.nora], category=None)
    with pytest.raises(policies.Refused):
        identity.prove_signed_in(ticket=for_nora, by=cast.kari)
    by_mail = cast.case(requesters=[cast.kari])  # a mail that bears her name is no session
    with pytest.raises(policies.Refused):
        identity.prove_signed_in(ticket=by_mail, by=cast.kari)
    by_a_colleague = own_case(cast, by=cast.knut, category=None)
    with pytest.raises(policies.Refused):
        identity.prove_signed_in(ticket=by_a_colleague, by=cast.kari)
    assert not IdentityProof.objects.exists()


def test_a_shared_account_proves_nobody(cast):
    Person.objects.filter(pk=cast.kari.pk).update(kind="shared")
    ward = Person.objects.get(pk=cast.kari.pk)
    with pytest.raises(policies.Refused):
        identity.prove_signed_in(ticket=own_case(cast, by=ward, requesters=[ward]), by=ward)


def test_it_is_seen_as_the_case_is_registered_and_never_later(cast):
    ticket = own_case(cast)
    facts.include_requester(ticket=ticket, by=cast.kari, person=cast.dag)
    with pytest.raises(policies.Refused):
        identity.prove_signed_in(ticket=ticket, by=cast.kari)


def test_nobody_chooses_to_be_signed_in_nor_proves_themselves_otherwise(cast, case):
    with pytest.raises(policies.Refused):
        prove(cast, case, way=ProofWay.SIGNED_IN)
    own = own_case(cast, category=case.category)
    for way in ProofWay.values:
        with pytest.raises(policies.Refused):
            prove(cast, own, person=cast.kari, way=way, note="Liv Leder")
        with pytest.raises(policies.Refused):
            identity.prove_as_registered(ticket=own, by=cast.kari, person=cast.kari, way=way, note="Liv Leder")
    assert not IdentityProof.objects.exists()


def test_who_is_added_or_takes_the_place_must_show_it_themselves(cast):
    added = identity.prove_signed_in(ticket=own_case(cast), by=cast.kari)
    facts.include_requester(ticket=added, by=cast.kari, person=cast.dag)
    assert unproven(fresh(added)) == [cast.dag.pk]
    changed = identity.prove_signed_in(ticket=own_case(cast, category=added.category), by=cast.kari)
    facts.replace_requester(ticket=changed, by=cast.kari, former=cast.kari, person=cast.nora)
    assert unproven(fresh(changed)) == [cast.nora.pk]
    assert fresh(changed).proofs_lacking == 1


def test_a_case_that_it_is_merged_into_asks_again(cast, case):
    own = identity.prove_signed_in(ticket=own_case(cast, category=case.category), by=cast.kari)
    merge(ticket=own, into=case, by=cast.kari)
    assert set(unproven(fresh(case))) == {cast.nora.pk, cast.kari.pk}
