"""Why a mail did not arrive, in plain words, from what servers really answer."""

from __future__ import annotations

import pytest
from django.utils import translation

from saksgang.console.case.delivery_words import why

pytestmark = pytest.mark.once

SAID = [
    (
        "550 5.1.1 <ola@sykehus.example>: Recipient address rejected: User unknown in virtual mailbox table",
        "Adressen finnes ikke.",
    ),
    (
        "ola@sykehus.example: 5.1.10 smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found",
        "Adressen finnes ikke.",
    ),
    ("550 No such user here", "Adressen finnes ikke."),
    ("550-5.1.1 The email account that you tried to reach does not exist.", "Adressen finnes ikke."),
    ("452 4.2.2 The email account that you tried to reach is over quota", "Postkassen er full."),
    ("5.2.2 smtp; 552 mailbox full", "Postkassen er full."),
    ("mailbox full", "Postkassen er full."),
    ("550 5.2.1 The account is disabled", "Postkassen er stengt."),
    ("552 5.3.4 Message size exceeds fixed limit", "E-posten er større enn mottakeren tar imot."),
    ("550 5.7.1 Message rejected due to content restrictions", "Mottakerens tjener avviste e-posten: "),
    (
        "554 5.7.26 Unauthenticated email is not accepted due to the domain's DMARC policy",
        "Mottakerens tjener avviste e-posten: ",
    ),
    ("550 5.4.4 Host not found", "Domenet finnes ikke: "),
    ("550 5.1.2 Bad destination host", "Domenet finnes ikke: "),
    ("554 5.0.0 Transaction failed", "Mottakerens tjener avviste e-posten."),
    ("550 rejected", "Mottakerens tjener avviste e-posten."),
    ("451 4.3.0 Temporary lookup failure", "Mottakerens tjener har egne problemer."),
    ("450 greylisted", "Mottakerens tjener tok ikke imot e-posten nå."),
    ("TimeoutError: timed out", "Vi fikk ikke kontakt med mottakerens tjener."),
    ("ConnectionRefusedError: [Errno 111] Connection refused", "Vi fikk ikke kontakt med mottakerens tjener."),
    ("??", "Ingen e-posttjener tok imot e-posten."),
    ("", ""),
    ("192.5.1.1 said 550", "Mottakerens tjener avviste e-posten."),
]


@pytest.mark.parametrize(("said", "plain"), SAID)
def test_in_plain_words(said, plain):
    with translation.override("nb"):
        told = why(said)
    assert told.startswith(plain)
    assert bool(told) == bool(plain)
    assert not any(letter.isdigit() for letter in told)


def test_a_long_answer_costs_no_more_than_its_beginning():
    assert why("host " * 2_000_000)
