"""Reads for pages. Improvements are read by everybody in the desk; the cases behind them only by who may see each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from saksgang.events.models import Event
from saksgang.improvements.kinds import OPEN
from saksgang.improvements.models import Improvement, ImprovementCase, ImprovementStep, ImprovementWord
from saksgang.lib import text
from saksgang.people.models import Person, Team, TeamKind
from saksgang.tickets import calls
from saksgang.tickets.models import Call, Ticket, TicketRequester

LIKE_MOST = 8
WEIGHED = 200  # of those that share a word, how many are weighed against each other
SHORTEST_WORD = 3  # letters; shorter ones stand in every subject


class Length(NamedTuple):
    """How many stand on a team's list, and how many of them are overdue."""

    listed: int
    overdue: int


def ranked(team: Team) -> QuerySet[Improvement]:
    """The team's list in its order."""
    return Improvement.objects.filter(team=team, rank__isnull=False).order_by("rank")


def first_of_each(most: int) -> QuerySet[Improvement]:
    """The first so many of every team's list, team by team."""
    listed = Improvement.objects.filter(rank__isnull=False, rank__lte=most, team__active=True).select_related("team")
    return listed.order_by("team__sort_key", "team_id", "rank")


def over(team: Team) -> QuerySet[Improvement]:
    """What was done or declined, the newest decision first."""
    return Improvement.objects.filter(team=team).exclude(step__in=OPEN).order_by("-id")


def lengths(now: datetime) -> dict[int, Length]:
    """Team → how long its list is."""
    rows = Improvement.objects.filter(rank__isnull=False).values("team_id")
    counted = rows.annotate(listed=Count("id"), overdue=Count("id", filter=Q(due_at__lt=now)))
    return {row["team_id"]: Length(row["listed"], row["overdue"]) for row in counted}


def teams_with_lists() -> list[Team]:
    """Every team that can have one: the managers' own has none."""
    return list(Team.objects.filter(active=True).exclude(kind=TeamKind.TRIAGE).order_by("sort_key"))


def numbers_of_requesters(improvements: Iterable[Improvement], viewer: Person) -> dict[int, int]:
    """Improvement → how many have asked for it, in cases that `viewer` may see."""
    seen = Ticket.objects.visible_to(viewer)
    cases = ImprovementCase.objects.filter(improvement__in=[one.pk for one in improvements], ticket__in=seen)
    rows = cases.values("improvement_id").annotate(number=Count("ticket__requesters__person", distinct=True))
    return {row["improvement_id"]: row["number"] for row in rows}


def cases_behind(improvement: Improvement, viewer: Person) -> QuerySet[ImprovementCase]:
    """Those of its cases that `viewer` may see, the first first."""
    rows = ImprovementCase.objects.filter(improvement=improvement, ticket__in=Ticket.objects.visible_to(viewer))
    return rows.select_related("ticket", "joined_by").order_by("ticket_id")


def requesters_behind(cases: Iterable[ImprovementCase]) -> dict[int, list[str]]:
    """Case → the names of its requesters."""
    rows = TicketRequester.objects.filter(ticket__in=[one.ticket_id for one in cases]).select_related("person")
    found: dict[int, list[str]] = {}
    for row in rows.order_by("id"):
        found.setdefault(row.ticket_id, []).append(row.contact_name or row.person.name)
    return found


def steps_of(improvement: Improvement) -> QuerySet[ImprovementStep]:
    return ImprovementStep.objects.filter(improvement=improvement).select_related("decided_by").order_by("id")


def not_told_yet(improvement: Improvement, viewer: Person) -> QuerySet[Call]:
    """The calls that are left to make because of it, on cases that `viewer` may see."""
    messages = ImprovementWord.objects.filter(step__improvement=improvement).values("message_id")
    return calls.seen_by(viewer).filter(message__in=messages, done_at__isnull=True).order_by("due_at", "id")


def history(improvement: Improvement) -> list[Event]:
    """Every event of it, the oldest first."""
    return list(Event.objects.filter(subject_kind="improvement", subject_id=improvement.pk).order_by("id"))


def of_case(ticket: Ticket) -> Improvement | None:
    """What the case stands behind."""
    case = ImprovementCase.objects.filter(ticket=ticket).select_related("improvement__team").first()
    return case.improvement if case else None


def like(words: str, most: int = LIKE_MOST) -> list[Improvement]:
    """Those on some list whose title shares words with these, the most shared first: before a new one is made."""
    wanted = list(dict.fromkeys(word for word in text.fold(words).split() if len(word) >= SHORTEST_WORD))[:12]
    if not wanted:
        return []
    any_of = Q()
    for word in wanted:
        any_of |= Q(folded__contains=word)
    rows = Improvement.objects.filter(any_of, rank__isnull=False).select_related("team").order_by("-id")[:WEIGHED]
    shared = {one.pk: sum(word in one.folded for word in wanted) for one in rows}
    return sorted(rows, key=lambda one: (-shared[one.pk], one.team.sort_key, one.rank or 0))[:most]
