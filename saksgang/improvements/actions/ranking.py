"""A team's list in its order: 1, 2, 3 … without gaps. Every change of it holds the team, so that two never rank at once.

Neither database swaps two numbers of a unique column in one statement, each in its own way: what moves goes below nothing first.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from saksgang.events.actions import record
from saksgang.improvements.models import Improvement
from saksgang.improvements.policies import check_may_decide, check_takes_cases
from saksgang.people.models import Person, Team
from saksgang.tickets.policies import Refused


def hold_list(team_id: int) -> Team:
    """The team, with everybody else kept from its list until the transaction ends."""
    return Team.objects.select_for_update().get(pk=team_id)


def next_rank(team_id: int) -> int:
    """Last on the list. Call while the list is held."""
    last: int | None = Improvement.objects.filter(team_id=team_id).aggregate(last=Max("rank"))["last"]
    return (last or 0) + 1


def close_gap(team_id: int, rank: int) -> None:
    """Those below a place that became empty move up. Call while the list is held."""
    Improvement.objects.filter(team_id=team_id, rank__gt=rank).update(rank=-F("rank") + 1)
    Improvement.objects.filter(team_id=team_id, rank__lt=0).update(rank=-F("rank"))


@transaction.atomic
def move(*, improvement: Improvement, by: Person, to: int) -> int:
    """Gives it the place `to` of its team's list, or the last one where there are fewer. Returns its place."""
    check_may_decide(by, improvement.team_id)
    hold_list(improvement.team_id)
    held = Improvement.objects.select_for_update().get(pk=improvement.pk)
    check_may_decide(by, held.team_id)
    check_takes_cases(held)
    if to < 1:
        raise Refused(_("The first place is number 1."))
    was, place = held.rank or 0, min(to, next_rank(held.team_id) - 1)
    if place == was:
        return place
    low, high, step = (was + 1, place, -1) if place > was else (place, was - 1, 1)
    listed = Improvement.objects.filter(team_id=held.team_id)
    listed.filter(pk=held.pk).update(rank=-place)
    # The one that moves has left its place and has a number that none of the others gets.
    listed.filter(rank__gte=low, rank__lte=high).update(rank=-(F("rank") + step))
    listed.filter(rank__lt=0).update(rank=-F("rank"))
    record("improvement_ranked", by=by, subject=held, before={"rank": was}, after={"rank": place})
    return place
