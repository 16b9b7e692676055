"""What becomes of an improvement: planned, done, declined, taken up again. Each step tells everybody who asked for it, once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.catalogue import queries as catalogue
from saksgang.catalogue.working_time import add_days
from saksgang.events.actions import record
from saksgang.improvements.actions.ranking import close_gap, hold_list, next_rank
from saksgang.improvements.actions.telling import behind, cases_of, check_words, tell_all
from saksgang.improvements.kinds import OPEN, Step
from saksgang.improvements.models import Improvement, ImprovementStep
from saksgang.improvements.policies import check_leads_to, check_may_decide
from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.tickets.actions.core import lock
from saksgang.tickets.models import Ticket
from saksgang.tickets.policies import Refused, Stale

DECIDE_DAYS = 10  # working days until what was taken in must be decided


@transaction.atomic
def take_step(
    *,
    improvement: Improvement,
    by: Person,
    step: str,
    words: Mapping[str, str],
    reason: str = "",
    planned_for: date | None = None,
    seen: int | None = None,
) -> ImprovementStep:
    """`words`: language → what the requesters who have it are told. `reason` stays in the desk; a decline needs one.

    `seen`: the newest step that whoever decides has seen; raises Stale when there is a newer one.
    """
    held = _hold(improvement)
    check_may_decide(by, held.team_id)
    if seen is not None and ImprovementStep.objects.filter(improvement=held, pk__gt=seen).exists():
        raise Stale(_("Somebody else has decided on it while you wrote."))
    check_leads_to(held, step)
    _check_said(step, reason, planned_for)
    readers = behind(held)
    check_words(readers, words)
    was = {"improvement_step": held.step, "planned_for": held.planned_for.isoformat() if held.planned_for else None}
    _put(held, step, planned_for)
    taken = write_step(held, by=by, reason=reason)
    tell_all(taken, readers, words, by=by)
    now = {"improvement_step": step, "planned_for": planned_for.isoformat() if planned_for else None}
    record("improvement_step_taken", by=by, subject=held, before=was, after=now, reason=reason.strip())
    return taken


def _hold(improvement: Improvement) -> Improvement:
    """Holds the cases behind it, lowest first, then its list, then itself: as whoever joins a case to it does."""
    numbers = cases_of(improvement)
    for number in numbers:
        lock(Ticket(pk=number))
    hold_list(improvement.team_id)
    held = Improvement.objects.select_for_update().get(pk=improvement.pk)
    if held.team_id != improvement.team_id or cases_of(held) != numbers:
        raise Stale(_("Another case has joined it while you wrote. See the page again, and press once more."))
    return held


def _check_said(step: str, reason: str, planned_for: date | None) -> None:
    if step == Step.PLANNED and (planned_for is None or planned_for < clock.local(clock.now()).date()):
        raise Refused(_("Write the date it is planned for, from today on."))
    if step == Step.DECLINED and not reason.strip():
        raise Refused(_("Say why it is declined, for those who read it later."))


def _put(held: Improvement, step: str, planned_for: date | None) -> None:
    left = held.rank
    held.step, held.planned_for = step, planned_for if step == Step.PLANNED else None
    held.due_at = due_after(held)
    if step not in OPEN:
        held.rank = None
    elif held.rank is None:
        held.rank = next_rank(held.team_id)
    held.save(update_fields=["step", "planned_for", "due_at", "rank"])
    if left is not None and held.rank is None:
        close_gap(held.team_id, left)


def due_after(improvement: Improvement) -> datetime | None:
    """When the next decision on it is due: ten working days after it was taken in, or when the planned day is over."""
    if improvement.step == Step.PLANNED and improvement.planned_for:
        return datetime.combine(improvement.planned_for, time(23, 59), tzinfo=clock.OSLO)
    if improvement.step == Step.TAKEN_IN:
        return add_days(clock.now(), DECIDE_DAYS, catalogue.hours_of(improvement.team_id))
    return None


def write_step(improvement: Improvement, *, by: Person, reason: str = "") -> ImprovementStep:
    """Writes down that it has come to where it stands."""
    return ImprovementStep.objects.create(
        improvement=improvement,
        step=improvement.step,
        planned_for=improvement.planned_for,
        reason=reason.strip(),
        decided_at=clock.now(),
        decided_by=by,
    )
