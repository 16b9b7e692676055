"""Which pages hear of what: a fault of many, an improvement, the list of whom to phone, and what others have."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saksgang.console.live.changes import Watch
from saksgang.console.live.listeners import words_for
from saksgang.events.models import Event
from saksgang.improvements.kinds import Step
from saksgang.lib import clock
from saksgang.tickets.actions import waiting
from saksgang.tickets.actions.answering import answer
from saksgang.tickets.actions.major.incident import start, update
from saksgang.tickets.actions.major.membership import join, leave
from saksgang.tickets.actions.redaction import redact_update
from saksgang.tickets.actions.restriction import restrict
from tests.console.case.help import browser
from tests.improvements.steps import joins, made, step_to
from tests.tickets.steps import fresh, in_state, reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def hears(cast):
    """What a person is told of everything since the last time one asked."""
    watch, last = Watch(), Event.objects.order_by("-pk").values_list("pk", flat=True)

    def told(person) -> set[str]:
        since, heard.since = heard.since, last[0]
        return words_for(person, watch.news([(since + 1, heard.since)], mails=False, presence=False))

    class heard:  # noqa: N801 - a place to remember
        since = last.first() or 0

    return told


def fault(cast):
    return start(by=cast.kari, title="Ingen når DIPS", service=cast.dips, impact="departments", consequence="stops")


def test_a_fault_of_many_is_heard_of_by_what_happens_on_it_and_on_its_cases(cast, hears):
    major = fault(cast)
    topics = {"majors", f"major:{major.pk}"}
    assert topics <= hears(cast.kari)
    ticket = join(ticket=cast.case(), by=cast.kari, major=major)
    assert topics <= hears(cast.knut), "a case that joined"
    reply(cast, ticket)
    assert topics <= hears(cast.kari), "a message on one of its cases"
    said = update(major=major, by=cast.kari, words="Vi leter.")
    assert topics <= hears(cast.kari), "an update"
    redact_update(update=said, by=cast.kari, reason="Navn på pasient")
    assert topics <= hears(cast.kari), "an update that was removed"
    leave(ticket=fresh(ticket), by=cast.kari)
    assert topics <= hears(cast.kari), "a case that is something else"
    reply(cast, ticket)
    assert not topics & hears(cast.kari), "it belongs there no more"


def test_a_case_that_was_restricted_says_nothing_to_those_who_may_not_read_it(cast, hears):
    improvement = made(cast, ticket := cast.case())
    hears(cast.knut)
    restrict(ticket=fresh(ticket), by=cast.kari, readers=[], reason="Personalsak")
    topic = f"improvement:{improvement.pk}"
    assert topic not in hears(cast.knut)
    reply(cast, ticket)
    seen = Event.objects.filter(ticket_id=ticket.pk).order_by("-pk").values_list("pk", flat=True)[0]
    assert not hears(cast.knut) & {topic, "cases", f"case:{ticket.pk}"}
    news = Watch().news([(seen, seen)], mails=False, presence=False)
    assert {topic, f"case:{ticket.pk}"} <= words_for(cast.kari, news)


def test_an_improvement_is_heard_of_by_its_steps_and_by_whoever_asks_for_it_too(cast, hears):
    improvement = made(cast)
    topics = {"improvements", f"improvement:{improvement.pk}"}
    assert topics <= hears(cast.nils)
    ticket = joins(cast, improvement, cast.dag)
    assert topics <= hears(cast.kari), "one more requester"
    step_to(cast, improvement, Step.PLANNED)
    assert topics <= hears(cast.kari), "a decision"
    reply(cast, ticket, person=cast.dag)
    assert topics <= hears(cast.kari), "a word on a case behind it"


def test_the_list_of_calls_and_that_of_suppliers_hear_of_what_concerns_them(cast, hears):
    answer(ticket=cast.case(requesters=[cast.phone_only]), by=cast.kari, words="Vi har rettet det.")
    assert "calls" in hears(cast.kari)
    ticket = in_state(cast, "WAITING_THIRD_PARTY")
    assert "others" in hears(cast.kari)
    waiting.resume(ticket=ticket, by=cast.kari)
    assert "others" in hears(cast.kari), "it is theirs no more"
    answer(ticket=ticket, by=cast.kari, words="Nå virker det.")
    assert not {"others", "calls"} & hears(cast.kari)


@pytest.mark.parametrize("page", ["majors", "major", "improvements", "list", "improvement", "calls", "suppliers"])
def test_what_a_page_asks_for_is_drawn_as_on_the_page_and_is_told_once(cast, page):
    major, improvement = fault(cast), made(cast)
    answer(ticket=cast.case(requesters=[cast.phone_only]), by=cast.kari, words="Vi har rettet det.")
    join(ticket=cast.case(), by=cast.kari, major=major)
    in_state(cast, "WAITING_THIRD_PARTY")
    addresses = {
        "majors": "/majors", "major": f"/majors/{major.pk}", "improvements": "/improvements",
        "list": f"/improvements/team/{cast.service_desk.pk}", "improvement": f"/improvements/{improvement.pk}",
        "calls": "/calls", "suppliers": "/suppliers",
    }  # fmt: skip
    kari, moment = browser(cast.kari), clock.now() + timedelta(seconds=1)
    with clock.at(moment):
        whole = kari.get(addresses[page]).content.decode()
        part = kari.get(addresses[page] + "?fragment=1")
    assert "<html" not in part.content.decode()
    lines = [line.strip() for line in part.content.decode().splitlines() if "csrf" not in line and line.strip()]
    assert lines
    missing = [line for line in lines if line not in whole]
    assert not missing
    assert part["Cache-Control"] == "no-cache, private"
