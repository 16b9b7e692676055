"""A clock that is hours off shows in the times of the mails, and only when several people's clocks agree."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest

from saksgang.events.alarms import open_alarms
from saksgang.inbound import clock_watch
from saksgang.inbound.actions import decide_pending
from saksgang.inbound.models import Door
from saksgang.inbound.storing import store
from saksgang.lib import clock


@pytest.fixture
def told(cast):
    """Mails on their way for so many minutes, each from somebody else; then what the alarm says, "" when none goes off."""
    senders = iter(range(100))

    def run(*minutes: float, sender: str = "") -> str:
        for on_the_way in minutes:
            nth = next(senders)
            date = format_datetime(clock.now() - timedelta(minutes=on_the_way))
            head = f"From: {sender or f'ansatt{nth}@sykehus.example'}\r\nDate: {date}\r\nMessage-ID: <{nth}@sykehus.example>"
            raw = f"{head}\r\n\r\nHei {nth}\r\n"
            store(raw.encode(), mailbox=cast.ikt, door=Door.SMTP, envelope_from="x@sykehus.example")
        while decide_pending():
            pass
        clock_watch.watch()
        alarm = open_alarms().filter(kind="clock_wrong").first()
        return alarm.details if alarm else ""

    return run


def test_mails_that_came_soon_say_that_all_is_well(told):
    assert told(0, 1, 5, 29, 200) == ""


def test_a_clock_three_hours_ahead(told):
    assert "came 180 minutes after" in told(180, 181, 200)


def test_a_clock_three_hours_behind(told):
    assert "are dated 179 minutes ahead" in told(-180, -179, -181)


def test_one_quick_mail_is_enough_to_clear_the_clock(told):
    assert told(180, 181, 200)
    assert told(1) == ""


def test_one_senders_clock_proves_nothing(told):
    assert told(180, 180, 180, 180, sender="skanner@sykehus.example") == ""


def test_the_old_mails_of_a_mailbox_that_is_read_for_the_first_time_prove_nothing(told):
    assert told(60 * 24, 60 * 30, 60 * 100) == ""


def test_mails_of_yesterday_prove_nothing_today(told):
    with clock.at(clock.now() - timedelta(hours=3)):
        assert told(180, 180, 180)
    assert told() == ""
