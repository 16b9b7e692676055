"""Reads for pages. Improvements are read by everybody in the desk; the cases behind them only by who may see each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from saksgang.events.models import Event
from saksgang.improvements.kinds import OPEN
from saksgang.improvements.models import Improvement, ImprovementCase, ImprovementStep, ImprovementWord
from saksgang.lib import text
from saksgang.lib.prepared import prepared
from saksgang.people.models import Person, Team, TeamKind
from saksgang.tickets import calls
from saksgang.tickets.merges import homes
from saksgang.tickets.models import Call, Ticket, TicketRequester
from saksgang.tickets.seen import may_see, seen_by
from saksgang.tickets.visibility import TicketQuerySet

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


@prepared
def _teams_with_lists() -> QuerySet[Team]:
    return Team.objects.filter(active=True).exclude(kind=TeamKind.TRIAGE).order_by("sort_key")


def teams_with_lists() -> list[Team]:
    """Every team that can have one: the managers' own has none."""
    return _teams_with_lists()


def numbers_of_requesters(improvements: Iterable[Improvement], viewer: Person) -> dict[int, int]:
    """Improvement → how many have asked for it, in cases that `viewer` may see; of a case that was merged, where it lives on."""
    wanted = ImprovementCase.objects.filter(may_see(viewer), improvement__in=[one.pk for one in improvements])
    cases = list(wanted.select_related("ticket").only("improvement", "ticket__close_reason"))
    lives_on = homes(one.ticket for one in cases)
    asked: dict[int, set[int]] = {}
    rows = TicketRequester.objects.filter(may_see(viewer), ticket__in=set(lives_on.values()))
    for ticket, person in rows.values_list("ticket_id", "person_id"):
        asked.setdefault(ticket, set()).add(person)
    found: dict[int, set[int]] = {}
    for one in cases:
        found.setdefault(one.improvement_id, set()).update(asked.get(lives_on[one.ticket_id], ()))
    return {improvement: len(persons) for improvement, persons in found.items()}


@seen_by
def _cases_behind(cases: TicketQuerySet[Ticket], improvement_id: int) -> QuerySet[ImprovementCase]:
    rows = ImprovementCase.objects.filter(Exists(cases.filter(pk=OuterRef("ticket"))), improvement_id=improvement_id)
    return rows.select_related("ticket", "joined_by").order_by("ticket_id")


def cases_behind(improvement: Improvement, viewer: Person) -> list[ImprovementCase]:
    """Those of its cases that `viewer` may see, the first first."""
    return _cases_behind(viewer, improvement.pk)


def requesters_behind(cases: Collection[ImprovementCase], viewer: Person) -> dict[int, list[str]]:
    """Case → the names of its requesters; of one that was merged, of all who ask where it lives on."""
    lives_on = homes(one.ticket for one in cases)
    asked = TicketRequester.objects.filter(may_see(viewer), ticket__in=set(lives_on.values()))
    rows = asked.select_related("person")
    found: dict[int, list[str]] = {}
    for row in rows.order_by("id"):
        found.setdefault(row.ticket_id, []).append(row.contact_name or row.person.name)
    return {pk: found.get(home, []) for pk, home in lives_on.items()}


@prepared
def _steps(improvement_id: int) -> QuerySet[ImprovementStep]:
    return ImprovementStep.objects.filter(improvement_id=improvement_id).select_related("decided_by").order_by("id")


def steps_of(improvement: Improvement) -> list[ImprovementStep]:
    """The first first."""
    return _steps(improvement.pk)


def not_told_yet(improvement: Improvement, viewer: Person) -> QuerySet[Call]:
    """The calls that are left to make because of it, on cases that `viewer` may see."""
    messages = ImprovementWord.objects.filter(step__improvement=improvement).values("message_id")
    return calls.seen_by(viewer).filter(message__in=messages, done_at__isnull=True).order_by("due_at", "id")


@prepared
def _history(improvement_id: int) -> QuerySet[Event]:
    return Event.objects.filter(subject_kind="improvement", subject_id=improvement_id).order_by("id")


def history(improvement: Improvement) -> list[Event]:
    """Every event of it, the oldest first."""
    return _history(improvement.pk)


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
