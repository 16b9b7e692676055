"""What a receipt says beside its number."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from saksgang.catalogue.actions import announce, change_mailbox, end_announcement
from saksgang.lib import clock
from saksgang.lib.clock import OSLO
from saksgang.people.actions import choose_language
from tests.cast import SETUP
from tests.outbound.test_follower import body, promised

SATURDAY = datetime(2026, 11, 21, 22, 15, tzinfo=OSLO)
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=OSLO)


def receipt(cast, at: datetime) -> str:
    with clock.at(at):
        cast.case(acknowledge=True)
        return body(promised()[-1])


@pytest.mark.parametrize(
    ("language", "opens", "phone"),
    [
        ("nb", "Vi leser e-post igjen mandag 23. november kl. 08.00.", "vente av hensyn til pasienter eller drift? Ring 12345."),
        ("nn", "Vi les e-post igjen måndag 23. november kl. 08.00.", "vente av omsyn til pasientar eller drift? Ring 12345."),
        ("en", "We read mail again Monday 23 November at 08:00.", "If patients or operations cannot wait, ring 12345."),
    ],
)  # fmt: skip
def test_off_hours_it_says_when_mail_is_read_and_whom_to_ring(cast, language, opens, phone):
    change_mailbox(by=SETUP, mailbox=cast.ikt, urgent_phone="12345")
    choose_language(by=cast.nora, language=language)
    said = receipt(cast, SATURDAY)
    assert opens in said
    assert phone in said


def test_without_a_number_it_names_none_and_within_hours_it_says_nothing_of_this(cast):
    assert "Ring" not in receipt(cast, SATURDAY)
    change_mailbox(by=SETUP, mailbox=cast.ikt, urgent_phone="12345")
    said = receipt(cast, MONDAY)
    assert "12345" not in said
    assert "leser e-post igjen" not in said


def test_it_names_what_is_out_of_order_now_and_nothing_else(cast):
    with clock.at(MONDAY):
        outage = announce(by=cast.kari, kind="outage", service=cast.dips, words="ingen får logget på siden 08.10")
        announce(by=cast.kari, kind="planned", words="ny server", starts_at=MONDAY + timedelta(days=1))
    assert "jobber med det: DIPS: ingen får logget på siden 08.10" in receipt(cast, MONDAY)
    assert "ny server" not in receipt(cast, MONDAY)
    with clock.at(MONDAY + timedelta(hours=1)):
        end_announcement(by=cast.kari, announcement=outage)
    assert "DIPS" not in receipt(cast, MONDAY + timedelta(hours=2))
    assert "Planlagt nedetid akkurat nå: ny server" in receipt(cast, MONDAY + timedelta(days=1, hours=1))
