"""The question that every page and action asks, of real persons with roles that were given and taken."""

from __future__ import annotations

import pytest

from saksgang.access.actions import grant, withdraw
from saksgang.access.queries import NotAllowed, check_may, grants_of, may
from saksgang.access.roles import Permission, Role
from saksgang.events.models import Event
from saksgang.people.models import Person
from tests.cast import SETUP


def test_the_question_is_asked_of_the_persons_own_roles_in_the_named_team(cast):
    """Kari is an agent of the service desk, Liv its leader."""
    assert may(cast.kari, Permission.WORK_TICKETS, team=cast.service_desk.pk)
    assert not may(cast.kari, Permission.WORK_TICKETS, team=cast.network.pk)
    assert not may(cast.kari, Permission.READ_RESTRICTED, team=cast.service_desk.pk)
    assert may(cast.liv, Permission.READ_RESTRICTED, team=cast.service_desk.pk)
    check_may(cast.liv, Permission.READ_RESTRICTED, team=cast.service_desk.pk)
    with pytest.raises(NotAllowed, match="^read_restricted$"):
        check_may(cast.liv, Permission.READ_RESTRICTED, team=cast.network.pk)


def test_a_given_role_counts_at_once_and_is_written_down(cast):
    assert not may(cast.nils, Permission.WORK_TICKETS, team=cast.triage.pk)
    given = grant(by=cast.liv, person=cast.nils, role=Role.AGENT, team=cast.triage)
    assert may(cast.nils, Permission.WORK_TICKETS, team=cast.triage.pk)
    assert (given.person, given.role, given.team) == (cast.nils, Role.AGENT, cast.triage)
    last = Event.objects.latest("id")
    assert (last.kind, last.by_person_id) == ("role_granted", cast.liv.pk)
    assert last.after == {"person_id": cast.nils.pk, "role": "agent", "team_id": cast.triage.pk}


def test_a_loaded_persons_roles_are_read_once(cast, django_assert_num_queries):
    kari = Person.objects.get(pk=cast.kari.pk)
    with django_assert_num_queries(1):
        assert grants_of(kari) == [("agent", cast.service_desk.pk)]
        assert may(kari, Permission.WORK_TICKETS)
        assert not may(kari, Permission.ADMINISTER)


def test_who_has_no_role_is_nobody_or_has_left_may_nothing(cast):
    Person.objects.filter(pk=cast.liv.pk).update(active=False)
    for person in (cast.nora, None, Person.objects.get(pk=cast.liv.pk)):
        for permission in Permission:
            for team in (None, cast.service_desk.pk):
                assert not may(person, permission, team=team)
                with pytest.raises(NotAllowed):
                    check_may(person, permission, team=team)


def test_a_withdrawn_role_no_longer_counts_and_both_are_told(cast):
    given = grant(by=SETUP, person=cast.dag, role=Role.ADMINISTRATOR)
    assert may(cast.dag, Permission.ADMINISTER)
    withdraw(by=cast.liv, grant=given, reason="Feil person")
    assert not may(Person.objects.get(pk=cast.dag.pk), Permission.ADMINISTER)
    last = Event.objects.latest("id")
    assert (last.kind, last.by_person_id, last.reason) == ("role_withdrawn", cast.liv.pk, "Feil person")
    assert last.before == {"person_id": cast.dag.pk, "role": "administrator", "team_id": None}
