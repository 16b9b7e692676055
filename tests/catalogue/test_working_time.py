"""Working time over clock changes, holidays and special days. The expected moments are written in local time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saksgang.catalogue import actions, queries
from saksgang.catalogue.defaults import OFFICE_WEEK
from saksgang.catalogue.working_time import Hours, NeverOpen, add_days, add_minutes, minutes_between
from saksgang.lib.clock import OSLO
from tests.cast import SETUP

OFFICE = Hours(week=OFFICE_WEEK)
ROUND_THE_CLOCK = Hours(week=(), round_the_clock=True)
NIGHTS = Hours(week=(((0, 360), (1320, 1440)),) * 7)  # 22.00–06.00, every day
NEVER = Hours(week=((),) * 7)


def at(text: str) -> datetime:
    """«2026-03-27 15:00», local time."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=OSLO)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-03-11 10:00", 60, "2026-03-11 11:00"),
        ("2026-03-11 15:00", 60, "2026-03-12 08:30"),
        ("2026-03-11 15:00", 30, "2026-03-11 15:30"),  # closing time is still within the day
        ("2026-03-11 06:00", 30, "2026-03-11 08:30"),
        ("2026-03-11 20:00", 30, "2026-03-12 08:30"),
        ("2026-03-13 15:00", 60, "2026-03-16 08:30"),  # over a week-end
        ("2026-03-14 12:00", 0, "2026-03-16 08:00"),
        ("2026-03-27 15:00", 60, "2026-03-30 08:30"),  # the clock goes forward on Sunday the 29th
        ("2026-10-23 15:00", 60, "2026-10-26 08:30"),  # the clock goes back on Sunday the 25th
    ],
)
def test_working_minutes_run_only_in_office_hours(start, minutes, end):
    assert add_minutes(at(start), minutes, OFFICE) == at(end)
    assert minutes_between(at(start), at(end), OFFICE) == minutes


def test_the_night_that_the_clock_goes_forward_has_one_hour_less():
    saturday = at("2026-03-28 22:00")
    assert add_minutes(saturday, 420, NIGHTS) == at("2026-03-29 06:00")
    assert minutes_between(saturday, at("2026-03-29 06:00"), NIGHTS) == 420


def test_the_night_that_the_clock_goes_back_has_one_hour_more():
    saturday = at("2026-10-24 22:00")
    assert add_minutes(saturday, 540, NIGHTS) == at("2026-10-25 06:00")
    assert minutes_between(saturday, at("2026-10-25 06:00"), NIGHTS) == 540


@pytest.mark.parametrize("day", ["2026-03-28 23:00", "2026-10-24 23:00", "2026-06-01 23:00"])
def test_round_the_clock_minutes_are_plain_minutes_over_both_clock_changes(day):
    start = at(day)
    assert add_minutes(start, 240, ROUND_THE_CLOCK) == start.astimezone(UTC) + timedelta(minutes=240)
    assert minutes_between(start, start.astimezone(UTC) + timedelta(hours=30), ROUND_THE_CLOCK) == 1800


@pytest.mark.parametrize("hours", [OFFICE, ROUND_THE_CLOCK])
@pytest.mark.parametrize("friday", ["2026-03-27 10:15", "2026-10-23 10:15"])
def test_working_days_keep_the_local_time_over_clock_changes(hours, friday):
    end = add_days(at(friday), 3, hours).astimezone(OSLO)
    assert (end.hour, end.minute) == (10, 15)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-03-11 10:00", 1, "2026-03-12 10:00"),
        ("2026-03-13 10:00", 1, "2026-03-16 10:00"),
        ("2026-03-11 20:00", 1, "2026-03-13 08:00"),  # counts from the next opening
        ("2026-03-11 06:00", 1, "2026-03-12 08:00"),
        ("2026-03-11 10:00", 0, "2026-03-11 10:00"),
        ("2026-03-11 10:00", 10, "2026-03-25 10:00"),
    ],
)
def test_working_days(start, days, end):
    assert add_days(at(start), days, OFFICE) == at(end)


def test_the_end_before_the_start_is_no_time_at_all():
    assert minutes_between(at("2026-03-12 10:00"), at("2026-03-11 10:00"), OFFICE) == 0


@pytest.mark.parametrize("ask", [add_minutes, add_days])
def test_a_calendar_that_never_opens_says_so_instead_of_running_for_ever(ask):
    with pytest.raises(NeverOpen):
        ask(at("2026-03-11 10:00"), 1, NEVER)


def test_a_day_closed_at_noon_ends_at_noon():
    short = Hours(week=OFFICE_WEEK, special=lambda day: ((480, 720),) if day == date(2026, 4, 1) else None)
    assert add_minutes(at("2026-04-01 11:30"), 60, short) == at("2026-04-02 08:30")
    assert add_days(at("2026-03-31 14:00"), 1, short) == at("2026-04-01 12:00")


def test_17_mai_is_closed(cast):
    hours = queries.hours_of(cast.service_desk.pk)
    # 2027: Monday the 17th of May is also Whit Monday; 2028: a Wednesday.
    assert add_minutes(at("2028-05-16 15:00"), 60, hours) == at("2028-05-18 08:30")
    assert minutes_between(at("2028-05-17 08:00"), at("2028-05-17 15:30"), hours) == 0


def test_easter_is_closed_from_thursday_to_monday(cast):
    hours = queries.hours_of(cast.service_desk.pk)
    assert add_minutes(at("2026-04-01 15:00"), 60, hours) == at("2026-04-07 08:30")
    assert add_days(at("2026-04-01 10:00"), 1, hours) == at("2026-04-07 10:00")


def test_the_hospitals_own_short_and_closed_days_count(cast):
    actions.add_special_day(by=SETUP, day=date(2026, 4, 1), name="Onsdag før påske", opens=480, closes=720)
    actions.add_special_day(by=SETUP, day=date(2026, 12, 24), name="Julaften")
    hours = queries.hours_of(cast.service_desk.pk)
    assert add_minutes(at("2026-04-01 11:30"), 60, hours) == at("2026-04-07 08:30")
    assert minutes_between(at("2026-12-24 08:00"), at("2026-12-24 15:30"), hours) == 0


def test_a_special_day_may_open_what_would_be_a_holiday(cast):
    actions.add_special_day(by=SETUP, day=date(2026, 4, 2), name="Skjærtorsdag, bemannet", opens=600, closes=720)
    hours = queries.hours_of(cast.service_desk.pk)
    assert add_minutes(at("2026-04-02 08:00"), 30, hours) == at("2026-04-02 10:30")


def test_a_teams_own_week_counts_for_that_team_only(cast):
    actions.set_hours(by=SETUP, team=cast.network, week=[[[420, 1320]]] * 7)
    assert add_minutes(at("2026-03-14 12:00"), 30, queries.hours_of(cast.network.pk)) == at("2026-03-14 12:30")
    assert add_minutes(at("2026-03-14 12:00"), 30, queries.hours_of(cast.service_desk.pk)) == at("2026-03-16 08:30")


moments = st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))
calendars = st.sampled_from(
    [
        OFFICE,
        ROUND_THE_CLOCK,
        NIGHTS,
        Hours(week=OFFICE_WEEK, closed=lambda day: day.day % 5 == 0),
        Hours(week=(((420, 660), (720, 900)),) * 5 + (((600, 720),), ())),  # closed for lunch, short Saturdays
    ]
)


def is_open(moment: datetime, hours: Hours) -> bool:
    """Whether a moment lies within hours; closing time still does."""
    here = moment.astimezone(OSLO)
    minutes = here.hour * 60 + here.minute + here.second / 60 + here.microsecond / 6e7
    yesterday = hours.spans(here.date() - timedelta(days=1))
    today = any(opens <= minutes <= closes for opens, closes in hours.spans(here.date()))
    return today or (minutes == 0 and any(closes == 1440 for _opens, closes in yesterday))


@settings(max_examples=150, deadline=None)
@given(moments, st.integers(0, 4000), calendars)
def test_the_minutes_between_a_start_and_its_due_time_are_those_that_were_added(start, minutes, hours):
    assert minutes_between(start, add_minutes(start, minutes, hours), hours) == pytest.approx(minutes, abs=1e-6)


@settings(max_examples=150, deadline=None)
@given(moments, st.integers(0, 4000), st.integers(0, 4000), calendars)
def test_more_time_is_never_due_sooner_and_a_later_start_never_too(start, fewer, more, hours):
    fewer, more = sorted((fewer, more))
    assert start <= add_minutes(start, fewer, hours) <= add_minutes(start, more, hours)
    assert add_minutes(start, more, hours) <= add_minutes(start + timedelta(minutes=fewer), more, hours)


@settings(max_examples=150, deadline=None)
@given(moments, st.integers(0, 4000), calendars)
def test_due_times_lie_within_working_hours(start, minutes, hours):
    assert is_open(add_minutes(start, minutes, hours), hours)


@settings(max_examples=150, deadline=None)
@given(moments, st.integers(0, 60), calendars)
def test_working_days_end_on_a_working_day_between_its_first_and_last_hour(start, days, hours):
    end = add_days(start, days, hours)
    here = end.astimezone(OSLO)
    assert end >= start - timedelta(minutes=61)  # neither seconds nor the repeated hour of October are kept
    spans = hours.spans(here.date()) or hours.spans(here.date() - timedelta(days=1))
    assert spans
    if hours.spans(here.date()):
        assert here.hour * 60 + here.minute <= spans[-1][1]
