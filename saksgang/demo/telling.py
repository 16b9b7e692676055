"""Tells one case from its first word to where it stands: every step is an action of the product, under a moved clock."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.db import transaction

from saksgang.demo import awkward, moments, parts, plan
from saksgang.demo.hospital import Hospital
from saksgang.demo.models import ToldStory
from saksgang.demo.steps import STEPS, Case
from saksgang.lib import clock
from saksgang.tickets.actions import closure
from saksgang.tickets.actions.core import CLOCK
from saksgang.tickets.kinds import State
from saksgang.tickets.models import Ticket


@transaction.atomic
def tell(item: plan.Item, hospital: Hospital, told_from: datetime, seed: int) -> None:
    """Tells one case in one transaction, so that a live worker never meets it half told."""
    rng = random.Random(f"{seed}/{item.key}")
    if item.slug:
        ticket: Ticket | None = _tell_story(item, hospital, told_from, rng)
    else:
        ticket = awkward.ALL[item.course](awkward.Stage(hospital, rng, told_from, item.key))
    if ticket:
        _close_in_time(ticket, told_from)
    ToldStory.objects.create(key=item.key, ticket=ticket)


def _tell_story(item: plan.Item, hospital: Hospital, told_from: datetime, rng: random.Random) -> Ticket:
    story = plan.story_of(item)
    course = plan.COURSES[item.course]
    gaps = [max(1, int(minutes * rng.uniform(0.6, 1.5))) for _step, minutes in course]
    hours = moments.hours(item.night)
    start = moments.before(told_from, sum(gaps) + item.slack, hours)
    case = Case(
        story=story,
        hospital=hospital,
        rng=rng,
        key=item.key,
        told_from=told_from,
        moment=start,
        is_open=item.course in plan.OPEN,
        spoken=item.course in ("oral", "no_answer", "calling") or (item.night and rng.random() < 0.7),
    )
    case.begin(_earlier(start, rng) if item.course in WRITTEN_EARLY and not item.night else start)
    for nth, ((step, _minutes), gap) in enumerate(zip(course, gaps, strict=True)):
        case.moment = moments.add_minutes(case.moment, gap, hours)
        case.next_moment = moments.add_minutes(case.moment, gaps[nth + 1], hours) if nth + 1 < len(gaps) else None
        with clock.at(case.moment):
            STEPS[step](case)
            parts.deliver()
    return case.ticket


# Where it does no harm that the case was received before the office opened.
WRITTEN_EARLY = {"straight", "answered", "asked", "planned"}


def _earlier(start: datetime, rng: random.Random) -> datetime:
    """One in eight writes in the evening or at night, and is read in the morning."""
    if rng.random() > 0.125:
        return start
    morning = clock.local(start).replace(hour=7, minute=0, second=0)
    return min(start, morning - timedelta(minutes=rng.randrange(20, 700)))


def _close_in_time(ticket: Ticket, told_from: datetime) -> None:
    """What was solved more than fourteen days ago closed by itself then, not today."""
    ticket.refresh_from_db()
    if ticket.state == State.RESOLVED and ticket.close_after and ticket.close_after <= told_from:
        with clock.at(ticket.close_after):
            closure.close_after_window(ticket=ticket, by=CLOCK)
