"""Dates as Norwegians write them. The words here are the English message ids; the translations have their own tests."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from saksgang.ui import dates

pytestmark = pytest.mark.once

NOW = datetime(2026, 3, 3, 13, 5, tzinfo=UTC)  # Tuesday, 14.05 in Oslo


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("dt", "words"),
    [
        (NOW, "at 14:05"),
        (NOW - timedelta(days=1), "yesterday at 14:05"),
        (NOW + timedelta(days=1), "tomorrow at 14:05"),
        (datetime(2026, 2, 1, 9, 15, tzinfo=UTC), "1 February at 10:15"),
        (datetime(2025, 12, 31, 9, 15, tzinfo=UTC), "31 December 2025 at 10:15"),
    ],
)
def test_short_when(dt, words):
    assert dates.short_when(dt, NOW) == words


def test_the_day_is_oslos_day():
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # half past midnight on the third in Oslo
    assert dates.short_when(late, NOW) == "at 00:30"


def test_summer_time_is_followed():
    assert dates.clock(datetime(2026, 7, 1, 12, 0, tzinfo=UTC)) == "14:00"


def test_full_when_says_everything():
    assert dates.full_when(NOW) == "Tuesday 3 March 2026 at 14:05"


def test_full_date_says_the_year_of_this_year_too():
    assert dates.full_date(date(2026, 3, 3)) == "3 March 2026"


def test_weekday_date():
    assert dates.weekday_date(date(2026, 3, 6), date(2026, 3, 3)) == "Fri 6 March"


@pytest.mark.parametrize(
    ("day", "words"),
    [(date(2026, 3, 3), "today"), (date(2026, 3, 4), "tomorrow"), (date(2026, 3, 9), "9 March")],
)
def test_day_words(day, words):
    assert dates.day_words(day, date(2026, 3, 3)) == words


@pytest.mark.parametrize(("minutes", "words"), [(0, "0 min"), (45, "45 min"), (60, "1 h"), (125, "2 h 5 min")])
def test_minutes_words(minutes, words):
    assert dates.minutes_words(minutes) == words
