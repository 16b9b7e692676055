"""Where one begins to read a case: what one has seen before is folded into a line, each day has its line."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saksgang.console.models import Seen
from saksgang.lib.prepared import prepared
from saksgang.people.models import Person
from saksgang.tickets.models import Message
from saksgang.ui.dates import OSLO, day_words, short_date

# Of what one has seen, so much stays open: what a new message answers.
KEPT_OPEN = 2
# Fewer than this are not worth a line to press.
FEWEST_FOLDED = 3


@prepared
def _seen(ticket_id: int, person_id: int) -> QuerySet[Seen, Any]:
    return Seen.objects.filter(ticket_id=ticket_id, person_id=person_id).values_list("message_id")


def seen_until(ticket_id: int, person: Person) -> int | None:
    """The highest message that this person's page has shown. None: they were never here."""
    return next((message for (message,) in _seen(ticket_id, person.pk)), None)


def remember(ticket_id: int, person: Person, last: int, seen: int | None) -> None:
    """Their page shows all up to `last` now. Two pages at once never take it back to less; of two first ones either counts."""
    if not last or (seen is not None and seen >= last):
        return
    if seen is None:
        Seen.objects.bulk_create([Seen(ticket_id=ticket_id, person=person, message_id=last)], ignore_conflicts=True)
    else:
        Seen.objects.filter(ticket_id=ticket_id, person=person, message_id__lt=last).update(message_id=last)


def arrange(rows: list[dict[str, Any]], messages: list[Message], seen: int | None, now: datetime) -> None:
    """Marks the rows: `day` before the first of each day, `fold` around what is folded, `begins` where one reads on."""
    _fold(rows, messages, seen, now)
    shown_day: date | None = None
    for row, message in zip(rows, messages, strict=True):
        day = message.at.astimezone(OSLO).date()
        if day != shown_day and not row.get("folded"):
            row["day"] = day_words(day, now.astimezone(OSLO).date())
        shown_day = day


def _fold(rows: list[dict[str, Any]], messages: list[Message], seen: int | None, now: datetime) -> None:
    first = next((at for at, message in enumerate(messages) if seen is not None and message.pk > seen), None)
    if first:
        rows[first]["begins"] = True
    until = 0 if seen is None else max((len(rows) if first is None else first) - KEPT_OPEN, 0)
    if until < FEWEST_FOLDED:
        return
    for row in rows[:until]:
        row["folded"] = True
    rows[0]["fold"] = _told(messages[:until], now)
    rows[until - 1]["fold_ends"] = True


def _told(messages: list[Message], now: datetime) -> str:
    """«8 eldre meldinger, 3.–12. mars»."""
    days = [message.at.astimezone(OSLO).date() for message in (messages[0], messages[-1])]
    today = now.astimezone(OSLO).date()
    first, last = (short_date(day, today) for day in days)
    number = len(messages)
    words = ngettext("%(number)s older message", "%(number)s older messages", number) % {"number": number}
    span = first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}
    return f"{words}, {span}"
