"""Invitations and answers to them (iCalendar, RFC 5545) in plain Norwegian words and Norwegian time. Never raises; linear.

Only what a person reads is taken out, from damaged calendars too. Why no library does this: docs/decisions/0012-invitations.md.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from saksgang.inbound.reading.charsets import cut, decode
from saksgang.inbound.reading.zones import zone_of
from saksgang.lib.html import to_text
from saksgang.lib.text import one_line, strip_controls

LABEL = "Kalender: "
_LARGEST = 500_000
_MOST_EVENTS = 10
_DEEPEST = 20
_MOST_RULES = 100
_LONGEST_LINE = 600
_OSLO = ZoneInfo("Europe/Oslo")

_FOLD = re.compile(rb"(?:\r\n|\r|\n)[ \t]")
_PROPERTY = re.compile(r"""([A-Za-z0-9-]{1,60})((?:;(?:"[^"\n]*"|[^":\n])*)?):(.*)""")
# Some programs put a colon into a zone's name without quotes.
_DATED = re.compile(r"(?ai)(DTSTART|DTEND|DUE)(;.*)?:(\d{4}-?\d\d-?\d\d.*)")
_ZONE = re.compile(r"""(?i);\s*TZID\s*=\s*("[^"]*"|(?:[^;:,]|:(?=//))*)""")
_ESCAPED = re.compile(r"\\([\\;,:nN\"])")
_IS_HTML = re.compile(r"(?i)\s*<(?:html|!doctype|body|div|p|span|br)\b")
_MOMENT = re.compile(
    r"(?a)(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?\d\d(?:\.\d{1,9})?)?\s?(Z|[+-]\d\d:?\d\d)?)?"
)
_LENGTH = re.compile(r"(?ai)\+?P(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:\d{1,6}S)?)?")
_WANTED = frozenset(
    ("METHOD", "SUMMARY", "DTSTART", "DTEND", "DUE", "DURATION", "LOCATION", "DESCRIPTION", "COMMENT", "RRULE")
    + ("TZID", "TZOFFSETTO")
)
_EVENTS = ("VEVENT", "VTODO")
_WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
_MONTHS = (
    "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember",
)  # fmt: skip


class Value(NamedTuple):
    """What stands behind a property's colon, and the time zone that is told before it."""

    text: str
    zone: str = ""


@dataclass
class Calendar:
    """Properties by name, the first of each; of the calendar, of its events, and of each zone's parts by the zone's name."""

    head: dict[str, Value] = field(default_factory=dict)
    events: list[dict[str, Value]] = field(default_factory=list)
    zones: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    _inside: list[str] = field(default_factory=list)
    _zone: list[dict[str, str]] = field(default_factory=list)

    def add(self, name: str, value: Value) -> None:
        """The next line."""
        word = value.text.strip()
        if name == "BEGIN":
            self._begin(word.upper())
        elif name == "END":
            self._end(word.upper())
        elif self._inside and self._inside[-1] in _EVENTS:
            self.events[-1].setdefault(name, value)
        elif self._inside[-1:] == ["VTIMEZONE"] and name == "TZID":
            self.zones.setdefault(word.strip('"'), self._zone)
        elif self._inside[-2:-1] == ["VTIMEZONE"] and self._zone:
            self._zone[-1].setdefault(name, word)
        elif len(self._inside) <= 1:
            self.head.setdefault(name, value)

    def _begin(self, kind: str) -> None:
        if kind in _EVENTS:
            # Of very many the last ones are read into one that nobody looks at.
            self.events[_MOST_EVENTS:] = [{}]
        elif kind == "VTIMEZONE":
            self._zone = []
        elif self._inside[-1:] == ["VTIMEZONE"]:
            self._zone[_MOST_RULES:] = [{}]
        if len(self._inside) < _DEEPEST:
            self._inside.append(kind)

    def _end(self, kind: str) -> None:
        """What was begun inside ends with it; an end of nothing ends nothing."""
        if kind in self._inside:
            while self._inside.pop() != kind:
                pass


@dataclass(frozen=True)
class Invitation:
    """`lines` says in one line an event what it is and when; `words` is what the sender wrote about it."""

    method: str
    lines: str
    words: str


def read(content: bytes, charset: str, method: str) -> Invitation:
    """`charset` and `method` as the part declares them, "" when it does not."""
    calendar = Calendar()
    for name, value in _properties(decode(_FOLD.sub(b"", cut(content, _LARGEST)), charset or "utf-8")):
        calendar.add(name, value)
    events = calendar.events[:_MOST_EVENTS]
    method = one_line(method or calendar.head.get("METHOD", Value("")).text, 40).upper()
    lines = list(dict.fromkeys(_line(event, calendar) or method for event in events)) or [method]
    words = [_words(event[name].text) for event in events for name in ("COMMENT", "DESCRIPTION") if name in event]
    return Invitation(
        method,
        "".join(one_line(LABEL + line, _LONGEST_LINE) + "\n" for line in lines),
        "\n\n".join(dict.fromkeys(one.strip() for one in words if one.strip())),
    )


def _properties(text: str) -> Iterator[tuple[str, Value]]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for line in (one.lstrip("\ufeff ") for one in lines):
        match = (_DATED.match(line) if line[:1] in "Dd" else None) or _PROPERTY.match(line)
        if match and (match[1].upper() in _WANTED or match[1].upper() in ("BEGIN", "END")):
            zone = _ZONE.search(match[2] or "")
            yield match[1].upper(), Value(match[3], zone[1].strip('" ') if zone else "")


def _plain(value: str) -> str:
    return strip_controls(_ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value))


def _words(value: str) -> str:
    plain = _plain(value)
    return to_text(plain) if _IS_HTML.match(plain) else plain


def _line(event: dict[str, Value], calendar: Calendar) -> str:
    told = [
        _plain(event.get("SUMMARY", Value("")).text),
        _when(event, calendar),
        _plain(event.get("LOCATION", Value("")).text),
    ]
    if "RRULE" in event:
        told.insert(2, "gjentas")
    return ", ".join(one for one in (one_line(word, 250) for word in told) if one)


def _when(event: dict[str, Value], calendar: Calendar) -> str:
    start = event.get("DTSTART") or event.get("DUE")
    if start is None:
        return ""
    try:
        return _period(start, event, calendar)
    except (ValueError, OverflowError):
        return one_line(start.text, 40)


def _period(start: Value, event: dict[str, Value], calendar: Calendar) -> str:
    begins, zone = _moment(start, calendar)
    ends = _end(begins, event, calendar)
    if not isinstance(begins, datetime):
        last = ends - timedelta(days=1) if ends and ends > begins else begins
        return (
            f"{_day(begins)}, hele dagen" if last == begins else f"{_day(begins)} til {_day(last)}, hele dagen"
        ) + zone
    told = f"{_day(begins)} kl. {begins:%H.%M}"
    if isinstance(ends, datetime) and ends.replace(tzinfo=None) > begins.replace(tzinfo=None):
        same_day = ends.date() == begins.date()
        told += f"–{ends:%H.%M}" if same_day else f" til {_day(ends)} kl. {ends:%H.%M}"
    return told + zone


def _end(begins: date, event: dict[str, Value], calendar: Calendar) -> date | None:
    """In the same kind of time as the beginning: a day, a Norwegian time, or the time of a zone that nobody knows."""
    told = event.get("DTEND") or event.get("DUE")
    if told is None:
        match = _LENGTH.fullmatch(event.get("DURATION", Value("")).text.strip())
        weeks, days, hours, minutes = (int(number or 0) for number in match.groups()) if match else (0, 0, 0, 0)
        return begins + timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)
    try:
        ends, _zone = _moment(told, calendar)
    except (ValueError, OverflowError):
        return None
    is_alike = isinstance(ends, datetime) == isinstance(begins, datetime)
    return ends if is_alike and getattr(ends, "tzinfo", None) == getattr(begins, "tzinfo", None) else None


def _moment(value: Value, calendar: Calendar) -> tuple[date, str]:
    """A day, or a time in Norway, and what must be said of its zone. Times of no zone are everybody's own."""
    match = _MOMENT.match(value.text.strip())
    if match is None:
        raise ValueError(value.text)
    year, month, day, hour, minute, offset = match.groups()
    if hour is None:
        return date(int(year), int(month), int(day)), ""
    # UTC stands here for any place's clock.
    local = datetime(int(year), int(month), int(day), int(hour), int(minute), tzinfo=UTC)
    zone = zone_of(offset or value.zone, calendar.zones.get(value.zone, []), local) if offset or value.zone else None
    if zone is None:
        return local, f" (tidssone: {one_line(value.zone, 60)})" if value.zone else ""
    there = local.replace(tzinfo=zone)
    norwegian = there.astimezone(_OSLO)
    is_elsewhere = zone is not UTC and there.utcoffset() != norwegian.utcoffset()
    return norwegian, f" norsk tid (avsenderens tidssone: {one_line(offset or value.zone, 60)})" if is_elsewhere else ""


def _day(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day.day}. {_MONTHS[day.month - 1]} {day.year}"
