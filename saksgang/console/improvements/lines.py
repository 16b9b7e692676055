"""Improvements as lines of a list, and one of them as its page tells it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from saksgang.console.improvements.words import due, stands
from saksgang.console.states import state_labels
from saksgang.events.models import Event
from saksgang.improvements import queries
from saksgang.improvements.kinds import Size, Step
from saksgang.improvements.models import Improvement
from saksgang.people.models import Person
from saksgang.tickets.queries import names_of_persons
from saksgang.ui.dates import full_when, short_date, short_when

FIRST = 5  # of every team, on the page of all lists
MOST = 50  # on one page of a team's list
OVER_MOST = 20


def lines(improvements: Iterable[Improvement], viewer: Person, now: datetime) -> list[dict[str, Any]]:
    """[{id, title, rank, stands, requesters, effort, gain, due, late}], in as many queries however many there are."""
    rows = list(improvements)
    numbers = queries.numbers_of_requesters(rows, viewer)
    return [
        {
            "id": one.pk,
            "title": one.title,
            "rank": one.rank,
            "stands": stands(one),
            "requesters": requesters(numbers.get(one.pk, 0)),
            "sizes": sizes(one),
            "due": due(one, now),
            "late": one.due_at is not None and one.due_at < now,
        }
        for one in rows
    ]


def all_lists(viewer: Person, now: datetime) -> list[dict[str, Any]]:
    """[{team, listed, overdue, rows}]: the first of every team's list."""
    lengths = queries.lengths(now)
    rows = list(queries.first_of_each(FIRST))
    told = {line["id"]: line for line in lines(rows, viewer, now)}
    found = {team: [told[one.pk] for one in group] for team, group in groupby(rows, key=lambda one: one.team)}
    return [
        {"team": team, "listed": lengths[team.pk].listed, "overdue": lengths[team.pk].overdue, "rows": its}
        for team, its in found.items()
    ]


def requesters(number: int) -> str:
    return ngettext("%(number)s requester", "%(number)s requesters", number) % {"number": number}


def sizes(one: Improvement) -> str:
    """«Arbeid: liten · Nytte: stor», as far as it is known."""
    told = []
    if one.effort != Size.UNKNOWN:
        told.append(_("work: %(size)s") % {"size": str(Size(one.effort).label).lower()})
    if one.gain != Size.UNKNOWN:
        told.append(_("gain: %(size)s") % {"size": str(Size(one.gain).label).lower()})
    return " · ".join(told)


def cases(improvement: Improvement, viewer: Person, now: datetime) -> list[dict[str, Any]]:
    """The cases behind it that `viewer` may see: [{id, subject, who, told, open}]."""
    rows = list(queries.cases_behind(improvement, viewer))
    names, labels = queries.requesters_behind(rows, viewer), state_labels()
    return [
        {
            "id": one.ticket_id,
            "subject": one.ticket.subject,
            "who": ", ".join(names.get(one.ticket_id, [])),
            "told": f"{labels[one.ticket.state]}, {short_when(one.ticket.received_at, now)}",
            "open": bool(one.ticket.open),
        }
        for one in rows
    ]


def steps(improvement: Improvement, now: datetime) -> list[dict[str, str]]:
    """What was decided on it, the newest first."""
    return [
        {
            "step": _planned(one.planned_for, now) if one.planned_for else str(Step(one.step).label),
            "reason": one.reason,
            "by": one.decided_by.name,
            "when": short_when(one.decided_at, now),
        }
        for one in reversed(queries.steps_of(improvement))
    ]


def _planned(day: Any, now: datetime) -> str:
    return _("Planned for %(day)s") % {"day": short_date(day, now.date())}


# Said after the name of whoever did it. The steps stand by themselves.
WHAT = {
    "improvement_made": gettext_lazy("made it of a case"),
    "improvement_joined": gettext_lazy("put one more case behind it"),
    "improvement_case_removed": gettext_lazy("took a case out of it"),
    "improvement_changed": gettext_lazy("changed what is written on it"),
    "improvement_ranked": gettext_lazy("moved it from place %(before)s to %(after)s"),
    "improvement_redacted": gettext_lazy("removed its words"),
    "improvement_step_taken": gettext_lazy("decided: %(step)s"),
}


def history(improvement: Improvement) -> list[dict[str, str]]:
    """Everything that happened to it, the newest first: [{who, what, when, why}]."""
    events = queries.history(improvement)
    names = names_of_persons({event.by_person_id for event in events if event.by_person_id})
    return [
        {
            "who": names.get(event.by_person_id or 0, ""),
            "what": _what(event),
            "when": full_when(event.at),
            "why": "" if event.redacted_at else event.reason,
        }
        for event in reversed(events)
    ]


def _what(event: Event) -> str:
    step = event.after.get("improvement_step")
    facts = {
        "before": event.before.get("rank"),
        "after": event.after.get("rank"),
        "step": str(Step(step).label).lower() if step else "",
    }
    return str(WHAT[event.kind]) % facts if event.kind in WHAT else event.kind.replace("_", " ")
