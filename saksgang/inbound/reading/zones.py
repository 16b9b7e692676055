"""The time zone that an invitation means: by its name in the IANA's or Windows' list, or by the rules sent with it. Never raises."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from saksgang.inbound.reading.windows_zones import IANA_NAMES

_NAME = re.compile(r"[A-Za-z0-9_+-]{1,40}(?:/[A-Za-z0-9_+-]{1,40}){0,2}")
_IS_UTC = re.compile(r"(?i)(?:tzone://microsoft/)?(?:utc|gmt|z|etc/utc|coordinated universal time|utc[+-]?00?:?0?0?)")
_FIXED = re.compile(r"(?a)(?:UTC|GMT)?([+-])(\d{1,2})(?:[:.]?(\d\d))?")
_OFFSET = re.compile(r"(?a)([+-])(\d\d)(\d\d)")
_NTH_DAY = re.compile(r"(?a)([+-]?[1-5])(MO|TU|WE|TH|FR|SA|SU)")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

# Clocks of an unknown place are compared as if they were those of UTC.
_NEVER, _FOR_EVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

# One of a VTIMEZONE's parts, STANDARD or DAYLIGHT: its properties by name.
Rules = Mapping[str, str]


def zone_of(name: str, rules: Sequence[Rules], moment: datetime) -> tzinfo | None:
    """The zone, or its offset at the local `moment`; None when nothing tells it."""
    return _named(name) or _by_rules(rules, moment) or _fixed(name)


def _named(name: str) -> tzinfo | None:
    if _IS_UTC.fullmatch(name):
        return UTC
    windows = IANA_NAMES.get(name) or IANA_NAMES.get(name.title().replace("Utc", "UTC"))
    # «/mozilla.org/20050126_1/Europe/Oslo»: the name at the end of an address.
    parts = name.strip("/").split("/")
    for one in [windows] if windows else ["/".join(parts[-count:]) for count in range(min(len(parts), 3), 0, -1)]:
        for spelled in (one, one.title()):
            try:
                if _NAME.fullmatch(spelled):
                    return ZoneInfo(spelled)
            except (ValueError, OSError, LookupError):
                continue
    return None


def _fixed(name: str) -> tzinfo | None:
    match = _FIXED.fullmatch(name.replace(" ", ""))
    return _offset(match[1], match[2], match[3] or "00") if match else None


def _offset(sign: str, hours: str, minutes: str) -> tzinfo | None:
    length = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-length if sign == "-" else length) if length < timedelta(hours=24) else None


def _by_rules(rules: Sequence[Rules], moment: datetime) -> tzinfo | None:
    """The offset of the part that began last before the moment; before all of them, of the one that begins last in a year."""
    clock = moment.replace(tzinfo=UTC)
    begun = sorted((_beginning(one, clock), n) for n, one in enumerate(rules))
    if not begun:
        return None
    match = _OFFSET.match(rules[begun[-1][1]].get("TZOFFSETTO", ""))
    return _offset(match[1], match[2], match[3]) if match else None


def _beginning(part: Rules, moment: datetime) -> datetime:
    """When a part of a zone began last: this year or the year before by its yearly rule, else when it says."""
    start = _moment(part.get("DTSTART", ""))
    rule = dict(pair.split("=", 1) for pair in part.get("RRULE", "").upper().split(";") if "=" in pair)
    match = _NTH_DAY.fullmatch(rule.get("BYDAY", ""))
    month = rule.get("BYMONTH", "")
    if not (match and month.isascii() and month.isdigit() and 1 <= int(month[:3]) <= 12 and 2 <= moment.year < 9_999):
        return start if start <= moment else _NEVER
    until = _moment(rule["UNTIL"]) if rule.get("UNTIL") else _FOR_EVER
    for year in (moment.year, moment.year - 1):
        day = _nth_day(year, int(month), int(match[1]), _DAYS.index(match[2]))
        begins = datetime.combine(day, start.time(), UTC)
        if begins <= moment and start <= begins <= until:
            return begins
    return _NEVER


def _nth_day(year: int, month: int, nth: int, weekday: int) -> date:
    """The first, second … or last such day of a month; there is always one near."""
    days = [date(year, month, 1) + timedelta(days=n) for n in range(31)]
    found = [day for day in days if day.month == month and day.weekday() == weekday]
    return found[max(-len(found), min(nth - (nth > 0), len(found) - 1))]


def _moment(value: str) -> datetime:
    try:
        return datetime.strptime(value.rstrip("Z")[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return _NEVER
