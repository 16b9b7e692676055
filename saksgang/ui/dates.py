"""Dates and times as Norwegians write them: «kl. 14.05», «i går kl. 09.12», «3. mars kl. 10.15».

Pure functions. They take aware datetimes of any zone and write Oslo's wall clock in the language that is active. `now` is
always given by the caller, so that a page shows one and the same "today" and tests need no frozen clock.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

OSLO = ZoneInfo("Europe/Oslo")


def clock(dt: datetime) -> str:
    """The time of day: «14.05» in Norwegian, "14:05" in English."""
    local = dt.astimezone(OSLO)
    return pgettext("time of day", "%(hour)s:%(minute)s") % {"hour": f"{local:%H}", "minute": f"{local:%M}"}


def short_date(day: date, today: date) -> str:
    """«3. mars», or «3. mars 2024» when that is not this year."""
    if day.year != today.year:
        return full_date(day)
    return pgettext("date", "%(day)s %(month)s") % {"day": day.day, "month": str(MONTHS[day.month])}


def full_date(day: date) -> str:
    """«3. mars 2026», whatever year it is now."""
    parts = {"day": day.day, "month": str(MONTHS[day.month]), "year": day.year}
    return pgettext("date", "%(day)s %(month)s %(year)s") % parts


def weekday_date(day: date, today: date) -> str:
    """«fre. 6. mars»: for a promise or a due day, where the weekday helps."""
    return _weekday_date(day, today, get_language())


@lru_cache(maxsize=4096)
def _weekday_date(day: date, today: date, _language: str | None) -> str:
    weekday = str(WEEKDAYS_ABBR[day.weekday()]).rstrip(".")
    return pgettext("date", "%(weekday)s %(date)s") % {"weekday": weekday, "date": short_date(day, today)}


def long_date(day: date, today: date) -> str:
    """«fredag 6. mars», for mail: nothing is shortened."""
    return f"{WEEKDAYS[day.weekday()]} {short_date(day, today)}"


def day_words(day: date, today: date) -> str:
    """«i dag», «i går», «i morgen», else the short date."""
    away = (day - today).days
    if away == 0:
        return pgettext("day", "today")
    if away == -1:
        return pgettext("day", "yesterday")
    return pgettext("day", "tomorrow") if away == 1 else short_date(day, today)


def short_when(dt: datetime, now: datetime) -> str:
    """The shortest words that are still exact: «kl. 14.05» today, else the day and the time."""
    return short_on(dt, now.astimezone(OSLO).date())


def short_on(dt: datetime, today: date) -> str:
    return _short(dt, today, get_language())


@lru_cache(maxsize=4096)
def _short(dt: datetime, today: date, _language: str | None) -> str:
    day = dt.astimezone(OSLO).date()
    if day == today:
        return _("at %(clock)s") % {"clock": clock(dt)}
    return _("%(day)s at %(clock)s") % {"day": day_words(day, today), "clock": clock(dt)}


def full_when(dt: datetime) -> str:
    """Everything, for the hover text: «tirsdag 3. mars 2026 kl. 14.05»."""
    return _full(dt, get_language())


# What has happened keeps its time, and a case is drawn again and again. The same moment told in another zone is the same key.
@lru_cache(maxsize=4096)
def _full(dt: datetime, _language: str | None) -> str:
    day = dt.astimezone(OSLO).date()
    parts = {"weekday": str(WEEKDAYS[day.weekday()]), "date": full_date(day), "clock": clock(dt)}
    return _("%(weekday)s %(date)s at %(clock)s") % parts


def minutes_words(minutes: int) -> str:
    """A length of time: «45 min», «2 t 5 min», «3 t»."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return pgettext("length of time", "%(minutes)s min") % {"minutes": rest}
    if not rest:
        return pgettext("length of time", "%(hours)s h") % {"hours": hours}
    return pgettext("length of time", "%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}
