"""How each team's cases are assessed: for those who lead, of teams only, each number a list of its cases."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.lib import clock
from saksgang.tickets.actions import assessment, restriction
from saksgang.tickets.actions.major import incident
from saksgang.tickets.actions.major.membership import join
from tests.cast import SETUP
from tests.console.desk import signed_in
from tests.tickets.steps import assess, assess_as, kind_of_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases(cast):
    """Five of the service desk: with a kind, two without, one of them by hand, one long ago, one that few may see."""
    assess_as(cast, cast.case(), kind_of_case(cast))
    assess(cast, cast.case())
    by_hand = assess(cast, cast.case())
    assessment.override(ticket=by_hand, by=cast.kari, value=2, reason="Fagdagen")
    hidden = assess(cast, cast.case())
    restriction.restrict(ticket=hidden, by=cast.kari, readers=[cast.kari], reason="Personalsak")
    with clock.at(clock.now() - timedelta(days=40)):
        assess(cast, cast.case())
    return by_hand


def rows(client, address="/assessments"):
    """Team → [(number, address)]."""
    html = client.get(address).content.decode()
    found = {}
    for row in re.findall(r'<tr><th scope="row">.*?</tr>', html, re.DOTALL):
        team = re.search(r'"row">(.*?)<', row)[1]
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row)
        found[team] = [re.sub(r"<[^>]+>", "", cell) for cell in cells]
    return found


def test_a_team_leader_sees_their_own_team_with_those_that_only_they_may_see(cast, cases):
    assert rows(signed_in(cast.liv)) == {"Servicesenter": ["4", "3 (75 %)", "1 (25 %)"]}
    assert rows(signed_in(cast.liv), "/assessments?days=90") == {"Servicesenter": ["5", "4 (80 %)", "1 (20 %)"]}


def test_a_manager_sees_every_team_and_no_restricted_case(cast, cases):
    grant(by=SETUP, person=cast.trine, role=Role.TRIAGE_MANAGER, team=cast.triage)
    found = rows(signed_in(cast.trine))
    assert found["Servicesenter"] == ["3", "2 (67 %)", "1 (33 %)"]
    assert found["Nettverk"] == ["0", "0", "0"]


def test_each_number_is_a_list_of_as_many_cases(cast, cases):
    client = signed_in(cast.liv)
    html = client.get("/assessments").content.decode()
    lists = [one.replace("&amp;", "&") for one in re.findall(r'<td[^>]*><span><a href="([^"]+)"', html)]
    shown = [len(set(re.findall(r'href="/tickets/(\d+)"', client.get(one).content.decode()))) for one in lists]
    assert shown == [4, 3, 1]
    assert f'href="/tickets/{cases.pk}"' in client.get(lists[2]).content.decode()


def test_agents_do_not_see_it_and_nobody_is_named(cast, cases):
    assert signed_in(cast.kari).get("/assessments").status_code == 403
    assert "Kari" not in signed_in(cast.liv).get("/assessments").content.decode().partition("<main")[2]


def test_what_a_fault_of_many_lent_is_not_counted(cast):
    facts = {"service": cast.dips, "impact": "departments", "consequence": "stops"}
    major = incident.start(by=cast.kari, title="DIPS er nede", **facts)
    join(ticket=cast.case(), by=cast.kari, major=major)
    assert rows(signed_in(cast.liv)) == {"Servicesenter": ["0", "0", "0"]}
