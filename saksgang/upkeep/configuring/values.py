"""What a value must be. Each rule takes the value as TOML gives it, returns it as the product keeps it, or raises Wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any

from django.db.models import CharField, Model

from saksgang.catalogue.routing import in_words
from saksgang.lib.clock import OSLO
from saksgang.lib.text import strip_controls
from saksgang.people import rules
from saksgang.upkeep.configuring.document import Wrong

Check = Callable[[Any], Any]
Spans = list[list[int]]

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*")
_DOMAIN = re.compile(r"[^\s@<>/,;:]+\.[^\s@<>/,;:]+")
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})")


def words(value: Any) -> str:
    """Text on one line."""
    if not isinstance(value, str):
        raise Wrong(f"{shown(value)} is not text. Put it in quotes.")
    if value != strip_controls(value) or "\n" in value:
        raise Wrong("The text has line ends or control characters. Write it on one line.")
    return " ".join(value.split())


def text_of(model: type[Model], name: str) -> Check:
    """Text on one line, as long as the model's field allows."""
    field = model._meta.get_field(name)
    limit = (field.max_length if isinstance(field, CharField) else None) or 0

    def check(value: Any) -> str:
        kept = words(value)
        if len(kept) > limit:
            raise Wrong(f"The text has {len(kept)} characters, and {limit} is the most. Shorten it.")
        return kept

    return check


def long_text(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong(f"{shown(value)} is not text. Put it in quotes.")
    return strip_controls(value).strip()


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong(f"{shown(value)} is neither true nor false. Write true or false, without quotes.")
    return value


def whole(lowest: int, highest: int) -> Check:
    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise Wrong(f"{shown(value)} will not do. Write a whole number from {lowest} to {highest}, without quotes.")
        return value

    return check


def one_of(values: Iterable[str]) -> Check:
    known = list(values)

    def check(value: Any) -> str:
        if value not in known:
            raise Wrong(f"{shown(value)} is not known here. Write one of: {', '.join(known)}.")
        return str(value)

    return check


def slug(value: Any) -> str:
    short = words(value)
    if not _SLUG.fullmatch(short) or len(short) > 40:
        raise Wrong(f"{shown(value)} is no short name. Write a to z, digits and hyphens, at most 40.")
    return short


def address(value: Any) -> str:
    """An e-mail address, folded."""
    folded = rules.folded_address(words(value))
    if not rules.is_address(folded):
        raise Wrong(f"{shown(value)} is no e-mail address. Write it as name@sykehus.example.")
    return folded


def domain(value: Any) -> str:
    folded = rules.folded_domain(words(value))
    if not _DOMAIN.fullmatch(folded):
        raise Wrong(f"{shown(value)} is no mail domain. Write what stands after the @.")
    return folded


def sender(value: Any) -> str:
    """An e-mail address, or a domain with those below it; folded."""
    written = words(value).removeprefix("@")
    return address(written) if "@" in written else domain(written)


def routing_words(value: Any) -> str:
    """The words of a routing rule, as it keeps them."""
    kept = in_words(", ".join(list_of(words)(value)))
    if not kept:
        raise Wrong('There is no word in this. Write ["vpn", "heimekontor*"].')
    return "\n".join(kept)


def header(value: Any) -> str:
    return words(value).lower().rstrip(":")


def or_empty(check: Check) -> Check:
    return lambda value: "" if value == "" else check(value)


def list_of(check: Check) -> Check:
    def each(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise Wrong(f'{shown(value)} is not a list. Write ["one", "two"].')
        return [check(one) for one in value]

    return each


def day(value: Any) -> date:
    """A date, as TOML's own or in quotes."""
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Wrong(f"{shown(value)} is no date. Write it as 2026-12-24.") from None


def moment(value: Any) -> datetime:
    """A date with a time of the day on Oslo's clock, as TOML's own or in quotes."""
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        found = None
    if found is None or (isinstance(value, str) and len(value.strip()) < len("2026-12-02T08:15")):
        raise Wrong(f"{shown(value)} is no date with a time. Write it as 2026-12-02T08:15:00.")
    return found if found.tzinfo else found.replace(tzinfo=OSLO)


def clock_time(value: Any) -> int:
    """A time of the day, in minutes after midnight; 24:00 is the day's end."""
    if isinstance(value, time):
        return value.hour * 60 + value.minute
    found = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    minutes = int(found[1]) * 60 + int(found[2]) if found else -1
    if not found or int(found[2]) > 59 or not 0 <= minutes <= 24 * 60:
        raise Wrong(f'{shown(value)} is no time of the day. Write it as "08:00".')
    return minutes


def hours(value: Any) -> Spans:
    """The open hours of one weekday: «08:00-15:30», several with commas between, or «closed»."""
    spans: Spans = []
    for part in [] if words(value) in ("", "closed") else words(value).replace("–", "-").split(","):
        opens, dash, closes = part.partition("-")
        if not dash:
            raise Wrong(f'{shown(value)} are no hours. Write "08:00-15:30" or "closed".')
        spans.append([clock_time(opens), clock_time(closes)])
    edges = [minutes for span in spans for minutes in span]
    if any(later <= earlier for earlier, later in zip(edges, edges[1:], strict=False)):
        raise Wrong(f"{shown(value)} goes backwards. Write the earlier time first.")
    return spans


def shown(value: Any) -> str:
    """The value in a sentence."""
    return f"«{value}»"
