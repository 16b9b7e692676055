"""Role × permission × place, written out: a cell that changes must be changed here too."""

from __future__ import annotations

import pytest

from saksgang.access.actions import grant, withdraw
from saksgang.access.queries import NotAllowed, check_may, may
from saksgang.access.roles import IN_TEAM, ROLES, Permission, Role
from saksgang.events.models import Event
from saksgang.people.models import Person
from tests.cast import SETUP

TABLE = """
                  agent  team_leader  dispatcher  administrator
read_tickets      yes    yes          yes         yes
register_tickets  yes    yes          yes         -
write_notes       yes    yes          yes         -
hand_over_tickets yes    yes          yes         -
work_tickets      team   team         team        -
restrict_tickets  team   team         team        -
read_restricted   -      team         -           -
read_mail         yes    yes          yes         yes
sort_mail         yes    yes          yes         yes
administer        -      -            -           yes
"""
HEAD, *BODY = [line.split() for line in TABLE.strip().splitlines()]
CELLS = [(role, row[0], cell) for row in BODY for role, cell in zip(HEAD, row[1:], strict=True)]
SENTENCES = [f"{role} {permission} {cell}" for role, permission, cell in CELLS]


def test_the_table_names_every_role_and_permission():
    assert set(HEAD) == set(Role.values) == set(ROLES)
    assert {row[0] for row in BODY} == {str(permission) for permission in Permission}
    assert {permission for _role, permission, cell in CELLS if cell == "team"} == {str(one) for one in IN_TEAM}


@pytest.mark.parametrize(("role", "permission", "cell"), CELLS, ids=SENTENCES)
def test_a_role_given_for_one_team(cast, role, permission, cell):
    grant(by=SETUP, person=cast.dag, role=role, team=cast.network)
    asked = Permission(permission)
    assert may(cast.dag, asked, team=cast.network.pk) == (cell != "-")
    assert may(cast.dag, asked, team=cast.service_desk.pk) == (cell == "yes")
    assert may(cast.dag, asked) == (cell != "-")


@pytest.mark.parametrize(("role", "permission", "cell"), CELLS, ids=SENTENCES)
def test_a_role_given_for_every_team(cast, role, permission, cell):
    grant(by=SETUP, person=cast.dag, role=role)
    for team in (cast.network.pk, cast.service_desk.pk, None):
        assert may(cast.dag, Permission(permission), team=team) == (cell != "-")


@pytest.mark.parametrize("permission", list(Permission))
def test_who_has_no_role_is_nobody_or_has_left_may_nothing(cast, permission):
    Person.objects.filter(pk=cast.liv.pk).update(active=False)
    for person in (cast.nora, None, Person.objects.get(pk=cast.liv.pk)):
        for team in (None, cast.service_desk.pk):
            assert not may(person, permission, team=team)
            with pytest.raises(NotAllowed):
                check_may(person, permission, team=team)


def test_roles_add_up(cast):
    grant(by=SETUP, person=cast.kari, role=Role.AGENT, team=cast.network)
    assert may(cast.kari, Permission.WORK_TICKETS, team=cast.network.pk)
    assert may(cast.kari, Permission.WORK_TICKETS, team=cast.service_desk.pk)
    assert not may(cast.kari, Permission.WORK_TICKETS, team=cast.triage.pk)


def test_a_withdrawn_role_no_longer_counts_and_both_are_told(cast):
    given = grant(by=SETUP, person=cast.dag, role=Role.ADMINISTRATOR)
    assert may(cast.dag, Permission.ADMINISTER)
    withdraw(by=cast.liv, grant=given, reason="Feil person")
    assert not may(Person.objects.get(pk=cast.dag.pk), Permission.ADMINISTER)
    last = Event.objects.latest("id")
    assert (last.kind, last.by_person_id, last.reason) == ("role_withdrawn", cast.liv.pk, "Feil person")
    assert last.before == {"person_id": cast.dag.pk, "role": "administrator", "team_id": None}
