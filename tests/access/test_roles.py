"""Role × permission × place, written out: a cell that changes must be changed here too."""

from __future__ import annotations

import pytest

from saksgang.access.roles import IN_TEAM, ROLES, Permission, Role, allows

pytestmark = pytest.mark.once

TABLE = """
                      agent team_leader dispatcher triage_manager department_head administrator
read_tickets          yes   yes         yes        yes            yes             yes
register_tickets      yes   yes         yes        yes            yes             -
write_notes           yes   yes         yes        yes            yes             -
hand_over_tickets     yes   yes         yes        yes            yes             -
work_tickets          team  team        team       team           -               -
restrict_tickets      team  team        team       team           -               -
read_restricted       -     team        -          -              -               -
decide_clarifications -     -           -          team           -               -
decide_improvements   -     -           -          yes            -               -
read_mail             yes   yes         yes        yes            -               yes
sort_mail             yes   yes         yes        yes            -               yes
administer            -     -           -          -              -               yes
"""
HEAD, *BODY = [line.split() for line in TABLE.strip().splitlines()]
CELLS = [(role, row[0], cell) for row in BODY for role, cell in zip(HEAD, row[1:], strict=True)]
SENTENCES = [f"{role} {permission} {cell}" for role, permission, cell in CELLS]


def test_the_table_names_every_role_and_permission():
    assert set(HEAD) == set(Role.values) == set(ROLES)
    assert {row[0] for row in BODY} == {str(permission) for permission in Permission}
    assert {permission for _role, permission, cell in CELLS if cell == "team"} == {str(one) for one in IN_TEAM}


HERE, ELSEWHERE = 7, 8


@pytest.mark.parametrize(("role", "permission", "cell"), CELLS, ids=SENTENCES)
def test_a_role_given_for_one_team(role, permission, cell):
    asked, given = Permission(permission), [(role, HERE)]
    assert allows(given, asked, HERE) == (cell != "-")
    assert allows(given, asked, ELSEWHERE) == (cell == "yes")
    assert allows(given, asked, None) == (cell != "-")


@pytest.mark.parametrize(("role", "permission", "cell"), CELLS, ids=SENTENCES)
def test_a_role_given_for_every_team(role, permission, cell):
    for team in (HERE, ELSEWHERE, None):
        assert allows([(role, None)], Permission(permission), team) == (cell != "-")


def test_roles_add_up_in_whatever_order_they_were_given():
    agent, leader = (Role.AGENT, HERE), (Role.TEAM_LEADER, ELSEWHERE)
    for given in ([agent, leader], [leader, agent]):
        assert allows(given, Permission.WORK_TICKETS, HERE)
        assert allows(given, Permission.WORK_TICKETS, ELSEWHERE)
        assert allows(given, Permission.READ_RESTRICTED, ELSEWHERE)
        assert not allows(given, Permission.READ_RESTRICTED, HERE)
        assert not allows(given, Permission.ADMINISTER, None)
