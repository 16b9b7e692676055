"""How each team's cases were assessed: without a kind, and with a priority set by hand. Of teams only, never of persons."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count

from saksgang.people.models import Person, Team
from saksgang.tickets.models import Ticket
from saksgang.tickets.visibility import TicketQuerySet

NO_KIND, BY_HAND = "nokind", "byhand"


class Share(NamedTuple):
    """What a team's agents assessed since then. What a fault of many lent its cases is not among it."""

    slug: str
    team: str
    assessed: int
    no_kind: int
    by_hand: int


def since(cases: TicketQuerySet[Ticket], moment: datetime, how: str = "") -> TicketQuerySet[Ticket]:
    """The cases that somebody assessed since then; `how`: those of them without a kind, or with a priority by hand."""
    found = cases.filter(assessed_at__gte=moment, facts_lent=False)
    if how == NO_KIND:
        return found.filter(category__isnull=True)
    return found.filter(override_priority__isnull=False) if how == BY_HAND else found


def shares(viewer: Person, moment: datetime, teams: Iterable[Team]) -> list[Share]:
    """Each team, by what the viewer may see. Open cases are counted in an index alone, the few restricted ones by who may read them."""
    wanted = list(teams)
    unrestricted = Ticket.objects.filter(restricted=False)
    restricted = Ticket.objects.visible_to(viewer).filter(restricted=True)
    found: dict[int, list[int]] = {}
    for cases in (unrestricted, restricted):
        counted = since(cases, moment).filter(team__in=[team.pk for team in wanted]).order_by().values_list("team_id")
        for team, *numbers in counted.annotate(
            assessed=Count("*"), kinds=Count("category_id"), by_hand=Count("override_priority")
        ):
            found[team] = [a + b for a, b in zip(found.get(team, [0, 0, 0]), numbers, strict=True)]
    return [
        Share(team.slug, team.name, assessed, assessed - kinds, by_hand)
        for team in wanted
        for assessed, kinds, by_hand in [found.get(team.pk, [0, 0, 0])]
    ]
