"""The kind of a case: what it is assessed as, and what goes with it."""

from __future__ import annotations

import pytest

from saksgang.catalogue.kinds import TicketType
from saksgang.events.models import Event
from saksgang.tickets import policies
from saksgang.tickets.actions import assessment
from tests.tickets.steps import assess, assess_as, fresh, kind_of_case


def test_a_case_keeps_its_kind_and_the_history_tells(cast):
    kind = kind_of_case(cast)
    ticket = assess_as(cast, cast.case(), kind)
    assert fresh(ticket).category == kind
    told = Event.objects.get(kind="ticket_assessed")
    assert (told.after["category_id"], told.after["service_id"]) == (kind.pk, cast.dips.pk)


@pytest.mark.parametrize("other", [{"type": TicketType.INCIDENT, "consequence": "stops"}, {"service": None}])
def test_a_kind_is_of_its_type_and_its_service(cast, other):
    ticket = cast.case()
    with pytest.raises(policies.Refused, match="Glemt passord"):
        assess_as(cast, ticket, kind_of_case(cast), **other)
    assert fresh(ticket).assessed_at is None


def test_assessing_anew_without_a_kind_takes_it_away(cast):
    ticket = assess_as(cast, cast.case(), kind_of_case(cast))
    assert assess(cast, ticket).category is None


def test_undoing_the_assessment_gives_the_kind_back(cast):
    kind = kind_of_case(cast)
    ticket = assess_as(cast, cast.case(), kind)
    assess(cast, ticket)
    assessment.take_back(ticket=ticket, by=cast.kari)
    assert fresh(ticket).category == kind
