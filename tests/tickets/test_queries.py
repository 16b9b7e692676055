from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from saksgang.lib import clock
from saksgang.tickets import neighbours, queries, slipping
from saksgang.tickets.actions import answering, assignment
from saksgang.tickets.kinds import State
from saksgang.tickets.models import Ticket
from tests.tickets.steps import assess, in_state, soon


@pytest.fixture
def many(cast) -> list[Ticket]:
    """Twenty-three cases, some received in the same second, of several priorities."""
    now, made = clock.now(), []
    for number in range(23):
        ticket = cast.case(received_at=now - timedelta(minutes=number % 4, microseconds=number % 3))
        if number % 3:
            assess(cast, ticket, service=[cast.dips, cast.printing][number % 2])
        made.append(ticket)
    return made


@pytest.mark.parametrize("listing", ["queue", "by_due"])
@pytest.mark.parametrize("size", [1, 4, 23, 50])
def test_paging_yields_each_case_once_and_in_order(cast, many, listing, size):
    read = getattr(queries, listing)
    cases = Ticket.objects.visible_to(cast.kari)
    seen, key = [], ""
    while True:
        found = read(cases, after=key, limit=size)
        assert len(found.rows) <= size
        seen += [row[0] for row in found.rows]
        assert len(seen) <= len(many)
        key = found.next_key
        if not key:
            break
    assert seen == [row[0] for row in read(cases, limit=500).rows]
    assert sorted(seen) == [ticket.pk for ticket in many]


def test_a_case_that_leaves_the_queue_between_two_pages_costs_no_other_its_place(cast, many):
    cases = Ticket.objects.visible_to(cast.kari)
    whole = [row[0] for row in queries.queue(cases).rows]
    first = queries.queue(cases, limit=10)
    assignment.hand_over(ticket=Ticket.objects.get(pk=whole[2]), by=cast.kari, team=cast.network, reason="Nett")
    rest = queries.queue(cases.filter(team=cast.service_desk), after=first.next_key, limit=50)
    assert [row[0] for row in first.rows + rest.rows] == whole


@pytest.mark.parametrize(
    "key", ["x", "1.2", "1.2.3.4.5", "a.b.c.d", "1.99999999999999999999.0.1", "-1.-1.-1.-1", "'; DROP", "10.0.0.0"]
)
def test_s30_a_bad_page_key_starts_somewhere_and_never_fails(cast, many, key):
    assert queries.queue(Ticket.objects.visible_to(cast.kari), after=key).rows
    queries.by_due(Ticket.objects.visible_to(cast.kari), after=key)


def count(read) -> int:
    with CaptureQueriesContext(connection) as asked:
        read()
    return len(asked)


def test_pages_ask_the_same_number_of_questions_however_many_cases_there_are(cast):
    def all_pages() -> list[int]:
        seen = Ticket.objects.visible_to
        return [
            count(lambda: queries.queue(seen(cast.kari))),
            count(lambda: queries.by_due(seen(cast.kari))),
            count(lambda: queries.search(seen(cast.kari), "logget")),
            count(lambda: queries.case(cast.kari, first.pk)),
            count(lambda: queries.conversation(first)),
            count(lambda: queries.files(first)),
            count(lambda: queries.recipients(first)),
            count(lambda: queries.addresses_of_requesters(first)),
            count(lambda: queries.requesters(first)),
            count(lambda: queries.history(first)),
            count(lambda: neighbours.other_cases(cast.kari, first)),
            count(lambda: neighbours.links(cast.kari, first)),
        ]

    first = cast.case()
    all_pages()  # the roles are read once for each loaded person
    before = all_pages()
    for _ in range(6):
        cast.case()
        answering.answer(ticket=first, by=cast.kari, words="Hei", cc=["x@x.example"])
    assert all_pages() == before
    assert max(before) <= 4


def test_counts_stop_at_the_cap(cast, monkeypatch):
    monkeypatch.setattr(queries, "COUNT_CAP", 3)
    for _ in range(5):
        cast.case()
    assert queries.capped(Ticket.objects.visible_to(cast.kari)) == 3
    assert queries.capped(Ticket.objects.visible_to(cast.nora)) == 0


@pytest.mark.parametrize("words", ["%", "_", "100%", "a_b", "\\", "%%%", "'", '"', "[a-z]", "\x00", "*", "?"])
def test_s30_wildcards_in_a_search_are_ordinary_letters(cast, words):
    cast.case(subject="Skriveren er treg")
    wanted = cast.case(subject=f"Feil 100% a_b \\ ' \" [a-z] * ? %%% {words.strip(chr(0))}")
    found = [row[0] for row in queries.search(Ticket.objects.visible_to(cast.kari), words)]
    assert found == ([wanted.pk] if words != "\x00" else [])


@pytest.mark.parametrize("words", ["logget", "LOGGET", "nora", "Sykepleier logget", "sengepost", "12345", "FÅR"])
def test_a_case_is_found_by_subject_requester_department_and_phone(cast, words):
    ticket = cast.case()
    cast.case(requesters=[cast.dag], subject="Noe helt annet")
    assert [row[0] for row in queries.search(Ticket.objects.visible_to(cast.kari), words)] == [ticket.pk]


def test_a_case_is_found_by_its_number(cast):
    ticket = cast.case()
    found = [row[0] for row in queries.search(Ticket.objects.visible_to(cast.kari), str(ticket.pk))]
    assert ticket.pk in found


@pytest.mark.parametrize("words", ["", "   ", "\n"])
def test_nothing_finds_nothing(cast, words):
    cast.case()
    assert queries.search(Ticket.objects.visible_to(cast.kari), words) == []


def test_take_next_is_the_first_untaken_case_of_ones_teams(cast):
    late, early = cast.case(), cast.case(received_at=clock.now() - timedelta(hours=3))
    cast.case(team=cast.network, received_at=clock.now() - timedelta(days=1))
    mine = [cast.service_desk.pk]
    cases = Ticket.objects.visible_to(cast.kari)
    assert queries.take_next(cases, cast.kari, mine) == early
    assignment.take(ticket=early, by=cast.kari)
    assert queries.take_next(cases, cast.kari, mine) == late
    assert queries.take_next(cases, cast.kari, []) is None


def test_what_is_about_to_slip(cast):
    not_assessed, new, working = cast.case(), in_state(cast, State.NEW), in_state(cast, State.IN_PROGRESS)
    waiting, done = in_state(cast, State.PLANNED), in_state(cast, State.RESOLVED)
    failed = in_state(cast, State.IN_PROGRESS)
    cases = Ticket.objects.visible_to(cast.kari)
    with clock.at(soon(8)):
        answering.answer_failed(ticket=failed, by=cast.kari, person=cast.nora, owed_again=True)
        lists = slipping.slipping(cases, clock.now())
        found = {name: set(rows.values_list("pk", flat=True)) for name, rows in lists.items()}
        begun = slipping.first_rows(cases, clock.now(), 10)
        assert {name: {row[0] for row in rows} for name, rows in begun.items()} == found
        assert found == {
            "unconfirmed": set(),
            "failed": {failed.pk},
            "not_assessed": {not_assessed.pk},
            "untaken": {new.pk},
            "owed": {working.pk},
            "due": {waiting.pk},
        }
        assert set(
            cases.filter(open=1, next_step_due_at__lte=clock.now() + timedelta(hours=2)).values_list("pk", flat=True)
        ) == set().union(*found.values())
    assert done.open == 0


def test_the_newest_event_is_what_a_page_carries(cast):
    ticket = cast.case()
    note = answering.note(ticket=ticket, by=cast.kari, words="Hei")
    assert queries.newest_event(ticket.pk) == queries.history(ticket)[-1].pk
    assert queries.newest_event(4711) == 0
    assert [message.pk for message in queries.conversation(ticket)][-1] == note.pk
    assert queries.names_of_persons({cast.kari.pk}) == {cast.kari.pk: "Kari Nordmann"}


def test_the_queue_goes_by_priority_then_by_when_it_was_received_then_by_number(cast):
    now = clock.now()

    def case(minutes_ago: int, **answers) -> int:
        ticket = cast.case(received_at=now - timedelta(minutes=minutes_ago))
        return assess(cast, ticket, **answers).pk if answers else ticket.pk

    four = case(50, impact="individuals")
    not_assessed_late = case(10)
    not_assessed_early = case(90)
    three_late = case(5, service=cast.telephony)
    three_early = case(80, service=cast.telephony)
    three_same = case(80, service=cast.telephony)
    one = case(1, danger=True, danger_note="Respiratoren får ikke strøm")
    wanted = [one, not_assessed_early, not_assessed_late, three_early, three_same, three_late, four]
    assert [row[0] for row in queries.queue(Ticket.objects.visible_to(cast.kari)).rows] == wanted
