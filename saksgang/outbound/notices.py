"""What a receipt adds to its text: off hours when mail is read and whom to ring, and what is out of order just now (mail.md)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import translation
from django.utils.formats import date_format

from saksgang.catalogue.models import Announcement, Disruption, Mailbox
from saksgang.catalogue.queries import current_announcements, hours_of, mail_text
from saksgang.catalogue.working_time import NeverOpen, add_minutes
from saksgang.lib import clock
from saksgang.outbound.rendering import fill

MOST_OUTAGES = 3


def notices(mailbox: Mailbox, team_id: int | None, at: datetime, language: str) -> str:
    """Paragraphs, each with an empty line before it; "" within hours when all is well."""
    return "".join(f"\n\n{one}" for one in (*_off_hours(mailbox, team_id, at, language), *_outages(at, language)))


def _off_hours(mailbox: Mailbox, team_id: int | None, at: datetime, language: str) -> Iterator[str]:
    try:
        opens = add_minutes(at, 0, hours_of(team_id))
    except NeverOpen:
        return
    if opens <= at:
        return
    yield fill(mail_text("off_hours", language).body, {"opens": _moment(opens, language)})
    if mailbox.urgent_phone:
        yield fill(mail_text("off_hours_urgent", language).body, {"phone": mailbox.urgent_phone})


def _outages(at: datetime, language: str) -> Iterator[str]:
    for one in current_announcements(at)[-MOST_OUTAGES:]:
        kind = "outage" if one.kind == Disruption.OUTAGE else "downtime"
        yield fill(mail_text(kind, language).body, {"what": _what(one, language)})


def _what(announcement: Announcement, language: str) -> str:
    if announcement.service is None:
        return announcement.words
    with translation.override(language):
        return f"{announcement.service.name}: {announcement.words}"


def _moment(moment: datetime, language: str) -> str:
    """«mandag 23. november kl. 08.00»."""
    local = clock.local(moment)
    with translation.override(language):
        if language == "en":
            return f"{date_format(local, 'l j F')} at {local:%H:%M}"
        return f"{date_format(local, 'l j. F').lower()} kl. {local:%H.%M}"
