"""Who has a case before them just now, and what they write. Nothing of it is kept, and nobody is told how long."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from saksgang.console.models import Presence
from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.tickets.models import Ticket

Sign = tuple[int, int, str]  # case, person, box


def here() -> set[Sign]:
    """Who looks at which case now."""
    since = clock.now() - Presence.LASTS
    return set(Presence.objects.filter(seen_at__gte=since).values_list("ticket_id", "person_id", "writing"))


def sign(*, ticket: Ticket, by: Person, tab: str, writing: str) -> None:
    """A tab shows the case, and says what is being written in it."""
    told = {"ticket": ticket, "writing": writing, "seen_at": clock.now()}
    try:
        with transaction.atomic():
            Presence.objects.update_or_create(person=by, tab=tab, defaults=told)
    except IntegrityError:  # the same tab said so twice at once
        pass


def leave(*, by: Person, tab: str) -> None:
    """The tab is closed, or shows something else."""
    Presence.objects.filter(person=by, tab=tab).delete()


def lines(ticket: Ticket, viewer: Person) -> list[str]:
    """«Jonas skriver et svar», «Kari ser på saken»: of everybody but the one who looks, writers first."""
    since = clock.now() - Presence.LASTS
    rows = Presence.objects.filter(ticket=ticket, seen_at__gte=since).exclude(person=viewer)
    doing: dict[tuple[str, int], str] = {}
    for pk, name, writing in rows.order_by("person__sort_key", "pk").values_list(
        "person_id", "person__name", "writing"
    ):
        # One who has two tabs on the case is told once, with what is written.
        doing[name, pk] = doing.get((name, pk)) or writing
    ordered = sorted(doing.items(), key=lambda one: not one[1])
    return [_words(writing) % {"name": name} for (name, _pk), writing in ordered]


def _words(writing: str) -> str:
    if writing == "answer":
        return _("%(name)s is writing an answer")
    if writing == "note":
        return _("%(name)s is writing a note")
    return _("%(name)s is writing") if writing else _("%(name)s is looking at the case")
