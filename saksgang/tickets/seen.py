"""Prepared reads of the cases that somebody may see."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef

from saksgang.access.queries import grants_of
from saksgang.lib.prepared import Prepared
from saksgang.people.models import Person
from saksgang.tickets.models import Ticket


def may_see(viewer: Person, case: str = "ticket") -> Exists:
    """The condition on rows of another table that `viewer` may see the case that their field `case` names.

    It is asked row by row. With «in» SQLite would first write out the list of every case that one may see.
    """
    return Exists(Ticket.objects.visible_to(viewer).filter(pk=OuterRef(case)))


class SeenBy:
    """A prepared read of cases. `build` gets the cases that somebody may see, and ids; it is called as read(viewer, *ids).

    What one may see follows from visible_to() and nothing else: it is asked once for each set of roles that anybody has, with
    a stand-in for the person who has them.
    """

    def __init__(self, build: Callable[..., models.QuerySet[Any]]) -> None:
        self.build = build
        self._with = lru_cache(maxsize=256)(self._prepare)

    def __call__(self, viewer: Person, *ids: int) -> list[Any]:
        return self.prepared(viewer)(viewer.pk, *ids)

    def prepared(self, viewer: Person) -> Prepared:
        """The read for somebody with these roles; its first argument is whoever asks."""
        return self._with(viewer.active, tuple(sorted(grants_of(viewer), key=str)))

    def _prepare(self, active: bool, grants: tuple[tuple[str, int | None], ...]) -> Prepared:
        def whole(viewer_id: int, *ids: int) -> models.QuerySet[Any]:
            somebody = Person(pk=viewer_id, active=active)
            somebody.__dict__["_grants"] = list(grants)
            return self.build(Ticket.objects.visible_to(somebody), *ids)

        return Prepared(whole)


def seen_by(build: Callable[..., models.QuerySet[Any]]) -> SeenBy:
    """Makes a prepared read of cases of a function that narrows what somebody may see."""
    return SeenBy(build)
