"""Faults that many report: which go on, which one a case may belong to, how its cases stand (clause P5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from saksgang.catalogue.models import Announcement
from saksgang.lib.prepared import prepared
from saksgang.people.models import Person, PersonAddress
from saksgang.tickets.kinds import MajorState, State, StaysOpen
from saksgang.tickets.models import MajorIncident, MajorUpdate, Ticket, TicketRequester
from saksgang.tickets.states import OPEN

CONFIRM_MINUTES = 30  # after downtime was to be over
MATCHES_BEFORE = timedelta(
    hours=4
)  # who wrote so long before anybody knew of the fault may have been the first to notice


@prepared
def _open() -> QuerySet[MajorIncident]:
    going_on = MajorIncident.objects.filter(state=MajorState.OPEN)
    return going_on.select_related("service", "department", "team", "owner", "announcement").order_by(
        "-began_at", "-id"
    )


def open_ones() -> list[MajorIncident]:
    """Those that go on or are planned, the newest first."""
    return _open()


def going_on(now: datetime) -> list[MajorIncident]:
    """Those that have begun."""
    return [one for one in _open() if one.began_at <= now]


def matching(ticket: Ticket, now: datetime, *, service_id: int | None = None) -> list[MajorIncident]:
    """Faults that a case may be about: of its service (`service_id`: where only a proposal names it), or in its place."""
    if not ticket.open or ticket.restricted or ticket.major_id or ticket.parent_id:
        return []
    service = ticket.service_id or service_id
    return [one for one in going_on(now) if _is_about(one, service, ticket.affected_department_id, ticket.received_at)]


def _is_about(major: MajorIncident, service: int | None, department: int | None, received: datetime) -> bool:
    same = major.service_id == service or (department is not None and major.department_id == department)
    return same and received >= major.began_at - MATCHES_BEFORE


def of_announcements(announcements: Iterable[Announcement]) -> dict[int, int]:
    """Announcement → the fault that it tells of, where there is one."""
    found = MajorIncident.objects.filter(announcement__in=[one.pk for one in announcements])
    return dict(found.order_by("pk").values_list("announcement_id", "pk"))


def solved_ones(limit: int = 20) -> list[MajorIncident]:
    """Those that were solved last."""
    done = MajorIncident.objects.filter(state=MajorState.SOLVED).select_related("service", "team")
    return list(done.order_by("-solved_at", "-id")[:limit])


def one_or_none(pk: int) -> MajorIncident | None:
    known = MajorIncident.objects.select_related(
        "service", "category", "department", "team", "owner", "announcement", "started_by", "solved_by"
    )
    return known.filter(pk=pk).first()


def updates(major: MajorIncident) -> list[MajorUpdate]:
    """What everybody was told, the newest first."""
    return list(major.updates.select_related("by").order_by("-pk"))


def newest_update(major: MajorIncident) -> MajorUpdate | None:
    return major.updates.order_by("-pk").first()


def cases(viewer: Person, major: MajorIncident) -> QuerySet[Ticket]:
    """Those of its cases that `viewer` may see."""
    return Ticket.objects.visible_to(viewer).filter(major=major)


def by_state(viewer: Person, major: MajorIncident) -> dict[str, int]:
    """State → how many of its cases are in it, in the states' own order."""
    counted = dict(cases(viewer, major).order_by().values_list("state").annotate(Count("id")))
    return {state: counted[state] for state in State.values if state in counted}


def numbers_of_cases(viewer: Person, majors: Iterable[MajorIncident]) -> dict[int, tuple[int, int]]:
    """Fault → how many cases it has, and how many of them are open."""
    seen = Ticket.objects.visible_to(viewer).filter(major__in=[one.pk for one in majors])
    counted = seen.order_by().values_list("major_id").annotate(whole=Count("id"), still=Count("id", filter=Q(open=1)))
    return {major: (whole, still) for major, whole, still in counted}


def stay_open(major: MajorIncident) -> dict[int, StaysOpen]:
    """Its open cases that a solution for all does not answer → why; somebody sees to each of these by itself."""
    still = Ticket.objects.filter(major=major, state__in=sorted(OPEN))
    asked = TicketRequester.objects.filter(ticket=OuterRef("pk"))
    has_address = Exists(PersonAddress.objects.filter(person=OuterRef("person")))
    rows = still.annotate(
        parts=Exists(Ticket.objects.filter(parent=OuterRef("pk"), open=1)),
        asked=Exists(asked),
        reached=Exists(asked.filter(has_address)),
        unreached=Exists(asked.filter(~has_address, answer_owed_since__isnull=False)),
    ).values("pk", "at_triage", "proofs_lacking", "new_message_at", "parts", "asked", "reached", "unreached")
    found = ((row["pk"], _why(row)) for row in rows.order_by("pk"))
    return {pk: why for pk, why in found if why}


def _why(row: Mapping[str, Any]) -> StaysOpen | None:
    if row["at_triage"]:
        return StaysOpen.AT_TRIAGE
    if row["parts"]:
        return StaysOpen.PARTS
    if row["proofs_lacking"]:
        return StaysOpen.WHO_ASKS
    if row["unreached"] or (row["asked"] and not row["reached"]):
        return StaysOpen.NO_ADDRESS
    return StaysOpen.NEW_MESSAGE if row["new_message_at"] else None


def to_confirm(now: datetime) -> list[MajorIncident]:
    """Those whose downtime is over by its plan, and that nobody has ended: «Confirm that everything is up»."""
    return [one for one in _open() if one.announcement and one.announcement.ends_at and one.announcement.ends_at <= now]


def confirm_by(major: MajorIncident) -> datetime | None:
    """By when somebody shall have confirmed it; None as long as no end is known."""
    ends = major.announcement.ends_at if major.announcement else None
    return ends + timedelta(minutes=CONFIRM_MINUTES) if ends else None
