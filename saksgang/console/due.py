"""When something is due, in words and with its tone, and how old it is. Made once for many rows: rows further off share a few days."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from saksgang.lib import clock
from saksgang.ui.dates import OSLO, day_words, weekday_date
from saksgang.ui.dates import clock as time_of_day
from saksgang.ui.words import once_a_language


@once_a_language
def _due_words() -> tuple[str, str, str, str]:
    """Before now, after now; a moment of today, one of another day near."""
    near = pgettext("due", "%(clock)s"), pgettext("due", "%(day)s %(clock)s")
    return _("overdue since %(when)s"), _("by %(when)s"), *near


@once_a_language
def _age_words() -> tuple[str, str, str]:
    return pgettext("age", "%(number)s min"), pgettext("age", "%(number)s h"), pgettext("age", "%(number)s d")


class Due:
    def __init__(self) -> None:
        self.now = clock.now()
        self.today = self.now.astimezone(OSLO).date()
        self.far: dict[date, str] = {}
        self.over, self.by, self.at, self.on = _due_words()

    def words(self, moment: datetime) -> tuple[str, str]:
        """(over, soon or nothing; the words): «innen kl. 11.00», «over frist i går kl. 09.15», «innen fre. 6. mars»."""
        day = moment.astimezone(OSLO).date()
        if abs((day - self.today).days) > 1:
            when = self.far.get(day) or self.far.setdefault(day, weekday_date(day, self.today))
        elif day == self.today:
            when = self.at % {"clock": time_of_day(moment)}
        else:
            parts = {"day": day_words(day, self.today), "clock": time_of_day(moment)}
            when = self.on % parts
        if moment < self.now:
            return "over", self.over % {"when": when}
        return "soon" if day == self.today else "", self.by % {"when": when}


class Age:
    """How long ago cases came in, as short as a column is: «12 min», «5 t», «3 d»."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.minutes, self.hours, self.days = _age_words()

    def words(self, moment: datetime) -> str:
        minutes = max(0, int((self.now - moment).total_seconds() // 60))
        if minutes < 60:
            return self.minutes % {"number": minutes}
        if minutes < 24 * 60:
            return self.hours % {"number": minutes // 60}
        return self.days % {"number": minutes // (24 * 60)}
