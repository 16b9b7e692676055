from datetime import timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from saksgang.console.lists import asked
from saksgang.console.lists.asked import Asked
from saksgang.console.shell import counts
from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.tickets import queries
from saksgang.tickets.actions import assessment, assignment, restriction
from saksgang.tickets.models import Ticket, TicketReader
from tests.console.desk import make_cases, nav_count, next_page, numbers, signed_in, waiting

LISTS = ["team", "mine", "untaken", "waiting", "new", "all", "triage"]


def test_the_order_is_priority_then_not_assessed_then_received_then_number(cast):
    now = clock.now()
    who = {"assessed_at": now, "assessed_by": cast.kari}
    low = make_cases(cast, 1, priority=4, queue_rank=40, received_at=now - timedelta(days=9), **who)[0]
    late = make_cases(cast, 1, priority=3, queue_rank=30, received_at=now, **who)[0]
    early = make_cases(cast, 1, priority=3, queue_rank=30, received_at=now - timedelta(hours=1), **who)[0]
    twin = make_cases(cast, 1, priority=3, queue_rank=30, received_at=now, **who)[0]
    unknown = make_cases(cast, 1, queue_rank=15)[0]
    first = make_cases(cast, 1, priority=1, queue_rank=10, **who)[0]
    shown = numbers(signed_in(cast.kari).get("/queue?show=team"))
    assert shown == [case.pk for case in (first, unknown, early, late, twin, low)]


PLAIN = ["team", "mine", "untaken", "new", "all", "triage"]


@pytest.mark.parametrize("show", PLAIN)
def test_a_list_that_is_compiled_once_holds_what_the_list_says(cast, monkeypatch, show):
    """For whoever asks: the one with teams, the one with more of them than are compiled, the one without any."""
    cases = make_cases(cast, 3) + make_cases(cast, 3, team=cast.network) + make_cases(cast, 2, team=cast.triage)
    assignment.take(ticket=cases[0], by=cast.kari)
    restriction.restrict(ticket=cases[3], by=cast.nils, readers=[], reason="Gjelder en ansatt.")
    found = Asked.read(QueryDict(f"show={show}"), ())
    assert found.is_plain
    for _time in range(2):
        for name in ("kari", "nils", "liv", "trine", "nora"):
            person = Person.objects.get(pk=getattr(cast, name).pk)
            wanted = list(queries.queue_rows(asked.cases(person, found)))
            assert asked._first_rows(person, found) == wanted
            monkeypatch.setattr(asked, "MOST_TEAMS", 0)
            assert asked._first_rows(person, found) == wanted
            monkeypatch.undo()


@pytest.mark.parametrize(
    "query", ["show=waiting", "show=team&after=1.1.1", "show=team&state=NEW", "show=team&owner=me", "state=done"]
)
def test_what_is_filtered_is_not_plain(db, query):
    assert not Asked.read(QueryDict(query), ()).is_plain


@pytest.mark.parametrize("show", ["all", "team", "untaken", "new"])
def test_paging_meets_every_case_exactly_once(cast, show):
    made = make_cases(cast, 60) + make_cases(cast, 61, received_at=clock.now())
    client = signed_in(cast.kari)
    seen, address, pages = [], f"?show={show}", 0
    while address:
        response = client.get("/queue" + address)
        seen += numbers(response)
        address, pages = next_page(response), pages + 1
    assert (len(seen), pages) == (121, 3)
    assert set(seen) == {case.pk for case in made}


def test_paging_through_what_waits_meets_every_case_exactly_once(cast):
    made = make_cases(cast, 70, **waiting(cast)) + make_cases(cast, 50, **waiting(cast, state="PLANNED"))
    client = signed_in(cast.kari)
    seen, address = [], "?show=waiting"
    while address:
        response = client.get("/queue" + address)
        seen += numbers(response)
        address = next_page(response)
    assert len(seen) == 120
    assert set(seen) == {case.pk for case in made}


def test_my_cases_also_show_those_that_wait(cast):
    taken = make_cases(cast, 1, state="IN_PROGRESS", assignee=cast.kari, taken_at=clock.now())[0]
    rests = make_cases(cast, 1, **waiting(cast))[0]
    make_cases(cast, 1, **waiting(cast, assignee=cast.knut))
    assert numbers(signed_in(cast.kari).get("/queue?show=mine")) == [taken.pk, rests.pk]
    assert numbers(signed_in(cast.kari).get("/queue?show=waiting&owner=me")) == [rests.pk]


def test_each_list_holds_its_own(cast):
    new = make_cases(cast, 1)[0]
    taken = make_cases(cast, 1, state="IN_PROGRESS", assignee=cast.knut, taken_at=clock.now())[0]
    elsewhere = make_cases(cast, 1, team=cast.network)[0]
    triage = make_cases(cast, 1, team=cast.triage)[0]
    rests = make_cases(cast, 1, **waiting(cast))[0]
    expected = {
        "team": {new, taken},
        "mine": {rests},
        "untaken": {new},
        "waiting": {rests},
        "new": {new, taken},
        "all": {new, taken, elsewhere, triage},
        "triage": {triage},
    }
    client = signed_in(cast.kari)
    for show, cases in expected.items():
        assert set(numbers(client.get(f"/queue?show={show}"))) == {case.pk for case in cases}, show
    assert numbers(client.get("/queue?team=nettverk")) == [elsewhere.pk]
    assert numbers(client.get("/queue?show=all&state=IN_PROGRESS")) == [taken.pk]


def test_filters(cast):
    now = clock.now()
    facts = {"assessed_at": now, "assessed_by": cast.kari, "priority": 3, "queue_rank": 30}
    order = make_cases(cast, 1, type="ORDER", **facts)[0]
    dips = make_cases(cast, 1, type="INCIDENT", service=cast.dips, **facts)[0]
    client = signed_in(cast.kari)
    assert numbers(client.get("/queue?type=ORDER")) == [order.pk]
    assert numbers(client.get(f"/queue?service={cast.dips.pk}")) == [dips.pk]
    assert numbers(client.get("/queue?type=INCIDENT&service=99999999999999999999999")) == [dips.pk]


@pytest.mark.parametrize(
    "query",
    [
        "show=%27%3B+DROP+TABLE", "after=1.2", "after=a.b.c.d", "after=10.99999999999999999999.0.1", "team=%00", "service=-1",
        "state=RESOLVED", "type=%F0%9F%98%80", "after=15.1700000000.0.99999999999999999999999", "service=%D9%A3", "owner=%00",
    ],
)  # fmt: skip
def test_s30_what_no_list_knows_changes_nothing(cast, query):
    make_cases(cast, 2)
    assert signed_in(cast.kari).get(f"/queue?{query}").status_code == 200


@pytest.mark.parametrize("show", LISTS)
def test_queries_do_not_grow_with_the_rows(cast, show):
    client = signed_in(cast.kari)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/queue?show={show}")
        return len(queries)

    make_cases(cast, 1)
    make_cases(cast, 1, team=cast.triage)
    make_cases(cast, 1, **waiting(cast))
    few = asked()
    make_cases(cast, 40, postponed_count=2, new_message_at=clock.now())
    make_cases(cast, 40, team=cast.triage)
    make_cases(cast, 40, **waiting(cast))
    assert asked() == few <= 12


def test_s21_restricted_cases_are_in_no_list_and_no_count(cast):
    secret = cast.case(subject="Lønn og permisjon")
    restriction.restrict(ticket=secret, by=cast.liv, readers=[], reason="Gjelder en ansatt")
    for show in LISTS:
        response = signed_in(cast.kari).get(f"/queue?show={show}")
        assert b"permisjon" not in response.content
        assert secret.pk not in numbers(response)
    assert counts(cast.kari).team == counts(cast.kari).untaken == 0
    assert counts(cast.liv).team == counts(cast.liv).untaken == 1
    assert numbers(signed_in(cast.liv).get("/queue")) == [secret.pk]


def test_counts_follow_who_may_see(cast):
    """The frame's one query says the same as visible_to, for every kind of viewer."""
    make_cases(cast, 3)
    hidden = make_cases(cast, 2, restricted=True)
    make_cases(cast, 1, restricted=True, state="IN_PROGRESS", assignee=cast.kari, taken_at=clock.now())
    TicketReader.objects.create(ticket=hidden[0], person=cast.knut)
    for person in (cast.kari, cast.knut, cast.liv):
        visible = Ticket.objects.visible_to(person).filter(team=cast.service_desk, queue_rank__isnull=False)
        assert counts(person).team == visible.count()
    assert [counts(person).team for person in (cast.kari, cast.knut, cast.liv)] == [4, 4, 6]
    assert counts(cast.kari).mine == 1


def test_counts_stop_at_the_cap(cast):
    make_cases(cast, 130)
    response = signed_in(cast.kari).get("/queue")
    assert counts(cast.kari).team == 101
    assert nav_count(response, "/queue?show=team") == "100+"
    assert nav_count(response, "/queue?show=mine") == ""


def test_counts_tell_what_slips(cast):
    due = clock.now() - timedelta(minutes=1)
    make_cases(cast, 2, next_step_due_at=due)
    make_cases(cast, 1, next_step_due_at=due, team=cast.network)
    make_cases(cast, 1, next_step_due_at=due, team=cast.network, state="IN_PROGRESS", assignee=cast.kari, taken_at=due)
    assert counts(cast.kari).slipping == 3
    assert bool(counts(cast.kari).overdue)
    assert counts(cast.nils).slipping == 2


def test_take_next_takes_the_first_of_my_teams(cast):
    make_cases(cast, 1, team=cast.network, received_at=clock.now() - timedelta(days=9))
    make_cases(cast, 1)
    first = make_cases(cast, 1, received_at=clock.now() - timedelta(days=1))[0]
    response = signed_in(cast.kari).post("/queue/next")
    assert response["Location"] == f"/tickets/{first.pk}"
    assert Ticket.objects.get(pk=first.pk).assignee == cast.kari


def test_take_next_never_takes_where_one_does_not_work(cast):
    make_cases(cast, 1, team=cast.network)
    response = signed_in(cast.kari).post("/queue/next", {"team": "nettverk"})
    assert response["Location"] == "/queue"
    assert not Ticket.objects.filter(assignee=cast.kari).exists()


def test_take_next_goes_on_when_somebody_is_quicker(cast, monkeypatch):
    first = cast.case()
    second = cast.case()
    plain = assignment.take

    def slow(*, ticket, by, **options):
        if ticket == first:
            plain(ticket=ticket, by=cast.knut)
        return plain(ticket=ticket, by=by, **options)

    monkeypatch.setattr("saksgang.console.lists.views.queue.assignment.take", slow)
    assert signed_in(cast.kari).post("/queue/next")["Location"] == f"/tickets/{second.pk}"


def test_a_row_says_what_must_happen(cast):
    ticket = cast.case(subject="Skriveren <b>står</b>")
    assignment.take(ticket=ticket, by=cast.knut)
    assessment.assess(
        ticket=ticket, by=cast.knut, type="INCIDENT", service=cast.dips, impact="organisation", consequence="stops"
    )
    page = signed_in(cast.kari).get("/queue").content.decode()
    assert 'data-priority="1"' in page
    assert "taken by KL" in page
    assert "Sengepost 3" in page
    assert "Skriveren &lt;b&gt;står&lt;/b&gt;" in page
    assert "taken by you" in signed_in(cast.knut).get("/queue").content.decode()


def test_the_poll_fetches_the_rows_only_and_says_when_nothing_has_changed(cast):
    make_cases(cast, 3)
    client = signed_in(cast.kari)
    first = client.get("/queue?show=team&fragment=1")
    assert b"<html" not in first.content
    assert len(numbers(first)) == 3
    again = client.get("/queue?show=team&fragment=1", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    make_cases(cast, 1)
    changed = client.get("/queue?show=team&fragment=1", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert "frame-ancestors" in changed["Content-Security-Policy"]  # S34


@pytest.mark.parametrize("show", LISTS)
def test_an_empty_list_says_so(cast, show):
    assert b'class="empty"' in signed_in(cast.kari).get(f"/queue?show={show}").content
