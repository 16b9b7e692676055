"""Outages and planned downtime, and the fault that cases hang under while downtime lasts."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.access.queries import check_may
from saksgang.access.roles import Permission
from saksgang.catalogue import actions as catalogue
from saksgang.catalogue.models import Announcement, Disruption
from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.tickets.actions.major.incident import call_off, start
from saksgang.tickets.kinds import Consequence, Impact, MajorState
from saksgang.tickets.models import MajorIncident


@transaction.atomic
def announce(*, by: Person, **facts: Any) -> Announcement:
    """Announces it. Planned downtime of a service is also a fault that is known beforehand: cases about it hang there, and when it
    is over somebody confirms that everything is up.

    Wards go over to their routines without the system, so it counts as a detour, not as a stop.
    """
    check_may(by, Permission.WORK_TICKETS)
    announcement = catalogue.announce(by=by, **facts)
    if announcement.kind == Disruption.PLANNED and announcement.service:
        start(
            by=by,
            title=announcement.words,
            service=announcement.service,
            impact=Impact.DEPARTMENTS,
            consequence=Consequence.DEGRADED,
            began_at=announcement.starts_at,
            announcement=announcement,
        )
    return announcement


@transaction.atomic
def end(*, by: Person, announcement: Announcement) -> None:
    """It is over. What was called off before it began leaves nothing to confirm."""
    check_may(by, Permission.WORK_TICKETS)
    called_off = announcement.starts_at > clock.now()
    catalogue.end_announcement(by=by, announcement=announcement)
    if called_off:
        for major in MajorIncident.objects.filter(announcement=announcement, state=MajorState.OPEN):
            call_off(major=major, by=by, words=_("Called off."))
