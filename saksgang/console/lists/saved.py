"""Saved views: a list with its filters under a name, one's own or a team's, in an order that one chooses."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import IntegrityError, connection, transaction
from django.db.models import Max, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from saksgang.access.queries import check_may, may
from saksgang.access.roles import Permission
from saksgang.console.lists.asked import Asked, listed
from saksgang.console.models import SavedView
from saksgang.console.shell import my_team_ids
from saksgang.people import queries as people
from saksgang.people.models import Person, Team
from saksgang.tickets.models import Ticket
from saksgang.tickets.policies import Refused
from saksgang.tickets.queries import COUNT_CAP

MOST = 20  # of one person, or of one team


def shown_to(person: Person) -> QuerySet[SavedView]:
    return SavedView.objects.shown_to(person.pk).select_related("team")


def may_change(view: SavedView, person: Person) -> bool:
    """Its owner, or who works in the team whose it is."""
    if view.team_id:
        return may(person, Permission.WORK_TICKETS, team=view.team_id)
    return view.person_id == person.pk


def teams_of(person: Person, teams: list[Team]) -> list[Team]:
    """Those of `teams` that the person may save a view for: their own, for there they see it."""
    mine = my_team_ids(person) or []
    return [team for team in teams if team.pk in mine and may(person, Permission.WORK_TICKETS, team=team.pk)]


@transaction.atomic
def save(*, by: Person, name: str, query: str, team: Team | None = None) -> SavedView:
    """Keeps the list under the name: the person's own, or for everybody in the team."""
    if team:
        check_may(by, Permission.WORK_TICKETS, team=team.pk)
    if not name:
        raise Refused(_("Give the view a name."))
    owner: dict[str, Any] = {"team": team} if team else {"person": by}
    others = SavedView.objects.filter(**owner)
    if others.count() >= MOST:
        raise Refused(_("There are %(number)s views already. Delete one first.") % {"number": MOST})
    last = others.aggregate(last=Max("place"))["last"]
    try:
        with transaction.atomic():
            return SavedView.objects.create(name=name, query=query, place=(last or 0) + 1, **owner)
    except IntegrityError as error:
        raise Refused(_("There is a view called «%(name)s» already.") % {"name": name}) from error


@transaction.atomic
def move(*, view: SavedView, by: Person, to: int) -> None:
    """To this place among its owner's views, 0 being the first."""
    others = _changeable(view, by)
    others.insert(max(0, min(to, len(others))), view)
    for place, one in enumerate(others, start=1):
        SavedView.objects.filter(pk=one.pk).exclude(place=place).update(place=place)


@transaction.atomic
def remove(*, view: SavedView, by: Person) -> None:
    _changeable(view, by)
    view.delete()


def place_of(view: SavedView) -> int:
    """Where it stands among its owner's views, 0 being the first."""
    return [one.pk for one in _beside(view)].index(view.pk)


def _changeable(view: SavedView, by: Person) -> list[SavedView]:
    """The other views of its owner, in their order. Raises Refused unless `by` may change them."""
    if not may_change(view, by):
        raise Refused(_("This view is not yours to change."))
    return [one for one in _beside(view).select_for_update() if one.pk != view.pk]


def _beside(view: SavedView) -> QuerySet[SavedView]:
    return SavedView.objects.filter(person=view.person_id, team=view.team_id).order_by("place", "id")


def counts(person: Person, views: list[SavedView]) -> dict[int, int]:
    """View → how many cases it holds for this person, counted no further than one more than the cap. One query for all."""
    teams = people.active_teams()
    asked = {view.pk: Asked.read(QueryDict(view.query), teams) for view in views}
    parts = [part for pk, one in asked.items() if (part := _counted(pk, listed(person, one)))]
    found = dict.fromkeys(asked, 0)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(
                " UNION ALL ".join(sql for sql, _values in parts), [one for _sql, values in parts for one in values]
            )
            found |= dict(cursor.fetchall())
    return found


def _counted(view: int, cases: QuerySet[Ticket]) -> tuple[str, tuple[Any, ...]] | None:
    """A statement that tells the view's id and its number; None when the filters leave nothing to ask for."""
    try:
        sql, values = cases.order_by().values("pk")[: COUNT_CAP + 1].query.sql_with_params()
    except EmptyResultSet:
        return None
    return f"SELECT {view}, COUNT(*) FROM ({sql}) AS view_{view}", values  # noqa: S608 - an id, and what Django has compiled
