"""B4: two cases that belong together are shown beside one another."""

from __future__ import annotations

import pytest

from saksgang.access.queries import NotAllowed
from saksgang.tickets.actions.ties.linking import link, unlink
from saksgang.tickets.kinds import LinkKind
from saksgang.tickets.models import TicketLink
from saksgang.tickets.policies import Refused
from tests.tickets.steps import nothing_happens, one_event


def test_linked_and_unlinked_from_either_side(cast):
    one, other = cast.case(), cast.case()
    with one_event(one, "ticket_linked", cast.kari), nothing_happens(other):
        link(ticket=one, by=cast.kari, other=other)
    assert TicketLink.objects.get().kind == LinkKind.RELATED
    with nothing_happens(other), pytest.raises(Refused):
        link(ticket=other, by=cast.kari, other=one)
    with one_event(other, "ticket_unlinked", cast.kari):
        unlink(ticket=other, by=cast.kari, other=one)
    assert not TicketLink.objects.exists()


def test_how_a_case_came_about_is_not_unlinked(cast):
    one, other = cast.case(), cast.case()
    TicketLink.objects.create(ticket=one, other=other, kind=LinkKind.FOLLOWS)
    with nothing_happens(one), pytest.raises(Refused):
        unlink(ticket=one, by=cast.kari, other=other)


def test_who_links_works_on_the_case_and_not_on_itself(cast):
    one, other = cast.case(), cast.case()
    with nothing_happens(one), pytest.raises(NotAllowed):
        link(ticket=one, by=cast.nils, other=other)
    with nothing_happens(one), pytest.raises(Refused):
        link(ticket=one, by=cast.kari, other=one)
