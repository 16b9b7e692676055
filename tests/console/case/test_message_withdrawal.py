"""Taking back what one has just sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from saksgang.console.models import Draft
from saksgang.lib import clock
from saksgang.tickets.kinds import State
from saksgang.tickets.models import Message, Ticket
from tests.console.case.help import address, ahead, assessed, browser, page, send


@pytest.fixture(autouse=True)
def ten_seconds(settings):
    settings.UNDO_SECONDS = 10


@pytest.fixture
def ticket(cast):
    return assessed(cast, cast.case())


def newest(ticket):
    return Message.objects.filter(ticket=ticket).order_by("-id").first()


def undo_address(ticket):
    return reverse("console:message_withdrawal", args=[newest(ticket).pk])


SENDS = {
    "ticket_answer": ("answer", {"words": "Prøv nå."}, "The answer is sent in 10 seconds."),
    "ticket_resolution": ("resolution", {"words": "Prøv nå."}, "The case is solved. The answer is sent in 10 seconds."),
    "ticket_closure": (
        "answer",  # the case is open again
        {"words": "Prøv nå.", "reason": "REFERRED", "note": "Til innkjøp"},
        "The case is closed. The message is sent in 10 seconds.",
    ),
    "ticket_outward": (
        "outward",
        {"words": "Prøv nå.", "to": "sak@skriver.example"},
        "The message is sent in 10 seconds.",
    ),
    "ticket_waiting": ("waiting", {"words": "Prøv nå.", "then": "requester"}, "The message is sent in 10 seconds."),
}


@pytest.mark.parametrize("name", SENDS)
def test_what_was_sent_can_be_taken_back_into_its_box(cast, ticket, name):
    box, fields, told = SENDS[name]
    client = browser(cast.kari)
    before = Ticket.objects.get(pk=ticket.pk)
    html = send(client, name, ticket, **fields, **({"until": ahead(2)} if name == "ticket_waiting" else {}))
    assert told in html
    assert f'action="{undo_address(ticket)}"' in html
    assert 'data-seconds="10"' in html
    assert not Draft.objects.exists()
    answer = client.post(undo_address(ticket))
    assert answer["Location"] == f"{address('ticket', ticket)}?open={box}#acts"
    assert Draft.objects.get().text == "Prøv nå."
    after = client.get(answer["Location"])
    assert after.context["opened"] == box
    assert "Taken back: nobody got it." in after.content.decode()
    assert after.context["said"][-1]["taken_back"]
    assert after.context["said"][-1]["recipients"] == []
    assert "Taken back, not sent" in after.content.decode()
    assert "Take it back" not in after.content.decode()
    again = Ticket.objects.get(pk=ticket.pk)
    assert (again.state, again.answers_owed) == (before.state, before.answers_owed)


def test_the_message_itself_offers_it_for_those_without_script(cast, ticket):
    client = browser(cast.kari)
    html = send(client, "ticket_answer", ticket, words="Prøv nå.")
    assert html.count(f'action="{undo_address(ticket)}"') == 2
    assert "Take it back" not in page(browser(cast.knut), ticket)
    with clock.at(clock.now() + timedelta(seconds=11)):
        assert "Take it back" not in page(client, ticket)


def test_too_late_is_refused_and_says_so(cast, ticket):
    client = browser(cast.kari)
    send(client, "ticket_answer", ticket, words="Prøv nå.")
    with clock.at(clock.now() + timedelta(seconds=11)):
        answer = client.post(undo_address(ticket))
    assert answer.status_code == 422
    assert "too late" in answer.content.decode()
    assert not Draft.objects.exists()


def test_what_was_begun_since_is_kept(cast, ticket):
    client = browser(cast.kari)
    send(client, "ticket_answer", ticket, words="Prøv nå.")
    client.post(address("draft", ticket, "answer"), {"body": "Og en ting til."})
    client.post(undo_address(ticket))
    assert Draft.objects.get().text == "Prøv nå.\n\nOg en ting til."


def test_attachments_are_said_to_be_chosen_again(cast, ticket):
    client = browser(cast.kari)
    send(client, "ticket_answer", ticket, words="Se her.", files_chosen=SimpleUploadedFile("a.txt", b"hei"))
    assert "Choose the attachments once more" in client.post(undo_address(ticket), follow=True).content.decode()


def test_only_ones_own(cast, ticket):
    send(browser(cast.kari), "ticket_answer", ticket, words="Prøv nå.")
    assert browser(cast.knut).post(undo_address(ticket)).status_code == 422
    assert newest(ticket).taken_back_at is None


@pytest.mark.parametrize(
    ("name", "fields"),
    [("ticket_note", {"words": "Internt"}), ("ticket_conversation", {"words": "Avtalt", "do": "reached"})],
)
def test_a_note_or_a_conversation_after_an_answer_offers_no_undo(cast, ticket, name, fields):
    client = browser(cast.kari)
    send(client, "ticket_answer", ticket, words="Prøv nå.")
    assert "toast-undo" not in send(client, name, ticket, **fields)


def test_what_was_said_orally_is_not_said_to_be_sent(cast):
    ticket = assessed(cast, cast.case(requesters=[cast.phone_only]))
    html = send(browser(cast.kari), "ticket_resolution", ticket, words="Vist over telefon.", orally="on")
    assert "The case is solved." in html
    assert "seconds." not in html
    assert Ticket.objects.get(pk=ticket.pk).state == State.RESOLVED


def test_without_the_seconds_nothing_is_offered(cast, ticket, settings):
    settings.UNDO_SECONDS = 0
    html = send(browser(cast.kari), "ticket_answer", ticket, words="Prøv nå.")
    assert "The answer is on its way." in html
    assert "toast-undo" not in html
    assert "Take it back" not in html
