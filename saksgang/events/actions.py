"""Writing events down, and handing them to their followers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from saksgang.events.models import Delivery, Event
from saksgang.lib import claiming, clock
from saksgang.lib.bulk import insert
from saksgang.lib.claiming import EVERY_ONE, back_off, due, unclaimed

MAX_ATTEMPTS = 10


@dataclass(frozen=True)
class Robot:
    """The product itself, acting under a name: `mail`, `clock`, `import`."""

    name: str


class HasKey(Protocol):
    """A saved person."""

    @property
    def pk(self) -> Any: ...


Actor = HasKey | Robot


def record(
    kind: str,
    *,
    by: Actor,
    subject: models.Model,
    ticket_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> Event:
    """Writes one event, and one Delivery for each follower that subscribes to its kind. Call inside the change's own transaction."""
    event = _event(kind, by=by, subject=subject, ticket_id=ticket_id, before=before, after=after, reason=reason)
    event.save(force_insert=True)
    for follower in _followers(kind):
        Delivery.objects.create(event=event, follower=follower, due_at=event.at)
    return event


def record_many(
    kind: str, *, by: Actor, changes: Iterable[tuple[models.Model, int | None, dict[str, Any]]]
) -> list[Event]:
    """The same kind of event on each of many, in a few statements. A change is (subject, ticket_id, after)."""
    events = insert(
        _event(kind, by=by, subject=subject, ticket_id=ticket_id, after=after) for subject, ticket_id, after in changes
    )
    insert(
        Delivery(event=event, follower=follower, due_at=event.at) for follower in _followers(kind) for event in events
    )
    return events


def _event(
    kind: str,
    *,
    by: Actor,
    subject: models.Model,
    ticket_id: int | None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> Event:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an event is written in the same transaction as its change")
    return Event(
        kind=kind,
        at=clock.now(),
        by_person_id=None if isinstance(by, Robot) else by.pk,
        by_robot=by.name if isinstance(by, Robot) else "",
        subject_kind=subject._meta.model_name or "",
        subject_id=subject.pk,
        ticket_id=ticket_id,
        before=before or {},
        after=after or {},
        reason=reason,
    )


def _followers(kind: str) -> list[str]:
    """Those who subscribe to this kind."""
    return [follower for follower, kinds in settings.FOLLOWERS.items() if kind in kinds]


def claim(follower: str, *, limit: int = 50, only: Q = EVERY_ONE) -> list[Delivery]:
    """Up to `limit` deliveries that are due, held for the length of a lease. Another worker never gets the same ones meanwhile.

    `only`: a condition that they fulfil, for who tells what happened long ago beside a live worker.
    """
    rows = Delivery.objects.filter(unclaimed(), due("due_at"), only, follower=follower, dead=False)
    ids = claiming.claim(rows, limit=limit)
    return list(Delivery.objects.filter(pk__in=ids).select_related("event").order_by("id"))


def finish(delivery: Delivery) -> None:
    """The follower has heard. Call in the same transaction as what it wrote."""
    Delivery.objects.filter(pk=delivery.pk).delete()


def postpone(delivery: Delivery, error: str) -> None:
    """The follower failed: try again later, each time later, and after ten tries leave it where a person sees it."""
    attempts = delivery.attempts + 1
    Delivery.objects.filter(pk=delivery.pk).update(
        attempts=attempts,
        dead=attempts >= MAX_ATTEMPTS,
        due_at=clock.now() + back_off(attempts),
        claimed_until=None,
        last_error=error[:2000],
    )
