"""Questions to the triage team of the managers: when one is due, who sees to it, and what stands on the agenda (clause T2)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from saksgang.access.queries import leaders_of
from saksgang.catalogue import queries as catalogue
from saksgang.catalogue.kinds import TicketType
from saksgang.catalogue.models import Duty, Meeting
from saksgang.catalogue.working_time import add_days, add_minutes
from saksgang.lib.prepared import prepared
from saksgang.people.models import Person, Team, TeamKind
from saksgang.tickets import seen
from saksgang.tickets.models import Clarification, Ticket
from saksgang.tickets.rules.deadlines import FURTHEST_DAYS
from saksgang.tickets.visibility import TicketQuerySet

FEW_QUESTIONS, MOST_QUESTIONS = 8, 100
URGENT_MINUTES = 240  # working minutes
FURTHEST_MEETING_DAYS = 5  # a question waits no longer, whether they meet or not
STAYS_PRIORITIES = (1, 2)


class Due(NamedTuple):
    at: datetime
    meeting: Meeting | None
    owner: Person | None  # of what waits for no meeting


def triage_team() -> Team | None:
    """The managers' team; the first one, where there are several."""
    return Team.objects.filter(kind=TeamKind.TRIAGE, active=True).order_by("pk").first()


def due_for(team: Team, now: datetime, *, urgent: bool = False) -> Due:
    """The next meeting; for what is urgent, and when they do not meet in time, the manager of the day, else the team's leader."""
    hours = catalogue.hours_of(team.pk)
    latest = add_days(now, FURTHEST_MEETING_DAYS, hours)
    meeting = None if urgent else catalogue.next_meeting(now)
    if meeting and meeting.starts_at <= latest:
        return Due(meeting.starts_at, meeting, None)
    until = add_minutes(now, URGENT_MINUTES, hours) if urgent else latest
    owner = catalogue.on_call(Duty.TRIAGE, now, until) or leaders_of(team.pk).first()
    return Due(until, None, owner)


def nobody_decides(now: datetime) -> bool:
    """Whether a question that is asked now would have neither a meeting in time nor anybody who sees to it."""
    team = triage_team()
    due = due_for(team, now) if team else None
    return due is not None and due.meeting is None and due.owner is None


def stays(ticket: Ticket) -> bool:
    """An urgent incident never moves: the question goes beside it, and work goes on."""
    return ticket.type == TicketType.INCIDENT and ticket.priority in STAYS_PRIORITIES


def meeting_after(asked: Clarification, now: datetime) -> Meeting | None:
    """The meeting after that which the question waits for: it can be moved there. None for what is urgent, and past ten working days."""
    if asked.decision or asked.urgent:
        return None
    meeting = catalogue.next_meeting(max(now, asked.due_at) if asked.at_meeting else now)
    latest = add_days(now, FURTHEST_DAYS, catalogue.hours_of(asked.triage_id))
    return meeting if meeting and meeting.starts_at <= latest else None


def words_of(ticket: Ticket, day: str, language: str) -> str:
    """What the requesters hear when the case is asked about. `day`: by when it is decided, as that language writes it."""
    with translation.override(language):
        asked = _("We have asked the managers of ICT and e-health about your case. They decide by %(day)s.") % {
            "day": day
        }
        goes_on = _("We go on working on it meanwhile.") if stays(ticket) else ""
        return " ".join(filter(None, [asked, goes_on, _("You will hear from us then.")]))


def moved_words(day: str, language: str) -> str:
    """What the requesters hear when they are promised another day. `day`: as that language writes it."""
    with translation.override(language):
        return _("The managers of ICT and e-health need more time for your case. They decide by %(day)s.") % {
            "day": day
        }


def of_case(ticket: Ticket) -> list[Clarification]:
    """What was asked about the case, the newest first."""
    return _of_case(ticket.pk)


@prepared
def _of_case(ticket_id: int) -> QuerySet[Clarification]:
    persons = Clarification.objects.select_related("asked_by", "asking_team", "owner", "decided_by")
    return persons.filter(ticket_id=ticket_id).order_by("-pk")


def agenda(viewer: Person) -> QuerySet[Clarification]:
    """The questions that are not decided yet, of the cases that `viewer` may see, in order of due."""
    return seen_by(viewer).filter(decision__isnull=True).order_by("due_at", "pk")


@seen.seen_by
def first_questions(cases: TicketQuerySet[Ticket]) -> QuerySet[Clarification]:
    """The beginning of the agenda, of the cases that somebody may see."""
    return _undecided(cases)[:FEW_QUESTIONS]


@seen.seen_by
def many_questions(cases: TicketQuerySet[Ticket]) -> QuerySet[Clarification]:
    """The agenda as its page shows it."""
    return _undecided(cases)[:MOST_QUESTIONS]


def _undecided(cases: TicketQuerySet[Ticket]) -> QuerySet[Clarification]:
    mine = Clarification.objects.filter(Exists(cases.filter(pk=OuterRef("ticket"))), decision__isnull=True)
    return mine.select_related("ticket", "asked_by", "asking_team", "owner").order_by("due_at", "pk")


def seen_by(viewer: Person) -> QuerySet[Clarification]:
    """Every question, decided or not, of the cases that `viewer` may see."""
    return Clarification.objects.filter(seen.may_see(viewer)).select_related(
        "ticket__service", "ticket__affected_department", "asked_by", "asking_team", "owner", "decided_by", "triage"
    )
