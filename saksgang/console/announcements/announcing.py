"""Outages and planned downtime as lines on pages: the list of them, and the banners where people must know."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from saksgang.catalogue import queries as catalogue
from saksgang.catalogue.models import Announcement, Disruption
from saksgang.ui.dates import short_when


def current(now: datetime) -> list[dict[str, Any]]:
    """What goes on now, for banners."""
    return lines(catalogue.current_announcements(now), now)


def lines(announcements: Iterable[Announcement], now: datetime) -> list[dict[str, Any]]:
    """[{id, kind, tone, about, words, when, begun}]."""
    return [
        {
            "id": one.pk,
            "kind": str(Disruption(one.kind).label),
            "tone": "warning" if one.kind == Disruption.OUTAGE else "info",
            "about": one.service.name if one.service else "",
            "words": one.words,
            "when": _span(one, now),
            "begun": one.starts_at <= now,
        }
        for one in announcements
    ]


def _span(one: Announcement, now: datetime) -> str:
    """From when to when; «siden» for what has begun."""
    parts = {"start": short_when(one.starts_at, now), "end": short_when(one.ends_at, now) if one.ends_at else ""}
    if one.starts_at <= now:
        return _("Since %(start)s, expected over %(end)s") % parts if one.ends_at else _("Since %(start)s") % parts
    return _("From %(start)s to %(end)s") % parts if one.ends_at else _("From %(start)s") % parts
