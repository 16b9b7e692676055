"""What is filtered by, kept in the address: solved and closed ones too, owner, department, period, and who has not heard from us."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saksgang.lib import clock
from saksgang.tickets.rules.queue import is_raised
from tests.console.desk import make_cases, next_page, numbers, signed_in, waiting

SOLVED = {
    "open": 0, "queue_rank": None, "next_step": None, "next_step_due_at": None, "type": "SERVICE_REQUEST", "resolution": "Byttet.",
}  # fmt: skip


def solved(cast, number=1, **changes):
    now = clock.now()
    facts = {"state": "RESOLVED", "resolved_at": now, "resolved_by": cast.kari, "assignee": cast.kari, "taken_at": now}
    return make_cases(cast, number, **(SOLVED | facts | changes))


def closed(cast, number=1, **changes):
    now = clock.now()
    facts = {"state": "CLOSED", "closed_at": now, "closed_by": cast.kari, "close_reason": "SPAM", "resolution": ""}
    return make_cases(cast, number, **(SOLVED | facts | changes))


def test_solved_and_closed_ones_stand_newest_first(cast):
    waits = make_cases(cast, 1)[0]
    first, second = solved(cast)[0], closed(cast)[0]
    elsewhere = solved(cast, team=cast.network)[0]
    client = signed_in(cast.kari)
    assert numbers(client.get("/queue?state=RESOLVED")) == [first.pk]
    assert numbers(client.get("/queue?state=CLOSED")) == [second.pk]
    assert numbers(client.get("/queue?state=done")) == [second.pk, first.pk]
    assert numbers(client.get("/queue?state=any")) == [second.pk, first.pk, waits.pk]
    assert numbers(client.get("/queue?show=all&state=done")) == [elsewhere.pk, second.pk, first.pk]
    assert numbers(client.get("/queue?show=mine&state=done")) == [elsewhere.pk, first.pk]


def test_paging_through_what_is_finished_meets_every_case_exactly_once(cast):
    made = solved(cast, 60) + closed(cast, 61)
    client, seen, address = signed_in(cast.kari), [], "?state=done"
    while address:
        response = client.get("/queue" + address)
        seen += numbers(response)
        address = next_page(response)
    assert seen == sorted((case.pk for case in made), reverse=True)


def test_owner(cast):
    free = make_cases(cast, 1)[0]
    owned = [
        make_cases(cast, 1, state="IN_PROGRESS", assignee=who, taken_at=clock.now())[0]
        for who in (cast.kari, cast.knut)
    ]
    client = signed_in(cast.kari)
    assert numbers(client.get("/queue?owner=me")) == [owned[0].pk]
    assert numbers(client.get("/queue?owner=nobody")) == [free.pk]
    assert numbers(client.get(f"/queue?owner={cast.knut.pk}")) == [owned[1].pk]
    assert numbers(client.get("/queue?owner=99999999999999999999")) == [free.pk, owned[0].pk, owned[1].pk]


def test_department_by_a_part_of_its_name(cast):
    ward = make_cases(cast, 1)[0]
    make_cases(cast, 1, affected_department=cast.clinic)
    client = signed_in(cast.kari)
    assert numbers(client.get("/queue", {"department": "SENGEPOST"})) == [ward.pk]
    assert numbers(client.get("/queue", {"department": "%"})) == []


def test_a_period_counts_both_of_its_days_by_oslos_clock(cast):
    now = clock.now()
    old = make_cases(cast, 1, received_at=now - timedelta(days=9))[0]
    fresh = make_cases(cast, 1, received_at=now)[0]
    today, then = (clock.local(moment).date().isoformat() for moment in (now, now - timedelta(days=9)))
    client = signed_in(cast.kari)
    assert numbers(client.get(f"/queue?since={today}")) == [fresh.pk]
    assert numbers(client.get(f"/queue?until={then}")) == [old.pk]
    assert set(numbers(client.get(f"/queue?since={then}&until={today}"))) == {old.pk, fresh.pk}


def test_who_has_not_heard_from_us(cast):
    now = clock.now()
    never = make_cases(cast, 1, received_at=now - timedelta(days=8))[0]
    long_ago = make_cases(cast, 1, received_at=now - timedelta(days=20), last_word_at=now - timedelta(days=4))[0]
    make_cases(cast, 1, received_at=now - timedelta(days=20), last_word_at=now - timedelta(hours=2))
    make_cases(cast, 1, received_at=now)
    client = signed_in(cast.kari)
    assert set(numbers(client.get("/queue?quiet=3"))) == {never.pk, long_ago.pk}
    assert numbers(client.get("/queue?quiet=7")) == [never.pk]
    assert len(numbers(client.get("/queue?quiet=8"))) == 4  # no list knows it


@pytest.mark.parametrize(
    "query",
    ["since=2026-02-31", "since=0001-01-01", "until=9999-12-31", "until=x", "department=%00", "quiet=-1", "owner=-3"],
)
def test_s30_a_filter_that_nothing_understands_changes_nothing(cast, query):
    made = make_cases(cast, 1)[0]
    assert numbers(signed_in(cast.kari).get(f"/queue?{query}")) == [made.pk]


def test_the_address_keeps_every_filter_from_page_to_page(cast):
    make_cases(cast, 60, state="IN_PROGRESS", assignee=cast.kari, taken_at=clock.now())
    asked = "show=team&state=IN_PROGRESS&owner=me&department=Sengepost&since=2020-01-01"
    response = signed_in(cast.kari).get(f"/queue?{asked}")
    assert next_page(response).removeprefix("?").startswith(asked)
    assert "· 60" in response.content.decode()


def test_more_filters_are_fetched_when_they_are_asked_for(cast):
    client = signed_in(cast.kari)
    closed_panel = client.get("/queue?type=ORDER").content.decode()
    assert 'name="owner"' not in closed_panel
    assert "?show=team&amp;type=ORDER&amp;more=1" in closed_panel
    open_panel = client.get("/queue?type=ORDER&more=1").content.decode()
    assert 'name="owner"' in open_panel
    assert '<input type="hidden" name="type" value="ORDER">' in open_panel
    assert cast.knut.name in open_panel


def test_filters_add_a_constant_number_of_queries(cast):
    client = signed_in(cast.kari)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/queue?state=any&department=Sengepost&quiet=1&owner=nobody")
        return len(queries)

    make_cases(cast, 1, received_at=clock.now() - timedelta(days=3))
    few = asked()
    make_cases(cast, 40, received_at=clock.now() - timedelta(days=3))
    solved(cast, 40)
    assert asked() == few <= 13


def test_a_row_says_how_old_the_case_is_and_why_it_stands_higher(cast):
    now = clock.now()
    who = {"assessed_at": now, "assessed_by": cast.kari}
    make_cases(cast, 1, priority=3, queue_rank=20, received_at=now - timedelta(days=3, hours=2), **who)
    make_cases(cast, 1, priority=4, queue_rank=40, received_at=now - timedelta(minutes=12, seconds=5), **who)
    page = signed_in(cast.kari).get("/queue").content.decode()
    assert '<td class="queue-age">3 d</td>' in page
    assert '<td class="queue-age">12 min</td>' in page
    assert page.count("raised: past its time") == 1


@pytest.mark.parametrize(
    ("rank", "priority", "raised"),
    [(20, 3, True), (30, 3, False), (15, 2, False), (15, None, False), (None, 3, False), (10, 1, False), (30, 4, True)],
)
def test_raised_is_what_stands_higher_than_its_priority_says(rank, priority, raised):
    assert is_raised(rank, priority) is raised


def test_waiting_ones_are_filtered_like_the_rest(cast):
    mine = make_cases(cast, 1, **waiting(cast))[0]
    make_cases(cast, 1, **waiting(cast, assignee=cast.knut))
    assert numbers(signed_in(cast.kari).get(f"/queue?show=waiting&owner={cast.kari.pk}")) == [mine.pk]
