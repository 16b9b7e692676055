"""What time alone brings about. The worker runs these each minute, as the robot `clock`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from saksgang.catalogue.queries import hours_of, meetings_held
from saksgang.catalogue.working_time import add_days
from saksgang.events.alarms import end_alarm, open_alarms, raise_alarm
from saksgang.lib import clock
from saksgang.tickets import clarifications, majors
from saksgang.tickets.actions import clarification, closure, waiting
from saksgang.tickets.actions.core import CLOCK, lock, store
from saksgang.tickets.kinds import State
from saksgang.tickets.models import Clarification, Ticket
from saksgang.tickets.policies import Refused
from saksgang.tickets.rules import queue
from saksgang.tickets.rules.deadlines import REMINDER_DAYS
from saksgang.tickets.states import PAUSED

BATCH = 200


def run_minute() -> int:
    """Ends waits, reminds requesters, closes what was solved long ago, raises what is late. Returns how many cases moved."""
    return end_waits() + remind() + close_old() + raise_late()


def end_waits() -> int:
    due = Ticket.objects.filter(state__in=sorted(PAUSED), wait_until__lte=clock.now())
    return sum(_one(ticket, waiting.resume) for ticket in due.order_by("wait_until")[:BATCH])


def remind() -> int:
    """Reminds requesters who were asked four, and then nine, working days ago."""
    now, sent = clock.now(), 0
    waits = Ticket.objects.filter(
        state=State.WAITING_REQUESTER,
        reminders_sent__lt=len(REMINDER_DAYS),
        state_since__lte=now - timedelta(days=REMINDER_DAYS[0]),
    )
    for ticket in waits.order_by("state_since")[:BATCH]:
        due = add_days(ticket.state_since, REMINDER_DAYS[ticket.reminders_sent], hours_of(ticket.team_id))
        if due <= now:
            sent += _one(ticket, waiting.remind)
    return sent


def close_old() -> int:
    due = Ticket.objects.filter(state=State.RESOLVED, close_after__lte=clock.now())
    return sum(_one(ticket, closure.close_after_window) for ticket in due.order_by("close_after")[:BATCH])


def raise_late() -> int:
    """Moves cases past their solving target one step up in the queue."""
    now = clock.now()
    late = Ticket.objects.filter(
        Q(queue_rank=queue.RANKS[4]) | Q(queue_rank=queue.RANKS[3], priority=3), solve_due_at__lt=now
    )
    return sum(_raise(ticket) for ticket in late.order_by("solve_due_at")[:BATCH])


@transaction.atomic
def _raise(ticket: Ticket) -> int:
    ticket = lock(ticket)
    before = ticket.queue_rank
    after = queue.rank(ticket.state, ticket.priority, ticket.solve_due_at, clock.now())
    if before == after:
        return 0
    store(ticket, "ticket_raised", by=CLOCK, after={"queue_rank": after})
    return 1


def _one(ticket: Ticket, action: Callable[..., Ticket]) -> int:
    try:
        action(ticket=ticket, by=CLOCK)
    except Refused:  # somebody else moved it in the meantime
        return 0
    return 1


NOBODY_DECIDES = "nobody_decides"


UNTREATED_MEETINGS = 2


def escalate_untreated() -> int:
    """What the triage team has met twice without deciding goes to the department head. To move it past a meeting is not to decide it."""
    now = clock.now()
    waits = Clarification.objects.filter(decision__isnull=True, escalated_at__isnull=True).order_by("asked_at")
    held = meetings_held(min((one.asked_at for one in waits[:1]), default=now), now)
    untreated = Q(postponed_count__gte=UNTREATED_MEETINGS)
    if len(held) >= UNTREATED_MEETINGS:
        untreated |= Q(asked_at__lt=held[-UNTREATED_MEETINGS])
    found = waits.filter(untreated).select_related("ticket")
    return sum(clarification.escalate(clarification=one, by=CLOCK) for one in found[:BATCH])


def watch_triage() -> None:
    """An alarm while nobody would decide what the triage team is asked: no meeting in time, no manager of the day, no leader."""
    if clarifications.nobody_decides(clock.now()):
        raise_alarm(kind=NOBODY_DECIDES, key="triage", by=CLOCK, details="no meeting, no manager of the day, no leader")
    else:
        end_alarm(kind=NOBODY_DECIDES, key="triage", by=CLOCK)


NOT_CONFIRMED = "not_confirmed_up"


def watch_downtime() -> None:
    """An alarm for each downtime that is long over by its plan and that nobody has said is over."""
    now = clock.now()
    late = {str(one.pk) for one in majors.to_confirm(now) if (majors.confirm_by(one) or now) < now}
    for key in sorted(late):
        raise_alarm(kind=NOT_CONFIRMED, key=key, by=CLOCK)
    for alarm in open_alarms().filter(kind=NOT_CONFIRMED).exclude(key__in=late):
        end_alarm(kind=NOT_CONFIRMED, key=alarm.key, by=CLOCK)
