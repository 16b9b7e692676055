"""What happened, as it is heard: on both databases, from a thread of its own as in a server."""

from __future__ import annotations

import queue
import threading
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from saksgang.console.live.changes import MOST_EVENTS, News, Watch
from saksgang.console.live.sources import open_source, understood
from saksgang.events.actions import record_many
from saksgang.tickets.actions import answering, assignment
from tests.cast import SETUP

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def listening():
    """A queue of all news from here on."""
    heard: queue.Queue[News | str] = queue.Queue()
    stop = threading.Event()

    def listen():
        source = open_source()
        try:
            watch = Watch()
            heard.put("begun")
            while not stop.is_set():
                if call := source.wait(0.2):
                    kinds = call.kinds
                    if news := watch.news(call.events, mails="mails" in kinds, presence="presence" in kinds):
                        heard.put(news)
        finally:
            source.close()
            connection.close()

    thread = threading.Thread(target=listen)
    thread.start()
    try:
        assert heard.get(timeout=20) == "begun"
        yield heard
    finally:
        stop.set()
        thread.join()


def test_what_is_committed_is_heard_and_what_is_rolled_back_is_not(live_cast):
    first, second = live_cast.case(), live_cast.case()
    with listening() as heard:
        with transaction.atomic():
            answering.note(ticket=first, by=live_cast.kari, words="Blir aldri skrevet")
            transaction.set_rollback(True)
        answering.note(ticket=second, by=live_cast.kari, words="Skrevet")
        news = heard.get(timeout=20)
    assert [change.ticket_id for change in news.changes] == [second.pk]
    assert heard.empty()


def test_several_changes_of_a_case_at_once_are_one(live_cast):
    ticket = live_cast.case()
    with listening() as heard:
        with transaction.atomic():
            assignment.take(ticket=ticket, by=live_cast.kari)
            assignment.hand_over(ticket=ticket, by=live_cast.kari, team=live_cast.network, reason="Nettet")
        news = heard.get(timeout=20)
    [change] = news.changes
    assert change.teams == {live_cast.service_desk.pk, live_cast.network.pk}
    assert change.persons == {live_cast.kari.pk}
    assert news.since is not None


def test_an_import_is_told_as_everything(live_cast):
    ticket = live_cast.case()
    with listening() as heard, transaction.atomic():
        record_many("ticket_imported", by=SETUP, changes=[(ticket, ticket.pk, {})] * (MOST_EVENTS + 1))
    assert heard.get(timeout=20).everything


@pytest.mark.once
def test_what_postgresql_says():
    call = understood(["events 12 14", "mails", "events 15 15", "mails"])
    assert call.events == [(12, 14), (15, 15)]
    assert call.kinds == {"mails"}
