"""Who sees what. Each line of the table is a sentence."""

from __future__ import annotations

import pytest

from saksgang.access.actions import grant, withdraw
from saksgang.access.models import RoleGrant
from saksgang.access.queries import may
from saksgang.access.roles import Permission, Role
from saksgang.people.models import Person
from saksgang.tickets import neighbours, queries
from saksgang.tickets.actions import assignment, restriction
from saksgang.tickets.kinds import LinkKind, State
from saksgang.tickets.models import Ticket, TicketLink, TicketRequester
from saksgang.tickets.persons import person_known_to, persons_known_to
from tests.cast import SETUP
from tests.tickets.steps import in_state

TABLE = """
knut  | an agent of the same team             | sees     | an unrestricted case
nils  | an agent of another team              | sees     | an unrestricted case
trine | a leader of another team              | sees     | an unrestricted case
nora  | the requester, without a role         | does not | an unrestricted case
kari  | its assignee                          | sees     | a restricted case
liv   | a leader of its team                  | sees     | a restricted case
dag   | a named reader who is an agent        | sees     | a restricted case
knut  | another agent of its team             | does not | a restricted case
nils  | an agent of another team              | does not | a restricted case
trine | a leader of another team              | does not | a restricted case
nora  | the requester, without a role         | does not | a restricted case
ragnhild | a leader everywhere                | sees     | a restricted case
"""
LINES = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()]


@pytest.fixture
def people(cast) -> dict[str, Person]:
    grant(by=SETUP, person=cast.dag, role=Role.AGENT, team=cast.network)
    grant(by=SETUP, person=cast.phone_only, role=Role.TEAM_LEADER)
    return {**vars(cast), "ragnhild": cast.phone_only}


@pytest.mark.parametrize(("name", "who", "verb", "what"), LINES, ids=[" ".join(line[1:]) for line in LINES])
def test_visibility(cast, people, name, who, verb, what):
    ticket = in_state(cast, State.IN_PROGRESS)
    if what == "a restricted case":
        restriction.restrict(ticket=ticket, by=cast.kari, readers=[cast.dag], reason="Personalsak")
    person = Person.objects.get(pk=people[name].pk)
    seen = Ticket.objects.visible_to(person)
    assert seen.filter(pk=ticket.pk).exists() == (verb == "sees")
    # The same object by every other door (S21): counts, search, queue, lists beside another case.
    assert seen.count() == (1 if verb == "sees" else 0)
    assert bool(queries.search(seen, "logget")) == (verb == "sees")
    assert bool(queries.queue(seen).rows) == (verb == "sees")
    assert queries.capped(seen) == seen.count()
    assert bool(neighbours.open_cases_of_person(person, cast.nora.pk)) == (verb == "sees")
    assert bool(neighbours.open_cases_of_department(person, cast.ward.pk)) == (verb == "sees")


def test_a_restricted_case_is_left_out_of_links_and_neighbours(cast):
    ticket, hidden = cast.case(), cast.case()
    TicketLink.objects.create(ticket=ticket, other=hidden, kind=LinkKind.FOLLOWS)
    assert len(neighbours.links(cast.nils, ticket)) == 1
    restriction.restrict(ticket=hidden, by=cast.kari, readers=[], reason="Personalsak")
    assert neighbours.links(cast.nils, ticket) == []
    assert len(neighbours.links(cast.kari, ticket)) == 1
    assert neighbours.other_cases(cast.nils, ticket) == []
    assert neighbours.department_cases(cast.nils, ticket) == []
    assert len(neighbours.department_cases(cast.liv, ticket)) == 1


def test_take_next_never_gives_what_one_may_not_see(cast):
    hidden = cast.case()
    restriction.restrict(ticket=hidden, by=cast.kari, readers=[], reason="Personalsak")
    assert queries.take_next(Ticket.objects.all(), cast.knut, [cast.service_desk.pk]) is None
    assert queries.take_next(Ticket.objects.all(), cast.kari, [cast.service_desk.pk]) == hidden


def test_s13_a_role_that_was_withdrawn_shows_nothing_more(cast):
    ticket = cast.case()
    assignment.take(ticket=ticket, by=cast.kari)
    restriction.restrict(ticket=ticket, by=cast.kari, readers=[], reason="Personalsak")
    withdraw(by=SETUP, grant=RoleGrant.objects.get(person=cast.kari), reason="Sluttet")
    assert not Ticket.objects.visible_to(Person.objects.get(pk=cast.kari.pk)).exists()


def test_somebody_who_has_left_sees_nothing(cast):
    cast.case()
    Person.objects.filter(pk=cast.kari.pk).update(active=False)
    assert not Ticket.objects.visible_to(Person.objects.get(pk=cast.kari.pk)).exists()


def test_what_one_sees_of_restricted_cases_is_what_one_may_read(cast, people):
    """`visible_to` and `may` agree for those who get there by their role alone."""
    hidden = {team.pk: cast.case(team=team) for team in (cast.service_desk, cast.network, cast.triage)}
    Ticket.objects.update(restricted=True)
    for name in ("kari", "nils", "liv", "trine", "ragnhild", "nora"):
        person = Person.objects.get(pk=people[name].pk)
        for team, ticket in hidden.items():
            sees = Ticket.objects.visible_to(person).filter(pk=ticket.pk).exists()
            assert sees == may(person, Permission.READ_RESTRICTED, team=team), (name, team)


def test_a_prepared_read_sees_what_visible_to_shows_whoever_asks_before(cast, people):
    """The read is compiled for a set of roles and then serves everybody who has them."""
    shown, hidden = in_state(cast, State.IN_PROGRESS), in_state(cast, State.IN_PROGRESS)
    restriction.restrict(ticket=hidden, by=cast.kari, readers=[cast.dag], reason="Personalsak")
    names = {line[0] for line in LINES}
    for name in [*sorted(names), *sorted(names, reverse=True)]:
        person = Person.objects.get(pk=people[name].pk)
        for ticket in (shown, hidden):
            seen = Ticket.objects.visible_to(person).filter(pk=ticket.pk).first()
            assert queries.case(person, ticket.pk) == seen
    Person.objects.filter(pk=cast.kari.pk).update(active=False)
    assert queries.case(Person.objects.get(pk=cast.kari.pk), shown.pk) is None


def test_one_person_is_known_to_the_same_people_as_all_of_them(cast, people):
    """The prepared read of one person follows the rule of the list."""
    from_restricted = Person.objects.create(name="Bare Her", sort_key="bare her")
    ticket = in_state(cast, State.IN_PROGRESS)
    TicketRequester.objects.create(ticket=ticket, person=from_restricted)
    restriction.restrict(ticket=ticket, by=cast.kari, readers=[cast.dag], reason="Personalsak")
    viewers = [Person.objects.get(pk=one.pk) for one in people.values() if isinstance(one, Person)]
    everybody = [*(one.pk for one in viewers), from_restricted.pk]
    for viewer in viewers:
        known = set(persons_known_to(viewer).filter(active=True).values_list("pk", flat=True))
        assert {pk for pk in everybody if person_known_to(viewer, pk)} == known & set(everybody)
    assert person_known_to(Person.objects.get(pk=cast.kari.pk), from_restricted.pk) == from_restricted
    assert person_known_to(Person.objects.get(pk=cast.knut.pk), from_restricted.pk) is None
