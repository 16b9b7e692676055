"""What has changed since somebody last looked: which cases, for whose lists. Read by ids and enumerated values only.

An event tells of its case. Two things change a page without an event: that a mail has left, and who looks at the case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from saksgang.console.live import topics
from saksgang.console.live.presence import here
from saksgang.events.models import Event
from saksgang.lib import clock
from saksgang.outbound.models import OutboundMail
from saksgang.people.models import Team, TeamKind
from saksgang.tickets.models import Ticket

# More than so many events at once are not looked at one by one: an import, a restored backup.
MOST_EVENTS = 500
# Mails that have not left are among the newest. What becomes of one that was tried for long is told by an event.
NEWEST_MAILS = 200


@dataclass
class Change:
    """Something happened on a case. Who hears of it is asked when it is told."""

    ticket_id: int
    restricted: bool
    topics: set[str] = field(default_factory=set)  # for everybody who may see the case
    persons: set[int] = field(default_factory=set)  # whose own it is, or was
    teams: set[int] = field(default_factory=set)  # whose it is, or was


@dataclass
class News:
    """All that happened between two looks."""

    changes: list[Change] = field(default_factory=list)
    lists: bool = False
    everything: bool = False
    since: datetime | None = None  # when the oldest of it happened

    def __bool__(self) -> bool:
        return bool(self.changes or self.lists or self.everything)


EVERYTHING = News(everything=True)


class Watch:
    """What one has seen already. Each process that tells of changes has one."""

    def __init__(self) -> None:
        self._here = here()
        self._mails = _newest_mails()

    def news(self, events: Iterable[tuple[int, int]], *, mails: bool, presence: bool) -> News:
        """`events`: ranges of their ids; `mails`, `presence`: whether something may have changed there."""
        rows = _events(events)
        if len(rows) > MOST_EVENTS:
            return News(everything=True, since=clock.now())
        told: dict[int, set[str]] = {}
        if mails:
            for number in self._changed_mails():
                told.setdefault(number, set()).add(topics.case(number))
        if presence:
            for number in self._came_or_went():
                told.setdefault(number, set()).add(topics.presence(number))
        return News(
            changes=_changes(rows, told),
            lists=any(row["ticket_id"] is None or row["subject_kind"] == "inboundmail" for row in rows),
            since=min((row["at"] for row in rows), default=None),
        )

    def _changed_mails(self) -> set[int]:
        before, self._mails = self._mails, _newest_mails()
        return {
            ticket
            for pk, (ticket, state) in self._mails.items()
            if before.get(pk, (ticket, "queued")) != (ticket, state)
        }

    def _came_or_went(self) -> set[int]:
        before, self._here = self._here, here()
        return {number for number, *_who in before ^ self._here}


def _events(ranges: Iterable[tuple[int, int]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for first, last in ranges:
        rows = Event.objects.filter(pk__gte=first, pk__lte=last).order_by("pk")
        wanted = rows.values("ticket_id", "subject_kind", "at", "before", "after")[: MOST_EVENTS + 1]
        found += [dict(row) for row in wanted]
    return found


def _newest_mails() -> dict[int, tuple[int, str]]:
    rows = OutboundMail.objects.order_by("-pk").values_list("pk", "ticket_id", "state")[:NEWEST_MAILS]
    return {pk: (ticket, state) for pk, ticket, state in rows}


def _changes(events: list[dict[str, Any]], told: dict[int, set[str]]) -> list[Change]:
    """One for each case, with the teams and owners that it has and had."""
    happened = {event["ticket_id"] for event in events if event["ticket_id"] is not None}
    cases = Ticket.objects.filter(pk__in=happened | told.keys())
    changes = {}
    for number, team, owner, restricted in cases.values_list("pk", "team_id", "assignee_id", "restricted"):
        change = changes[number] = Change(number, restricted, told.get(number, set()))
        if number in happened:
            change.topics |= {topics.case(number), topics.CASES}
            change.teams, change.persons = {team} - {None}, {owner} - {None}
    for event in events:
        if known := changes.get(event["ticket_id"]):
            _add(known, event)
    triage = set(Team.objects.filter(kind=TeamKind.TRIAGE).values_list("pk", flat=True)) if happened else set()
    for change in changes.values():
        change.topics |= {topics.team(pk) for pk in change.teams}
        if change.teams & triage:
            change.topics.add(topics.TRIAGE)
    return list(changes.values())


def _add(change: Change, event: dict[str, Any]) -> None:
    """Whom one event concerns: before it, after it, and the triage team where it was asked or has decided."""
    for values in (event["before"], event["after"]):
        change.teams |= {values.get("team_id")} - {None}
        change.persons |= {values.get("assignee_id"), *values.get("mentioned_ids", ())} - {None}
    if "clarification_id" in event["after"]:
        change.topics.add(topics.TRIAGE)
