"""Decisions that need no database: what could not be read, and who is left when everybody known is ourselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from saksgang.catalogue.models import Forwarding, Mailbox
from saksgang.inbound.decisions import Case, Ending, readable, sender
from saksgang.inbound.models import InboundMail
from saksgang.inbound.reading.mail import read
from saksgang.inbound.senders.classes import Verdict
from saksgang.tickets.actions.messages import Heard
from tests.inbound.decisions.mails import FORGED, OUR_SERVER, mail

pytestmark = pytest.mark.once

OWN = frozenset({"ikt@sykehus.example", "e-helse@sykehus.example"})


def case(made=None, *, mailbox: Mailbox | None = None, **facts) -> Case:
    found = replace(read((made or mail()).as_bytes()), **facts)
    row = InboundMail(mailbox=mailbox or Mailbox(forwarding=Forwarding.DIRECT))
    return Case(row, found, Verdict("human", "no_sign_of_machine", True), Heard("", ""), OWN)


@pytest.mark.parametrize(
    ("facts", "ending", "reasons"),
    [
        ({}, None, []),
        ({"undecoded": ("smime",)}, None, [["readable", "not_all_decoded"]]),
        ({"unreadable": True}, "unreadable", [["readable", "not_whole"]]),
        ({"text": "å" * 3_000_000}, "too_long", [["readable", "too_long"]]),
        (
            {"undecoded": ("smime",), "unreadable": True},
            "unreadable",
            [["readable", "not_all_decoded"], ["readable", "not_whole"]],
        ),
    ],
)
def test_what_could_not_be_read_whole_waits_in_the_tray_and_says_why(facts, ending, reasons):
    asked = case(**facts)
    assert readable.decide(asked) == (Ending("set_aside", set_aside=ending) if ending else None)
    assert asked.reasons == reasons


def test_a_case_begins_with_the_mails_own_sender():
    asked = case(mail(sender="Nora <NORA@Sykehus.example>"))
    assert (asked.sender_name, asked.sender_address) == ("Nora", "nora@sykehus.example")
    assert not asked.heard.unverified


def test_whether_a_sender_may_be_forged_is_known_from_the_beginning(settings):
    settings.MAIL_AUTHSERV_ID = OUR_SERVER
    assert case(mail(**FORGED)).heard.unverified
    assert not case(mail(**FORGED), mailbox=Mailbox(forwarding=Forwarding.REDIRECT)).heard.unverified


def test_our_addresses_are_ours_with_a_mark_too():
    asked = case()
    assert asked.is_own("ikt@sykehus.example")
    assert asked.is_own("ikt+merke@sykehus.example")
    assert not asked.is_own("nora@sykehus.example")


def test_a_mail_of_ours_that_holds_another_of_ours_has_no_sender():
    inner = "Fra: IKT <e-helse@sykehus.example>\nSendt: mandag 9. mars 2026 07:55\nTil: IKT\nEmne: Hei\n\nHei.\n"
    asked = case(mail(inner, sender="ikt@sykehus.example"))
    assert sender.decide(asked) == Ending("set_aside", set_aside="no_sender")
    assert asked.reasons == [["sender", "inner_sender"], ["sender", "no_address"]]
