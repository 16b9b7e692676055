"""«Svar alle»: who else got the requester's mail is offered, and nobody is added unasked."""

from __future__ import annotations

import pytest

from saksgang.events.actions import Robot
from saksgang.lib import clock
from saksgang.tickets.actions import arrivals, outward
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.models import MessageRecipient, TicketFollower
from tests.console.case.help import address, assessed, browser, page, send

OTHERS = (("Dag Lege", "dag@sykehus.example"), ("", "leder@sykehus.example"))


def case(cast, copied=OTHERS):
    heard = Heard("Hei", cast.nora.name, "nora@sykehus.example", copied=copied)
    return assessed(cast, cast.case(heard=heard))


def offered(cast, ticket):
    box = browser(cast.kari).get(address("ticket", ticket)).context["box"]["answer"]
    return [address for address, _name in box.fields["also"].choices]


def copies():
    return sorted(MessageRecipient.objects.filter(copy=True).values_list("address", flat=True))


def test_they_are_offered_unticked(cast):
    ticket = case(cast)
    assert offered(cast, ticket) == ["dag@sykehus.example", "leder@sykehus.example"]
    html = page(browser(cast.kari), ticket)
    assert "Dag Lege &lt;dag@sykehus.example&gt;" in html
    assert 'name="also" value="dag@sykehus.example" id="answer-also_0">' in html


def test_nobody_is_added_without_a_choice(cast):
    send(browser(cast.kari), "ticket_answer", case(cast), words="Prøv nå.")
    assert copies() == []
    assert not TicketFollower.objects.exists()


def test_one_is_chosen(cast):
    send(browser(cast.kari), "ticket_answer", case(cast), words="Prøv nå.", also="dag@sykehus.example")
    assert copies() == ["dag@sykehus.example"]


@pytest.mark.parametrize("name", ["ticket_answer", "ticket_resolution"])
def test_all_with_one_box_and_others_written_beside(cast, name):
    send(browser(cast.kari), name, case(cast), words="Prøv nå.", everybody="on", cc="a@b.example, dag@sykehus.example")
    assert copies() == ["a@b.example", "dag@sykehus.example", "leder@sykehus.example"]


def test_somebody_who_was_not_offered_cannot_be_slipped_in(cast):
    html = send(browser(cast.kari), "ticket_answer", case(cast), 422, words="Hei", also="fremmed@ute.example")
    assert "Hei" in html
    assert copies() == []


def test_requesters_our_mailboxes_suppliers_and_nonsense_are_left_out(cast):
    ours = (("Nora", "NORA@sykehus.example"), ("IKT", "ikt@sykehus.example"), ("", "sak@skriver.example"), ("", "tull"))
    ticket = case(cast, copied=(*ours, *OTHERS[:1]))
    outward.write(ticket=ticket, by=cast.kari, words="Hei", to=["sak@skriver.example"])
    assert offered(cast, ticket) == ["dag@sykehus.example"]


def test_only_the_newest_mail_of_a_requester_counts(cast):
    ticket = case(cast)
    heard = Heard("Og så", cast.nora.name, "nora@sykehus.example")
    arrivals.receive(ticket=ticket, by=Robot("mail"), heard=heard, person=cast.nora, received_at=clock.now())
    assert offered(cast, ticket) == []
    other = Heard("Jeg også", cast.dag.name, "dag@sykehus.example", copied=(("", "x@sykehus.example"),))
    arrivals.receive(ticket=ticket, by=Robot("mail"), heard=other, person=cast.dag, received_at=clock.now())
    assert offered(cast, ticket) == []


def test_a_mail_to_the_whole_hospital_offers_some(cast):
    assert len(offered(cast, case(cast, tuple(("", f"n{at}@sykehus.example") for at in range(200))))) == 30
