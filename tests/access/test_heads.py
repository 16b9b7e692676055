"""A department head: one a section, who sees its teams and does none of their work."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from saksgang.access.actions import grant
from saksgang.access.queries import head_of, may, teams_headed
from saksgang.access.roles import Permission, Role
from saksgang.people.actions import add_person, add_team, change_team
from saksgang.people.models import Section
from tests.cast import SETUP

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(cast):
    change_team(by=SETUP, team=cast.service_desk, section=Section.ICT)
    person = add_person(by=SETUP, name="Gudrun Sjef", addresses=("gudrun@ikt.sykehus.example",))
    grant(by=SETUP, person=person, role=Role.DEPARTMENT_HEAD, section=Section.ICT)
    return person


def test_a_head_sees_the_teams_of_the_section(cast, head):
    assert (head_of(Section.ICT), head_of(Section.EHEALTH), head_of("")) == (head, None, None)
    assert teams_headed(head) == [cast.service_desk.pk]
    add_team(by=SETUP, name="Nytt", section=Section.ICT)
    assert len(teams_headed(head)) == 2


def test_a_head_reads_and_works_on_nothing(cast, head):
    assert may(head, Permission.READ_TICKETS)
    assert not may(head, Permission.WORK_TICKETS)
    assert not may(head, Permission.READ_RESTRICTED)


def test_a_section_has_one_head(cast, head):
    with pytest.raises(IntegrityError), transaction.atomic():
        grant(by=SETUP, person=cast.kari, role=Role.DEPARTMENT_HEAD, section=Section.ICT)


def test_whoever_has_left_is_nobodys_head(head):
    head.active = False
    head.save(update_fields=["active"])
    assert head_of(Section.ICT) is None
