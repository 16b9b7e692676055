"""One event per change, written with the change, and one promise for each follower that subscribes."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from saksgang.events.actions import Robot, record
from saksgang.events.models import Delivery, Event
from tests.cast import SETUP


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused(live_cast):
    count = Event.objects.count()
    with pytest.raises(RuntimeError):
        record("team_added", by=SETUP, subject=live_cast.network)
    assert Event.objects.count() == count


@pytest.mark.django_db(transaction=True)
def test_the_event_goes_when_its_change_is_rolled_back(live_cast):
    count = Event.objects.count()
    with transaction.atomic():
        record("message_sent", by=SETUP, subject=live_cast.network)
        transaction.set_rollback(True)
    assert (Event.objects.count(), Delivery.objects.count()) == (count, 0)


def test_an_event_tells_who_did_what_to_what(cast):
    event = record(
        "team_added", by=cast.kari, subject=cast.network, ticket_id=7, before={"a": 1}, after={"a": 2}, reason="Fordi"
    )
    event.refresh_from_db()
    assert (event.kind, event.version, event.subject_kind, event.subject_id) == (
        "team_added",
        1,
        "team",
        cast.network.pk,
    )
    assert (event.by_person_id, event.by_robot, event.ticket_id) == (cast.kari.pk, "", 7)
    assert (event.before, event.after, event.reason) == ({"a": 1}, {"a": 2}, "Fordi")


def test_a_robot_acts_under_its_name(cast):
    event = record("team_added", by=Robot("clock"), subject=cast.network)
    assert (event.by_person_id, event.by_robot) == (None, "clock")


@pytest.mark.parametrize("robot", [Robot("")], ids=["without a name"])
def test_nobody_does_nothing(cast, robot):
    with pytest.raises(IntegrityError), transaction.atomic():
        record("team_added", by=robot, subject=cast.network)


def test_each_follower_that_subscribes_is_promised_the_event_once(cast, settings):
    settings.FOLLOWERS = {"outbound": {"message_sent"}, "search": {"message_sent", "team_added"}, "insight": set()}
    event = record("message_sent", by=SETUP, subject=cast.network)
    assert sorted(Delivery.objects.filter(event=event).values_list("follower", flat=True)) == ["outbound", "search"]
    other = record("team_added", by=SETUP, subject=cast.network)
    assert list(Delivery.objects.filter(event=other).values_list("follower", flat=True)) == ["search"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(event=event, follower="search", due_at=event.at)


def test_nobody_is_promised_what_nobody_asked_for(cast):
    event = record("team_added", by=SETUP, subject=cast.network)
    assert not Delivery.objects.filter(event=event).exists()
