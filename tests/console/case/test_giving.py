"""«Gi til …»: chosen by name, told where one looks first, undone by one press, as a hand-over is."""

from __future__ import annotations

from datetime import timedelta

from saksgang.lib import clock
from saksgang.people.models import Absence
from saksgang.tickets.actions import answering
from saksgang.tickets.models import Ticket
from tests.console.case.help import address, browser, page, send


def test_the_colleague_is_told_on_the_front_page_in_the_list_and_on_the_case(cast):
    ticket = cast.case()
    html = send(browser(cast.kari), "ticket_giving", ticket, to=str(cast.knut.pk), reason="Du kan skrivere")
    assert "Knut" in html
    assert "has the case now, and is told." in html
    front = browser(cast.knut).get("/").content.decode()
    assert "Given to you" in front
    assert "Given to you" in browser(cast.knut).get("/queue?show=mine").content.decode()
    told = page(browser(cast.knut), ticket)
    assert "Kari Nordmann gave you the case." in told
    assert "«Du kan skrivere»" in told
    assert "gave you the case" not in page(browser(cast.kari), ticket)
    assert "Given to you" not in browser(cast.kari).get("/").content.decode()
    answering.note(ticket=ticket, by=cast.knut, words="Ser på den.")
    assert "Given to you" not in browser(cast.knut).get("/").content.decode()


def test_who_is_away_stands_there_with_until_when_and_others_teams_do_not(cast):
    ticket = cast.case()
    today = clock.local(clock.now()).date()
    Absence.objects.create(person=cast.knut, first_day=today, last_day=today + timedelta(days=3))
    answer = browser(cast.kari).get(address("ticket_giving", ticket))
    choices = dict(answer.context["box"]["giving"].fields["to"].choices)
    assert "away until" in choices[str(cast.knut.pk)]
    assert str(cast.nils.pk) not in choices
    assert str(cast.kari.pk) not in choices, "one takes a case oneself"


def test_one_press_undoes_it_and_is_refused_after_somebody_elses(cast):
    ticket, client = cast.case(), browser(cast.kari)
    answer = client.post(address("ticket_giving", ticket), {"to": str(cast.knut.pk)}, follow=True)
    undo = next(message.extra_tags for message in answer.context["messages"]).removeprefix("undo:")
    answering.note(ticket=ticket, by=cast.knut, words="Ser på den.")
    assert client.post(undo).status_code == 409
    assert Ticket.objects.get(pk=ticket.pk).assignee == cast.knut


def test_it_is_undone(cast):
    ticket, client = cast.case(), browser(cast.kari)
    answer = client.post(address("ticket_giving", ticket), {"to": str(cast.knut.pk)}, follow=True)
    undo = next(message.extra_tags for message in answer.context["messages"]).removeprefix("undo:")
    assert client.post(undo).status_code == 303
    assert Ticket.objects.get(pk=ticket.pk).assignee is None


def test_nobody_chosen_is_said(cast):
    assert "Choose the colleague." in send(browser(cast.kari), "ticket_giving", cast.case(), 422)


def test_a_hand_over_is_undone_by_one_press(cast):
    ticket, client = cast.case(), browser(cast.kari)
    said = {"team": str(cast.network.pk), "reason": "Det er nettet."}
    answer = client.post(address("ticket_handover", ticket), said, follow=True)
    undo = next(message.extra_tags for message in answer.context["messages"]).removeprefix("undo:")
    assert client.post(undo).status_code == 303
    assert Ticket.objects.get(pk=ticket.pk).team == cast.service_desk
