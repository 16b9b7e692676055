"""What is about to slip, as the front page lists it: by the step that must happen next, what is due first first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from saksgang.tickets.kinds import NextStep
from saksgang.tickets.models import Ticket
from saksgang.tickets.queries import ROW_FIELDS
from saksgang.tickets.visibility import TicketQuerySet

SOON = timedelta(hours=2)
TOGETHER = 200  # rows of several lists that are read at once; of more, each list is asked for by itself
STEP, OWED = ROW_FIELDS.index("next_step"), ROW_FIELDS.index("answers_owed")

Row = tuple[Any, ...]

# Steps that have a list of their own on the front page.
_ON_THEIR_OWN = (
    NextStep.CONFIRM_SENDER,
    NextStep.ANSWER_AGAIN,
    NextStep.ASSESS,
    NextStep.TAKE,
    NextStep.ANSWER,
)


def _at_rare_step(cases: TicketQuerySet[Ticket], step: NextStep, opened: list[int]) -> QuerySet[Ticket]:
    """Those of `cases` with a step that few have anywhere: found by it first. A planner expects as many of one step as of another."""
    few = list(Ticket.objects.filter(open__in=opened, next_step=step).values_list("pk", flat=True))
    return cases.filter(pk__in=few).order_by("next_step_due_at", "id")


def slipping(cases: TicketQuerySet[Ticket], now: datetime) -> dict[str, QuerySet[Ticket]]:
    """The front page's lists, most pressing first. `cases` are those one looks after."""
    soon = now + SOON
    open_cases = cases.filter(open=1)
    return {
        # Solved ones too: open=0 and 1, so that the index on both serves.
        "unconfirmed": _at_rare_step(cases, NextStep.CONFIRM_SENDER, [0, 1]),
        "failed": _at_rare_step(cases, NextStep.ANSWER_AGAIN, [1]),
        "not_assessed": open_cases.filter(next_step=NextStep.ASSESS, next_step_due_at__lte=soon).order_by(
            "next_step_due_at", "id"
        ),
        "untaken": open_cases.filter(next_step=NextStep.TAKE, next_step_due_at__lte=soon).order_by(
            "next_step_due_at", "id"
        ),
        "owed": open_cases.filter(answers_owed__gt=0, next_step=NextStep.ANSWER, next_step_due_at__lte=soon).order_by(
            "next_step_due_at", "id"
        ),
        "due": open_cases.filter(next_step_due_at__lte=soon)
        .exclude(next_step__in=_ON_THEIR_OWN)
        .order_by("next_step_due_at", "id"),
    }


def first_rows(cases: TicketQuerySet[Ticket], now: datetime, most: int) -> dict[str, list[Row]]:
    """The first so many of each list (queries.ROW_FIELDS). Four of them are one list of what is due soon, told apart by the step."""
    lists = slipping(cases, now)
    due = cases.filter(open=1, next_step_due_at__lte=now + SOON).order_by("next_step_due_at", "id")
    together = list(due.values_list(*ROW_FIELDS)[: TOGETHER + 1])
    if len(together) > TOGETHER:
        return {name: list(one.values_list(*ROW_FIELDS)[:most]) for name, one in lists.items()}
    found: dict[str, list[Row]] = {name: [] for name in lists}
    for name in ("unconfirmed", "failed"):
        found[name] = list(lists[name].values_list(*ROW_FIELDS)[:most])
    for row in together:
        if name := _list_of(row):
            found[name].append(row)
    return {name: rows[:most] for name, rows in found.items()}


def _list_of(row: Row) -> str:
    step = row[STEP]
    if step == NextStep.ANSWER:
        return "owed" if row[OWED] else ""
    return {NextStep.ASSESS: "not_assessed", NextStep.TAKE: "untaken"}.get(step, "" if step in _ON_THEIR_OWN else "due")
