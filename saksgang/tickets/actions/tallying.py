"""Small things that are only counted (clause R3): done and answered already, so nobody is owed anything."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.access.queries import check_may
from saksgang.access.roles import Permission
from saksgang.catalogue.models import Category, Criticality
from saksgang.events.actions import record
from saksgang.lib import clock
from saksgang.people.models import Department, Person, Team
from saksgang.tickets import policies
from saksgang.tickets.models import Tally, Ticket

LONGEST = 240  # minutes; what takes longer is a case
# So many alike within these days are a case: somebody should look at why.
ALIKE, DAYS = 3, 7


@transaction.atomic
def tally(*, by: Person, team: Team, category: Category, department: Department | None, minutes: int) -> Tally:
    """Counts one. Raises Refused for what is never only counted: a critical service, and what demands proof of who asks."""
    check_may(by, Permission.WORK_TICKETS, team=team.pk)
    if category.service.criticality == Criticality.CRITICAL:
        raise policies.Refused(_("%(service)s is critical. Register a case.") % {"service": category.service.name})
    if category.demands_proof:
        raise policies.Refused(_("It must be kept who asked, and how you checked it. Register a case."))
    if minutes not in range(1, LONGEST + 1):
        raise policies.Refused(_("Write how many minutes it took, from 1 to %(most)s.") % {"most": LONGEST})
    facts = {"category": category, "department": department, "minutes": minutes, "team": team}
    counted = Tally.objects.create(at=clock.now(), by=by, **facts)
    after = {"category_id": category.pk, "team_id": team.pk, "minutes": minutes}
    record("tally_added", by=by, subject=counted, after=after)
    return counted


@transaction.atomic
def become_case(*, tally: Tally, ticket: Ticket, by: Person) -> None:
    """The case that was registered because of this one, and of those alike that nobody has made a case of."""
    check_may(by, Permission.REGISTER_TICKETS)  # whoever registers the case, of whichever team
    if Tally.objects.select_for_update().get(pk=tally.pk).ticket_id:
        raise policies.Refused(_("It has become a case already."))
    ids = [tally.pk, *(one.pk for one in alike(tally) if one.pk != tally.pk)]
    Tally.objects.filter(pk__in=ids).update(ticket=ticket)
    record("tally_registered", by=by, subject=tally, ticket_id=ticket.pk, after={"tally_ids": ids})


def alike(tally: Tally) -> list[Tally]:
    """The same kind at the same place in the week before it, itself among them, of which no case was made."""
    since = tally.at - timedelta(days=DAYS)
    same = Tally.objects.filter(category=tally.category_id, department=tally.department_id, ticket=None)
    return list(same.filter(at__gt=since, at__lte=tally.at).order_by("-at", "-id")[:50])


def is_repeating(tally: Tally) -> bool:
    """Whether it should be proposed to make a case of it."""
    return tally.department_id is not None and len(alike(tally)) >= ALIKE
