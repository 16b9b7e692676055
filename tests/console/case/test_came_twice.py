"""The same form sent twice is carried out once; and of two people's at the same moment one."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from saksgang.tickets import queries
from saksgang.tickets.kinds import MessageKind
from saksgang.tickets.models import Message, Ticket
from tests.console.case.help import address, assessed, browser
from tests.console.case.test_came import FORMS, a_case, facts, post

TWICE = {
    name: FORMS[name]
    for name in (
        "ticket_answer",
        "ticket_outward",
        "ticket_conversation",
        "ticket_waiting",
        "ticket_resolution",
        "ticket_closure?told",
    )
} | {"ticket_note": {"words": "Sjekk kabelen."}}


@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("name", TWICE)
def test_a_double_press_is_carried_out_once(cast, name, marked):
    ticket, client = a_case(cast), browser(cast.kari)
    fields = TWICE[name] | ({"seen": queries.newest_event(ticket.pk)} if marked else {})
    assert post(client, name, ticket, fields).status_code == 303
    after = facts(ticket)
    assert post(client, name, ticket, fields).status_code == 303
    assert facts(ticket) == after


def test_other_words_other_files_and_other_people_are_no_double_press(cast, tmp_path):
    ticket = assessed(cast, cast.case(requesters=[cast.nora, cast.dag]))
    client, seen = browser(cast.kari), queries.newest_event(ticket.pk)
    (tmp_path / "a.txt").write_bytes(b"a")
    fields = {"words": "Se vedlegget.", "to": [cast.nora.pk], "seen": seen}
    sendings = [
        fields,
        fields | {"to": [cast.dag.pk]},
        fields | {"words": "Nå!"},
        fields | {"cc": "leder@sykehus.example"},
    ]
    for sending in sendings:
        assert post(client, "ticket_answer", ticket, sending).status_code == 303
    with (tmp_path / "a.txt").open("rb") as file:
        assert post(client, "ticket_answer", ticket, fields | {"files_chosen": file}).status_code == 303
    assert Message.objects.filter(ticket=ticket, kind=MessageKind.ANSWER).count() == 5


def test_what_was_taken_back_can_be_sent_again(cast, settings):
    settings.UNDO_SECONDS = 10
    ticket, client = a_case(cast), browser(cast.kari)
    fields = {"words": "Prøv nå.", "seen": queries.newest_event(ticket.pk)}
    post(client, "ticket_answer", ticket, fields)
    sent = Message.objects.get(ticket=ticket, kind=MessageKind.ANSWER)
    assert client.post(f"/messages/{sent.pk}/withdrawal").status_code == 303
    post(client, "ticket_answer", ticket, fields)
    assert Message.objects.filter(ticket=ticket, kind=MessageKind.ANSWER, taken_back_at__isnull=True).count() == 1


# --- at the same moment ------------------------------------------------------------------------------------------------


def at_once(*posts) -> list[int]:
    """What each of the posts was answered with, all sent at the same moment."""
    ready, statuses = threading.Barrier(len(posts)), [0] * len(posts)

    def send(at: int) -> None:
        client, where, fields = posts[at]
        ready.wait(timeout=20)
        try:
            statuses[at] = client.post(where, fields).status_code
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(at,)) for at in range(len(posts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return statuses


def test_of_two_answers_at_the_same_moment_one_leaves(live_cast):
    kari, knut = browser(live_cast.kari), browser(live_cast.knut)
    for _round in range(5):
        ticket = assessed(live_cast, live_cast.case())
        where, seen = address("ticket_answer", ticket), queries.newest_event(ticket.pk)
        statuses = at_once(
            (kari, where, {"words": "Fra Kari", "seen": seen}), (knut, where, {"words": "Fra Knut", "seen": seen})
        )
        assert sorted(statuses) == [303, 409]
        assert Message.objects.filter(ticket=ticket, kind=MessageKind.ANSWER).count() == 1


def test_of_a_double_press_at_the_same_moment_one_leaves(live_cast):
    kari = [browser(live_cast.kari) for _ in range(3)]
    ticket = assessed(live_cast, live_cast.case())
    where, fields = address("ticket_answer", ticket), {"words": "Hei", "seen": queries.newest_event(ticket.pk)}
    assert at_once(*((client, where, fields) for client in kari)) == [303, 303, 303]
    assert Message.objects.filter(ticket=ticket, kind=MessageKind.ANSWER).count() == 1


def test_two_who_merge_each_others_case_do_not_wait_for_ever(live_cast):
    kari, knut = browser(live_cast.kari), browser(live_cast.knut)
    one, two = live_cast.case(), live_cast.case()
    seen = queries.newest_event(two.pk)
    statuses = at_once(
        (kari, address("ticket_closure", one), {"reason": "MERGED", "into": two.pk, "seen": seen}),
        (knut, address("ticket_closure", two), {"reason": "MERGED", "into": one.pk, "seen": seen}),
    )
    assert sorted(statuses) in ([303, 409], [303, 422])
    assert Ticket.objects.filter(open=1).count() == 1
