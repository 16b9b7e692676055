"""The front page of those who lead: the whole hospital for the managers and department heads, what goes to and fro for team leaders."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.lib import clock
from saksgang.people.actions import add_person, change_team, open_account
from saksgang.people.models import Section
from saksgang.tickets.actions import assignment, restriction
from saksgang.tickets.actions.clarification import ask
from saksgang.tickets.kinds import State
from saksgang.tickets.models import Clarification, Ticket
from tests.cast import PASSWORD, SETUP
from tests.console.desk import make_cases, signed_in
from tests.tickets.steps import assess, in_state

pytestmark = pytest.mark.django_db
EVERYWHERE = {"impact": "organisation"}


@pytest.fixture
def manager(cast):
    grant(by=SETUP, person=cast.trine, role=Role.TRIAGE_MANAGER, team=cast.triage)
    return cast.trine


@pytest.fixture
def head(cast):
    change_team(by=SETUP, team=cast.service_desk, section=Section.ICT)
    person = add_person(by=SETUP, name="Gudrun Sjef", addresses=("gudrun@ikt.sykehus.example",))
    open_account(by=SETUP, person=person, username="gudrun", password=PASSWORD)
    grant(by=SETUP, person=person, role=Role.DEPARTMENT_HEAD, section=Section.ICT)
    return person


def front(person):
    return signed_in(person).get("/")


def names(response) -> dict[str, list[str]]:
    return {one["name"]: [row["number"] for row in one["rows"]] for one in response.context["sections"]}


def to_and_fro(cast) -> Ticket:
    ticket = cast.case(subject="Hvem eier denne")
    for by, team in ((cast.kari, cast.network), (cast.nils, cast.service_desk), (cast.kari, cast.network)):
        ticket = assignment.hand_over(ticket=ticket, by=by, team=team, reason="Ikke vårt")
    return ticket


def test_a_manager_sees_what_is_urgent_in_every_team(cast, manager):
    urgent = assess(cast, cast.case(team=cast.service_desk), service=cast.dips, **EVERYWHERE)
    assess(cast, cast.case())
    assert names(front(manager))["urgent"] == [str(urgent.pk)]
    assert "urgent" not in names(front(cast.kari))


def test_a_manager_sees_which_teams_are_behind(cast, manager):
    make_cases(cast, 2, next_step_due_at=clock.now() - timedelta(hours=1))
    response = front(manager)
    assert [(one["team"], one["overdue"]) for one in response.context["behind"]] == [("Servicesenter", 2)]
    assert signed_in(manager).get(response.context["behind"][0]["url"]).status_code == 200
    assert "behind" not in front(cast.kari).context


def test_a_manager_sees_what_is_asked_with_its_date(cast, manager):
    ask(ticket=in_state(cast, State.IN_PROGRESS), by=cast.kari, question="Skal vi kjøpe?", words="Vi spør.")
    html = front(manager).content.decode()
    assert "Skal vi kjøpe?" in html
    assert "due " in html


def test_what_goes_to_and_fro_is_on_the_leaders_list_and_marked_on_every_list(cast, manager):
    ticket = to_and_fro(cast)
    boss = grant(by=SETUP, person=cast.nils, role=Role.TEAM_LEADER, team=cast.network).person
    assert names(front(manager))["pingpong"] == [str(ticket.pk)]
    assert names(front(boss))["pingpong"] == [str(ticket.pk)]
    assert "pingpong" not in names(front(cast.liv)), "it is with another team"
    assert "pingpong" not in names(front(cast.kari))
    assert "to and fro</span>" in signed_in(cast.kari).get("/queue?show=all").content.decode()
    assert signed_in(manager).get("/?list=pingpong").status_code == 200


def test_a_head_sees_the_lists_of_the_section_and_what_was_left_undecided(cast, head):
    late = make_cases(cast, 1, next_step_due_at=clock.now() - timedelta(hours=1))[0]
    asked = ask(ticket=cast.case(), by=cast.kari, question="Skal vi kjøpe?", words="Vi spør.")
    Clarification.objects.update(escalated_at=clock.now(), escalated_to=head)
    response = front(head)
    assert str(late.pk) in str(names(response))
    assert [one["id"] for one in response.context["escalated"]] == [asked.pk]
    assert signed_in(head).get("/queue?show=team").status_code == 200


def test_a_restricted_case_is_in_no_list_or_number(cast, manager, head):
    ticket = assess(cast, cast.case(subject="Personalsak"), service=cast.dips, **EVERYWHERE)
    Ticket.objects.update(next_step_due_at=clock.now() - timedelta(hours=1), handed_over_count=3)
    restriction.restrict(ticket=ticket, by=cast.liv, readers=[], reason="Personalsak")
    for person in (manager, head):
        response = front(person)
        assert names(response) == {}
        assert response.context["behind"] == []
        assert "Personalsak" not in response.content.decode()


def test_the_page_asks_as_much_however_many_there_are(cast, manager):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        return len(queries)

    client = signed_in(manager)
    late = {"next_step_due_at": clock.now() - timedelta(hours=1), "handed_over_count": 3}
    make_cases(cast, 2, **late)
    client.get("/")
    few = asked()
    make_cases(cast, 30, **late)
    assert asked() <= few
