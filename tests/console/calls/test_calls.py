"""The page of those whom no mail reaches: only the lines of one's own teams and of cases one may see, and what a form on it does."""

from __future__ import annotations

import pytest

from saksgang.tickets.actions import answering, assignment, restriction
from saksgang.tickets.models import Call, Message
from tests.console.desk import signed_in
from tests.tickets.steps import assess, fresh, owed

pytestmark = pytest.mark.django_db
PAGE = "/calls"
WORDS = "Skriveren kommer i morgen."


@pytest.fixture
def call(cast):
    ticket = assess(cast, cast.case(subject="Skriver", requesters=[cast.phone_only], callback_number="55555"))
    answering.answer(ticket=ticket, by=cast.kari, words=WORDS)
    return Call.objects.get()


def send(client, call, status=303, **said):
    answer = client.post(PAGE, {"call": call.pk, "do": "reached", "seen": 10**9, **said})
    assert answer.status_code == status
    return answer.content.decode()


def test_a_line_says_whom_where_what_and_by_when(cast, call):
    html = signed_in(cast.kari).get(PAGE).content.decode()
    for words in ("Ragnhild Renhold", "55555 · Avdelingsleder på sengepost 3 · Sengepost 3 12345", WORDS, "Skriver"):
        assert words in html
    assert 'href="/calls"' in html


def test_talked_with_tells_and_gives_the_answer(cast, call):
    send(signed_in(cast.knut), call, words="Hun er på kveldsvakt")
    call.refresh_from_db()
    assert (call.done_by, owed(call.message.ticket)) == (cast.knut, set())
    assert Message.objects.latest("pk").text == "Hun er på kveldsvakt"
    assert WORDS not in signed_in(cast.kari).get(PAGE).content.decode()


def test_without_words_it_says_what_was_told_and_repeats_none_of_it(cast, call):
    send(signed_in(cast.knut), call)
    said = Message.objects.latest("pk").text
    assert said.startswith("Told by phone")
    assert WORDS not in said


def test_no_answer_keeps_the_line_and_says_so(cast, call):
    client = signed_in(cast.kari)
    send(client, call, do="not_reached")
    assert "phoned once without an answer" in client.get(PAGE).content.decode()
    assert owed(call.message.ticket)


def test_after_three_tries_the_line_can_be_given_up(cast, call):
    client = signed_in(cast.kari)
    for _nth in range(3):
        assert "give_up" not in client.get(PAGE).content.decode()
        send(client, call, do="not_reached")
    assert "give_up" in client.get(PAGE).content.decode()
    assert "Write how" in send(client, call, 422, do="give_up")
    send(client, call, do="give_up", words="Ringt mandag, tirsdag og onsdag")
    assert WORDS not in client.get(PAGE).content.decode()
    assert owed(call.message.ticket)


def test_pressed_twice_is_done_once(cast, call):
    client = signed_in(cast.kari)
    send(client, call)
    before = Message.objects.count()
    send(client, call)
    assert Message.objects.count() == before


def test_what_came_meanwhile_is_read_first(cast, call):
    assignment.put_back(ticket=call.message.ticket, by=cast.knut)
    html = send(signed_in(cast.kari), call, 409, seen=1, words="Hun ler")
    assert "Something happened on the case while you phoned" in html
    assert "Hun ler</textarea>" in html
    assert Call.objects.get().done_at is None


def test_another_teams_line_is_not_here_and_nothing_is_done_to_it(cast, call):
    client = signed_in(cast.nils)
    assert WORDS not in client.get(PAGE).content.decode()
    send(client, call, 403)
    assert Call.objects.get().done_at is None


def test_a_restricted_case_has_no_line_but_for_its_readers(cast, call):
    restriction.restrict(ticket=call.message.ticket, by=cast.liv, readers=[cast.kari], reason="Personalsak")
    knut = signed_in(cast.knut)
    html = knut.get(PAGE).content.decode()
    assert "Ragnhild" not in html
    assert 'nav-count">1' not in html[html.index('href="/calls"') :][:200]
    send(knut, call, 404)
    assert WORDS in signed_in(cast.kari).get(PAGE).content.decode()


@pytest.mark.parametrize("number", ["", "x", "0", str(10**30)])
def test_a_line_that_is_not_there(cast, number):
    assert signed_in(cast.kari).post(PAGE, {"call": number, "do": "reached"}).status_code == 404


def test_however_many_lines_the_page_asks_the_same(cast, call, django_assert_max_num_queries):
    client = signed_in(cast.kari)
    client.get(PAGE)
    with django_assert_max_num_queries(30) as few:
        client.get(PAGE)
    for _nth in range(5):
        answering.answer(ticket=cast.case(requesters=[cast.phone_only]), by=cast.kari, words="Hei")
    with django_assert_max_num_queries(len(few)):
        assert client.get(PAGE).content.decode().count("call-form") == 6


def test_the_case_says_who_is_not_told_yet(cast, call):
    client = signed_in(cast.kari)
    html = client.get(f"/tickets/{call.message.ticket_id}").content.decode()
    assert "Must be phoned to be told" in html
    assert "Not told yet: phone by" in html
    send(client, call)
    html = client.get(f"/tickets/{call.message.ticket_id}").content.decode()
    assert "Must be phoned" not in html
    assert "Told by phone by Kari Nordmann" in html
    assert fresh(call.message.ticket).answers_owed == 0
