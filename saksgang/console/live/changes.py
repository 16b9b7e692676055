"""What has changed since somebody last looked: which cases, for whose lists. Read by ids and enumerated values only.

An event tells of its case. Two things change a page without an event: that a mail has left, and who looks at the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from saksgang.console.live import topics
from saksgang.console.live.presence import here
from saksgang.events.models import Event
from saksgang.improvements.models import ImprovementCase
from saksgang.lib import clock
from saksgang.outbound.models import OutboundMail
from saksgang.people.models import Team, TeamKind
from saksgang.tickets.kinds import State
from saksgang.tickets.models import Call, Ticket

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
    topics: set[str] = field(default_factory=set)  # for everybody: what concerns no case
    everything: bool = False
    since: datetime | None = None  # when the oldest of it happened

    def __bool__(self) -> bool:
        return bool(self.changes or self.topics or self.everything)


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
            topics={topic for row in rows for topic in _of_no_case(row)},
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
        wanted = rows.values("ticket_id", "subject_kind", "subject_id", "at", "before", "after")[: MOST_EVENTS + 1]
        found += [dict(row) for row in wanted]
    return found


def _of_no_case(event: dict[str, Any]) -> set[str]:
    """What an event tells that is about no case, so that everybody may hear it."""
    if event["ticket_id"] is not None:
        return {topics.LISTS} if event["subject_kind"] == "inboundmail" else set()
    told = {topics.LISTS}
    if event["subject_kind"] == "majorincident":
        told |= {topics.MAJORS, topics.major(event["subject_id"])}
    elif event["subject_kind"] == "majorupdate":
        told |= {topics.MAJORS, topics.major(event["after"].get("major_id", 0))}
    elif event["subject_kind"] == "improvement":
        told |= {topics.WISHES, topics.improvement(event["subject_id"])}
    return told


def _newest_mails() -> dict[int, tuple[int, str]]:
    rows = OutboundMail.objects.order_by("-pk").values_list("pk", "ticket_id", "state")[:NEWEST_MAILS]
    return {pk: (ticket, state) for pk, ticket, state in rows}


def _changes(events: list[dict[str, Any]], told: dict[int, set[str]]) -> list[Change]:
    """One for each case, with the teams and owners that it has and had."""
    happened = {event["ticket_id"] for event in events if event["ticket_id"] is not None}
    changes = {change.ticket_id: change for change in _as_they_are(happened, told)}
    for event in events:
        if known := changes.get(event["ticket_id"]):
            _add(known, event)
    if happened:
        _add_what_they_hang_on(changes, happened)
    triage = set(Team.objects.filter(kind=TeamKind.TRIAGE).values_list("pk", flat=True)) if happened else set()
    for change in changes.values():
        change.topics |= {topics.team(pk) for pk in change.teams}
        if change.teams & triage:
            change.topics.add(topics.TRIAGE)
    return list(changes.values())


def _as_they_are(happened: set[int], told: dict[int, set[str]]) -> Iterator[Change]:
    facts = ("pk", "team_id", "assignee_id", "restricted", "state", "major_id")
    cases = Ticket.objects.filter(pk__in=happened | told.keys())
    for number, team, owner, restricted, state, major in cases.values_list(*facts):
        change = Change(number, restricted, told.get(number, set()))
        if number in happened:
            change.topics |= {topics.case(number), topics.CASES, *_by_facts(state, major)}
            change.teams, change.persons = {team} - {None}, {owner} - {None}
        yield change


def _by_facts(state: str | None, major: int | None) -> set[str]:
    """Of a case as it is, or as an event says that it was."""
    told = {topics.MAJORS, topics.major(major)} if major else set()
    return told | {topics.OTHERS} if state == State.WAITING_THIRD_PARTY else told


def _add(change: Change, event: dict[str, Any]) -> None:
    """Whom one event concerns: before it, after it, and the triage team where it was asked or has decided."""
    for values in (event["before"], event["after"]):
        change.teams |= {values.get("team_id")} - {None}
        change.persons |= {values.get("assignee_id"), *values.get("mentioned_ids", ())} - {None}
        change.topics |= _by_facts(values.get("state"), values.get("major_id"))  # the fault that it left, too
    if "clarification_id" in event["after"]:
        change.topics.add(topics.TRIAGE)


def _add_what_they_hang_on(changes: dict[int, Change], happened: set[int]) -> None:
    """What else shows the cases on which something happened: an improvement, the list of whom to phone."""
    behind = ImprovementCase.objects.filter(ticket__in=happened).values_list("ticket_id", "improvement_id")
    for number, improvement in behind:
        changes[number].topics |= {topics.WISHES, topics.improvement(improvement)}
    phoned = Call.objects.filter(message__ticket__in=happened).values_list("message__ticket_id", flat=True)
    for number in phoned.distinct():
        changes[number].topics.add(topics.CALLS)
