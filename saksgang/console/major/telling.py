"""Faults of many as lines, and one of them with its facts, its cases and what was told, for pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saksgang.console.states import TONES, state_labels
from saksgang.people.models import Person
from saksgang.tickets import majors
from saksgang.tickets.kinds import Consequence, Impact, MajorState, State
from saksgang.tickets.models import MajorIncident
from saksgang.ui.dates import short_when

Line = dict[str, Any]


def lines(viewer: Person, found: Iterable[MajorIncident], now: datetime) -> list[Line]:
    """[{id, title, about, since, cases, begun, confirm, late}]."""
    rows = list(found)
    numbers = majors.numbers_of_cases(viewer, rows)
    return [_line(one, *numbers.get(one.pk, (0, 0)), now) for one in rows]


def _line(one: MajorIncident, whole: int, still: int, now: datetime) -> Line:
    return {
        "id": one.pk,
        "title": one.title,
        "about": " · ".join([one.service.name, one.team.name]),
        "since": since(one, now),
        "cases": ngettext("%(number)s case", "%(number)s cases", whole) % {"number": whole},
        "open": still,
        "begun": one.began_at <= now,
        "solved": one.state == MajorState.SOLVED,
        **confirming(one, now),
    }


def since(one: MajorIncident, now: datetime) -> str:
    if one.solved_at:
        return _("Solved %(when)s") % {"when": short_when(one.solved_at, now)}
    began = {"when": short_when(one.began_at, now)}
    return (_("Since %(when)s") if one.began_at <= now else _("From %(when)s")) % began


def confirming(one: MajorIncident, now: datetime) -> Line:
    """What the team must do when downtime is over by its plan: {confirm, late}."""
    due = majors.confirm_by(one) if one.state == MajorState.OPEN else None
    if due is None or one.announcement is None or one.announcement.ends_at is None or one.announcement.ends_at > now:
        return {"confirm": "", "late": False}
    words = (
        _("Confirm that everything is up: was due %(when)s")
        if due < now
        else _("Confirm that everything is up: due %(when)s")
    )
    return {"confirm": words % {"when": short_when(due, now)}, "late": due < now}


def facts(one: MajorIncident, now: datetime) -> list[tuple[str, str]]:
    """What it is, as names and values."""
    told = [
        (_("Service"), one.service.name),
        (_("Kind of case"), one.category.name if one.category else ""),
        (_("Impact"), str(Impact(one.impact).label)),
        (_("Consequence"), str(Consequence(one.consequence).label)),
        (_("Where"), one.department.name if one.department else ""),
        (_("Team"), one.team.name),
        (_("Owner"), one.owner.name if one.owner else _("nobody")),
        (_("Started by"), f"{one.started_by.name}, {short_when(one.started_at, now)}"),
    ]
    return [(name, value) for name, value in told if value]


def counts(viewer: Person, one: MajorIncident) -> list[Line]:
    """How many of its cases are in each state: [{name, tone, number}]."""
    names = state_labels()
    return [
        {"name": names[state], "tone": TONES[State(state)], "number": number}
        for state, number in majors.by_state(viewer, one).items()
    ]


def cases(viewer: Person, one: MajorIncident, after: int, now: datetime) -> tuple[list[Line], int]:
    """A page of its cases, and the number that the next page comes after (0: there is none)."""
    names = state_labels()
    read = majors.page_of_cases(viewer, one, after)
    told = [
        {
            "number": number,
            "subject": subject,
            "state": names[state],
            "tone": TONES[State(state)],
            "open": bool(still),
            "where": department or "",
            "received": short_when(received, now),
            "unread": new_message is not None,
            "own": not lent,
        }
        for number, subject, state, still, department, received, new_message, lent in read[: majors.PAGE]
    ]
    return told, read[majors.PAGE - 1][0] if len(read) > majors.PAGE else 0


def updates(one: MajorIncident, now: datetime) -> list[Line]:
    """What everybody was told, the newest first."""
    return [
        {
            "id": row.pk,
            "removed": row.redacted_at is not None,
            "words": [said for said in (row.words, row.words_nn, row.words_en) if said],
            "by": row.by.name,
            "when": short_when(row.at, now),
        }
        for row in majors.updates(one)
    ]
