"""Faults that many report: which go on, which one a case may belong to, how its cases stand (clause P5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from saksgang.catalogue.models import Announcement
from saksgang.lib.prepared import prepared
from saksgang.people.models import Person, PersonAddress
from saksgang.tickets.kinds import MajorState, State, StaysOpen, Told
from saksgang.tickets.models import MajorIncident, MajorUpdate, Ticket, TicketRequester
from saksgang.tickets.seen import seen_by
from saksgang.tickets.states import OPEN
from saksgang.tickets.visibility import TicketQuerySet

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


class Offered(NamedTuple):
    """The faults that go on, for somebody who calls now."""

    near: list[MajorIncident]  # in their place, then of the service
    others: list[MajorIncident]


def at_registration(now: datetime, *, service_id: int | None, department_id: int | None) -> Offered:
    """Which faults the caller may speak of: in their place, and of the service where that is known; and the others, to be looked up."""
    found = going_on(now)
    there = [one for one in found if department_id is not None and one.department_id == department_id]
    of_it = [one for one in found if one not in there and service_id is not None and one.service_id == service_id]
    near = there + of_it
    return Offered(near, [one for one in found if one not in near])


def of_announcements(announcements: Iterable[Announcement]) -> dict[int, int]:
    """Announcement → the fault that it tells of, where there is one."""
    found = MajorIncident.objects.filter(announcement__in=[one.pk for one in announcements])
    return dict(found.order_by("pk").values_list("announcement_id", "pk"))


def solved_ones(limit: int = 20) -> list[MajorIncident]:
    """Those that were solved last."""
    done = MajorIncident.objects.filter(state=MajorState.SOLVED).select_related("service", "team")
    return list(done.order_by("-solved_at", "-id")[:limit])


@prepared
def _one(pk: int) -> QuerySet[MajorIncident]:
    known = MajorIncident.objects.select_related(
        "service", "category", "department", "team", "owner", "announcement", "started_by", "solved_by"
    )
    return known.filter(pk=pk)


def one_or_none(pk: int) -> MajorIncident | None:
    return next(iter(_one(pk)), None)


@prepared
def _updates(major_id: int) -> QuerySet[MajorUpdate]:
    return MajorUpdate.objects.filter(major_id=major_id).select_related("by").order_by("-pk")


def updates(major: MajorIncident) -> list[MajorUpdate]:
    """What everybody was told, the newest first."""
    return _updates(major.pk)


def newest_update(major: MajorIncident) -> MajorUpdate | None:
    return major.updates.order_by("-pk").first()


@seen_by
def _by_state(cases: TicketQuerySet[Ticket], major_id: int) -> QuerySet[Ticket, Any]:
    return cases.filter(major_id=major_id).order_by().values_list("state").annotate(Count("id"))


def by_state(viewer: Person, major: MajorIncident) -> dict[str, int]:
    """State → how many of its cases are in it, in the states' own order."""
    counted = dict(_by_state(viewer, major.pk))
    return {state: counted[state] for state in State.values if state in counted}


PAGE = 50
CASE_FIELDS = (
    "pk", "subject", "state", "open", "affected_department__name", "received_at", "new_message_at", "facts_lent",
)  # fmt: skip


@seen_by
def _page(cases: TicketQuerySet[Ticket], major_id: int, after: int) -> QuerySet[Ticket, Any]:
    found = cases.filter(major_id=major_id, pk__gt=after).order_by("pk")
    return found.values_list(*CASE_FIELDS)[: PAGE + 1]


def page_of_cases(viewer: Person, major: MajorIncident, after: int) -> list[tuple[Any, ...]]:
    """CASE_FIELDS of its cases with numbers above `after`, and of one more, which tells whether there is another page."""
    return _page(viewer, major.pk, after)


def numbers_of_cases(viewer: Person, majors: Iterable[MajorIncident]) -> dict[int, tuple[int, int]]:
    """Fault → how many cases it has, and how many of them are open."""
    seen = Ticket.objects.visible_to(viewer).filter(major__in=[one.pk for one in majors])
    counted = seen.order_by().values_list("major_id").annotate(whole=Count("id"), still=Count("id", filter=Q(open=1)))
    return {major: (whole, still) for major, whole, still in counted}


@prepared
def _going_on(major_id: int) -> QuerySet[Ticket, Any]:
    asked = TicketRequester.objects.filter(ticket=OuterRef("pk"))
    has_address = Exists(PersonAddress.objects.filter(person=OuterRef("person")))
    rows = Ticket.objects.filter(major_id=major_id, state__in=sorted(OPEN)).annotate(
        parts=Exists(Ticket.objects.filter(parent=OuterRef("pk"), open=1)),
        asked=Exists(asked),
        unreported=Exists(
            Ticket.objects.filter(pk=OuterRef("pk"), patient_harm=Told.YES, deviation_number="", deviation_reason="")
        ),
        reached=Exists(asked.filter(has_address)),
        unreached=Exists(asked.filter(~has_address, answer_owed_since__isnull=False)),
    )
    return rows.order_by("pk").values_list(*_Case._fields)


class _Case(NamedTuple):
    """What decides whether a solution for all answers a case."""

    pk: int
    at_triage: bool
    proofs_lacking: int
    new_message_at: datetime | None
    parts: bool
    unreported: bool  # a patient was or could have been harmed, and nobody has reported it
    asked: bool  # somebody asked at all
    reached: bool
    unreached: bool  # somebody who is owed an answer has no address


def stay_open(major: MajorIncident) -> dict[int, StaysOpen]:
    """Its open cases that a solution for all does not answer → why; somebody sees to each of these by itself."""
    found = ((row[0], _why(_Case(*row))) for row in _going_on(major.pk))
    return {pk: why for pk, why in found if why}


def _why(case: _Case) -> StaysOpen | None:
    if case.at_triage:
        return StaysOpen.AT_TRIAGE
    if case.parts:
        return StaysOpen.PARTS
    if case.proofs_lacking:
        return StaysOpen.WHO_ASKS
    if case.unreported:
        return StaysOpen.NOT_REPORTED
    if case.unreached or (case.asked and not case.reached):
        return StaysOpen.NO_ADDRESS
    return StaysOpen.NEW_MESSAGE if case.new_message_at else None


def to_confirm(now: datetime) -> list[MajorIncident]:
    """Those whose downtime is over by its plan, and that nobody has ended: «Confirm that everything is up»."""
    return [one for one in _open() if one.announcement and one.announcement.ends_at and one.announcement.ends_at <= now]


def confirm_by(major: MajorIncident) -> datetime | None:
    """By when somebody shall have confirmed it; None as long as no end is known."""
    ends = major.announcement.ends_at if major.announcement else None
    return ends + timedelta(minutes=CONFIRM_MINUTES) if ends else None
