"""The history tells every kind of event in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation

import saksgang
from saksgang.catalogue.models import Service, StateLabel
from saksgang.console.case import history
from saksgang.events.models import Event
from saksgang.lib import clock
from saksgang.tickets.actions import assignment
from saksgang.tickets.actions.waiting import PAST
from tests.console.case.help import address, assessed, browser

RECORDED = re.compile(r"\b(?:store|store_told|record|record_many)\(\s*(?:\w+,\s*)?\"([a-z_]+)\"")


def recorded_kinds() -> set[str]:
    """Every kind that an action on a case writes."""
    folder = Path(saksgang.__file__).parent / "tickets" / "actions"
    found = {kind for path in folder.rglob("*.py") for kind in RECORDED.findall(path.read_text())}
    return found | {f"ticket_{past}" for past in PAST.values()} | {"mail_decided", "mail_registered"}


def test_every_kind_has_words():
    kinds = recorded_kinds()
    assert len(kinds) > 25
    assert kinds - set(history.WHAT) == set()


# Nothing writes these any more. Cases of before tell of them for as long as they are kept.
OF_BEFORE = {"requester_added": "when a case was closed as a duplicate, its requesters came to the original"}


def test_no_words_without_a_kind():
    assert set(history.WHAT) - recorded_kinds() == set(OF_BEFORE)


def test_who_what_from_to_and_why(cast):
    ticket = cast.case()
    assignment.take(ticket=ticket, by=cast.kari)
    assessed(cast, ticket)
    assignment.hand_over(ticket=ticket, by=cast.knut, team=cast.network, reason="Svitsjen er i stykker")
    html = browser(cast.kari).get(address("ticket_history", ticket)).content.decode()
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))
    assert "Mail reception registered the case" in plain
    assert "Kari Nordmann took the case: state New → In progress, assignee Kari Nordmann" in plain
    assert "service Utskrift" in plain
    assert "Knut Lie handed the case over" in plain
    assert "team Servicesenter → Nettverk" in plain
    assert "«Svitsjen er i stykker»" in plain


def test_kinds_and_robots_nobody_knows_yet(cast):
    with translation.override("en"):
        event = Event(kind="something_new_happened", by_robot="later", at=clock.now(), before={}, after={})
        [day] = history.days([event], clock.now())
    assert day["events"][0]["what"] == "something new happened"
    assert day["events"][0]["who"] == "The robot «later»"


def test_values_no_longer_known_are_shown_as_they_are(cast):
    with translation.override("en"):
        event = Event(
            kind="ticket_assessed", by_person_id=10**9, at=clock.now(), before={"type": "GONE"}, after={"type": None}
        )
        [day] = history.days([event], clock.now())
    assert day["events"][0]["changes"] == [{"label": "type", "before": "GONE", "after": "nothing"}]


@pytest.mark.parametrize(
    ("language", "service", "state"),
    [("nb", "Utskrift", "Hos oss"), ("nn", "Utskrift", "Hos oss"), ("en", "Printing", "With us")],
)
def test_services_and_states_stand_in_the_readers_language(cast, language, service, state):
    Service.objects.filter(pk=cast.printing.pk).update(name_en="Printing")
    StateLabel.objects.create(state="IN_PROGRESS", label_nb="Hos oss", label_en="With us")
    ticket = assignment.take(ticket=assessed(cast, cast.case()), by=cast.kari)
    other = cast.case()
    assignment.take(ticket=other, by=cast.kari)
    client = browser(cast.kari)
    client.cookies["language"] = language
    html = client.get(address("ticket_history", ticket)).content.decode()
    assert service in html
    assert state in html
    beside = client.get(address("ticket", cast.case())).content.decode()
    assert f"{state}, Kari Nordmann" in beside
