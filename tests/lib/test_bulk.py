import pytest
from django.db import IntegrityError, transaction

from saksgang.events.actions import Robot, record_many
from saksgang.events.models import Delivery, Event
from saksgang.lib import clock
from saksgang.lib.bulk import insert
from saksgang.people.models import Person, Team
from tests.structure.code import imports, name_of, product_files

ODD = "Åse\t«\\N»\n🙂 %s 'x'"


def test_rows_come_back_as_they_went_in_and_as_djangos_own_do(db):
    now = clock.now()
    facts = {
        "kind": "tried",
        "at": now,
        "by_robot": "r",
        "subject_kind": "x",
        "subject_id": 2**40,
        "after": {"ø": [1, None, ODD]},
        "reason": ODD,
    }
    with transaction.atomic():
        one, two = insert([Event(**facts), Event(**facts | {"ticket_id": 7})])
    three = Event.objects.create(**facts)
    assert one.pk < two.pk < three.pk
    read = [
        {k: v for k, v in row.items() if k not in ("id", "ticket_id")} for row in Event.objects.order_by("pk").values()
    ]
    assert read[0] == read[1] == read[2]
    assert (read[0]["reason"], read[0]["at"], read[0]["after"]) == (ODD, now, {"ø": [1, None, ODD]})
    assert Event.objects.get(ticket_id=7).pk == two.pk


def test_constraints_count(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([Person(name="Nora", sort_key="", folded=""), Person(name="", sort_key="", folded="")])
    assert not Person.objects.exists()
    assert insert([]) == []


def test_many_events_make_the_same_promises_as_one(db, settings):
    settings.FOLLOWERS = {"outbound": {"team_added"}}
    with transaction.atomic():
        teams = insert([Team(name=name, slug=name, sort_key=name) for name in "abc"])
        events = record_many("team_added", by=Robot("r"), changes=[(team, None, {}) for team in teams])
    assert [event.subject_id for event in events] == [team.pk for team in teams]
    assert Delivery.objects.filter(follower="outbound", event__in=events).count() == 3


def test_only_actions_write_with_it():
    users = {
        name_of(path) for path in product_files() for _line, name in imports(path) if name == "saksgang.lib.bulk.insert"
    }
    assert users == {
        "saksgang/events/actions.py",
        "saksgang/people/importing.py",
        "saksgang/tickets/actions/messages.py",
        "saksgang/tickets/actions/unattended/importing.py",
    }
