"""The priority of a case: computed from what was assessed, in a fixed order of steps, each of which can be told in words.

Source: clauses P1 to P5 and tickets.md, «Priority». Pure: the matrix comes in as data, and so does the ordinary target.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from saksgang.catalogue.kinds import TicketType
from saksgang.lib import text
from saksgang.tickets.kinds import Consequence, Impact

LOWERED_BY = {Consequence.STOPS: 0, Consequence.DEGRADED: 1, Consequence.NUISANCE: 2}
IN_DOUBT = 3
LOWEST = 4
# Four or more users are «some departments».
MANY_USERS = 4


@dataclass(frozen=True)
class Inputs:
    """What an agent answered. `criticality` is the service's; None where the service is not known."""

    type: str
    impact: str
    criticality: str | None
    consequence: str | None = None  # asked for incidents only
    needed_by: datetime | None = None  # set when time-critical
    danger: bool = False
    harm_again: bool = False  # a patient was or could have been harmed, and it can happen again
    override: int | None = None


@dataclass(frozen=True)
class Result:
    priority: int
    steps: tuple[tuple[str, int], ...]  # (rule, the priority after it); the first that applied comes first


def compute(inputs: Inputs, matrix: dict[tuple[str, str], int], ordinary_due: Callable[[int], datetime]) -> Result:
    """Order of steps: matrix → consequence → time-critical → «don't know» → danger → harm → override.

    `matrix`: (impact, criticality) → priority. `ordinary_due(priority)`: when a case of that priority is due to be solved.
    """
    steps: list[tuple[str, int]] = []
    value = IN_DOUBT
    if inputs.criticality and not _unknown(inputs):
        value = matrix[inputs.impact, inputs.criticality]
        steps.append(("matrix", value))
        value = _lowered(inputs, value, steps)
        value = _lifted(inputs, value, ordinary_due, steps)
    else:
        steps.append(("unknown", value))
    if inputs.danger:
        value = 1
        steps.append(("danger", value))
    if inputs.harm_again:
        value = 1
        steps.append(("harm", value))
    if inputs.override is not None:
        value = inputs.override
        steps.append(("override", value))
    return Result(value, tuple(steps))


def _unknown(inputs: Inputs) -> bool:
    """Whether «don't know» was answered to what was asked besides the service."""
    asked = [inputs.impact]
    if inputs.type == TicketType.INCIDENT:
        asked.append(inputs.consequence or Consequence.UNKNOWN)
    return Impact.UNKNOWN in asked


def _lowered(inputs: Inputs, value: int, steps: list[tuple[str, int]]) -> int:
    if inputs.type != TicketType.INCIDENT or not inputs.consequence:
        return value
    lower = min(value + LOWERED_BY[Consequence(inputs.consequence)], LOWEST)
    if lower != value:
        steps.append(("consequence", lower))
    return lower


def _lifted(inputs: Inputs, value: int, ordinary_due: Callable[[int], datetime], steps: list[tuple[str, int]]) -> int:
    """One step up when it is needed before the ordinary target, but never to 1."""
    if inputs.needed_by is None or value <= 2 or inputs.needed_by >= ordinary_due(value):
        return value
    steps.append(("time_critical", value - 1))
    return value - 1


def sentence(  # the words of each step, in the reader's language
    steps: list[list[object]] | tuple[tuple[str, int], ...],
    *,
    impact: str,
    service: str,
    criticality: str,
    consequence: str,
    override_reason: str,
) -> str:
    """Tells in one sentence why the case has its priority. Arguments are labels as the reader sees them."""
    told = {
        "matrix": _("%(impact)s and %(service)s (%(criticality)s) give %(value)s"),
        "consequence": _("the consequence «%(consequence)s» makes it %(value)s"),
        "time_critical": _("needed before the ordinary time, so %(value)s"),
        "unknown": _("In doubt: taken in turn, %(value)s"),
        "danger": _("danger to life and health makes it %(value)s"),
        "harm": _("a patient could be harmed again, so %(value)s"),
        "override": _("set to %(value)s by hand: %(reason)s"),
    }
    words = {
        "impact": impact,
        "service": service,
        "criticality": criticality.lower(),
        "consequence": consequence.lower(),
        "reason": override_reason,
    }
    parts = [told[str(rule)] % {**words, "value": value} for rule, value in steps]
    whole = "; ".join(parts)
    return text.with_full_stop(whole[:1].upper() + whole[1:])
