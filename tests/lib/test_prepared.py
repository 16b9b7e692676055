"""A prepared query finds what its queryset finds, however often and with whatever values it is asked."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from saksgang.lib.prepared import LARGEST_ID, STAND_INS, prepared
from saksgang.people.models import PersonAddress
from saksgang.tickets.models import Message, Ticket, TicketRequester

COLUMNS = ("id", "restricted", "received_at", "priority_steps", "needed_by", "team__name")


def rows_of(ticket_id):
    return Ticket.objects.filter(pk=ticket_id).values_list(*COLUMNS)


def cases_of(team_id, person_id):
    mine = TicketRequester.objects.filter(person_id=person_id).values("ticket_id")
    return (
        Ticket.objects.filter(team_id=team_id, pk__in=mine, open=1).exclude(assignee_id=person_id).order_by("-id")[:2]
    )


def test_columns_have_the_types_of_their_fields(cast):
    read = prepared(rows_of)
    for ticket in (cast.case(), cast.case(subject="100 % sikkert")):
        assert read(ticket.pk) == list(rows_of(ticket.pk))
        assert isinstance(read(ticket.pk)[0], tuple)


def test_columns_come_in_the_order_they_were_named(cast):
    ticket = cast.case()
    read = prepared(lambda pk: Ticket.objects.filter(pk=pk).values_list("subject", F("team__name"), "id"))
    assert read(ticket.pk) == [(ticket.subject, ticket.team.name, ticket.pk)]


def test_several_values_each_go_to_their_own_place(cast):
    read = prepared(cases_of)
    made = [cast.case() for _ in range(3)]
    cast.case(team=cast.network)
    cast.case(requesters=[cast.dag])
    for team in (cast.service_desk, cast.network, cast.triage):
        for person in (cast.nora, cast.dag, cast.kari):
            assert read(team.pk, person.pk) == list(cases_of(team.pk, person.pk))
    assert read(cast.service_desk.pk, cast.nora.pk) == [made[2], made[1]]


def test_objects_come_whole_with_those_they_were_selected_with(cast):
    ticket = cast.case()
    read = prepared(lambda pk: Ticket.objects.filter(pk=pk).select_related("team", "assignee", "affected_department"))
    (found,), (plain,) = read(ticket.pk), Ticket.objects.filter(pk=ticket.pk)
    names = [field.attname for field in Ticket._meta.concrete_fields]
    assert [getattr(found, name) for name in names] == [getattr(plain, name) for name in names]
    with CaptureQueriesContext(connection) as asked:
        assert (found.team, found.assignee) == (cast.service_desk, None)
        assert found.affected_department.name == cast.ward.name
    assert len(asked) == 0
    found.subject = "Et annet emne"
    found.save()  # it knows that it stands in the database already
    assert Ticket.objects.get(pk=ticket.pk).subject == "Et annet emne"


def test_the_queryset_is_built_once(cast):
    built = []
    read = prepared(lambda pk: built.append(pk) or Message.objects.filter(ticket_id=pk).order_by("id"))
    for ticket in (cast.case(), cast.case()):
        assert [message.ticket_id for message in read(ticket.pk)] == [ticket.pk]
    assert built == [STAND_INS[0]]


def test_more_ids_than_there_are_places_for_are_a_fault(cast):
    with pytest.raises(ValueError, match="at most"):
        prepared(lambda *pks: Message.objects.filter(ticket_id__in=pks))(*range(1, len(STAND_INS) + 2))


def test_what_never_finds_anything_does_not_ask_the_database(cast):
    read = prepared(lambda person_id: PersonAddress.objects.none())
    with CaptureQueriesContext(connection) as asked:
        assert read(cast.nora.pk) == []
    assert len(asked) == 0


@pytest.mark.parametrize("number", [0, -1, LARGEST_ID, LARGEST_ID + 1, 10**40])
def test_s30_a_number_that_no_row_has_finds_nothing(cast, number):
    cast.case()
    assert prepared(rows_of)(number) == []


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_inside_a_transaction_only(live_cast):
    """Also when it was compiled inside one, and asked again outside."""
    case = live_cast.case()
    locked = prepared(lambda pk: Ticket.objects.select_for_update().filter(pk=pk))
    with transaction.atomic():
        assert [one.pk for one in locked(case.pk)] == [case.pk]
        assert ("FOR UPDATE" in locked.statement(1).sql) == (connection.vendor == "postgresql")
    with pytest.raises(transaction.TransactionManagementError):
        locked(case.pk)
