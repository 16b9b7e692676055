"""One fault that many report: started once, told of once to everybody, solved once for all of them (clause P5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from saksgang.access.queries import check_may, may
from saksgang.access.roles import Permission
from saksgang.catalogue.actions import end_announcement
from saksgang.catalogue.models import Announcement, Category, Service
from saksgang.catalogue.queries import held
from saksgang.events.actions import record
from saksgang.lib import clock, text
from saksgang.people.models import Department, Person, Team
from saksgang.tickets import majors, policies
from saksgang.tickets.actions.core import lock_all, put_first, store, store_told
from saksgang.tickets.actions.major.membership import copy_facts, in_every_language, lend
from saksgang.tickets.actions.messages import speak, write_to_all
from saksgang.tickets.actions.reopening import FOLLOW_UP_MINUTES, bring_back
from saksgang.tickets.actions.resolution import finish, missing_facts
from saksgang.tickets.actions.told import must_be_phoned_first
from saksgang.tickets.kinds import EndsAs, MajorState, MessageKind, NextStep, State, StaysOpen
from saksgang.tickets.languages import in_their_languages
from saksgang.tickets.models import MajorIncident, MajorMember, MajorUpdate, Ticket, TicketRequester
from saksgang.tickets.rules.resolutions import says_nothing
from saksgang.tickets.states import PAUSED

T = TypeVar("T")
TRIES = 10


@transaction.atomic
def start(
    *,
    by: Person,
    title: str,
    service: Service,
    impact: str,
    consequence: str,
    category: Category | None = None,
    began_at: datetime | None = None,
    department: Department | None = None,
    team: Team | None = None,
    announcement: Announcement | None = None,
) -> MajorIncident:
    """A fault that many report. `began_at` None: now; `team` None: the service's own. Its cases join one by one."""
    check_may(by, Permission.HAND_OVER_TICKETS)
    title = text.one_line(title, 200)
    if not title:
        raise policies.Refused(_("Write what the fault is, in a few words."))
    if category and (category.service_id != service.pk or category.demands_proof):
        raise policies.Refused(
            _("«%(kind)s» does not fit a major incident. Choose another kind.") % {"kind": category.name}
        )
    team = team or service.owner_team
    major = MajorIncident.objects.create(
        title=title,
        service=service,
        category=category,
        impact=impact,
        consequence=consequence,
        began_at=began_at or clock.now(),
        department=department,
        team=team,
        owner=by if may(by, Permission.WORK_TICKETS, team=team.pk) else None,
        announcement=announcement,
        started_at=clock.now(),
        started_by=by,
    )
    record("major_started", by=by, subject=major, after=_facts(major))
    return major


@transaction.atomic
def change(*, major: MajorIncident, by: Person, impact: str, consequence: str, owner: Person | None) -> MajorIncident:
    """Other facts: the open cases that have them from here follow, and their priority with them."""
    check_may(by, Permission.WORK_TICKETS, team=major.team_id)
    if owner and not may(owner, Permission.WORK_TICKETS, team=major.team_id):
        raise policies.Refused(_("%(name)s does not work in the fault's team.") % {"name": owner.name})

    def carry_out(major: MajorIncident, cases: list[Ticket]) -> MajorIncident:
        before = _facts(major)
        major.impact, major.consequence, major.owner = impact, consequence, owner
        if (after := _facts(major)) == before:
            raise policies.Refused(_("It says so already."))
        major.save(update_fields=["impact", "consequence", "owner"])
        record("major_changed", by=by, subject=major, before=before, after=after)
        if (before["impact"], before["consequence"]) != (impact, consequence):
            for ticket in cases:
                if ticket.open and ticket.facts_lent:
                    copy_facts(ticket, major)
                    store(ticket, "major_facts_changed", by=by)
        return major

    return _with_cases(major, carry_out)


def update(*, major: MajorIncident, by: Person, words: str, words_nn: str = "", words_en: str = "") -> MajorUpdate:
    """A word to everybody whose open case hangs under the fault, each in their language. It answers nothing: what is owed stays owed.

    All of them or none, in one transaction with the promise of every mail; whoever joins later gets the newest.
    """
    check_may(by, Permission.WORK_TICKETS, team=major.team_id)
    words, words_nn, words_en = (text.strip_controls(one).strip() for one in (words, words_nn, words_en))
    if not words:
        raise policies.Refused(_("Write what they shall know."))

    def carry_out(major: MajorIncident, cases: list[Ticket]) -> MajorUpdate:
        said = MajorUpdate.objects.create(
            major=major, words=words, words_nn=words_nn, words_en=words_en, at=clock.now(), by=by
        )
        going_on = [ticket for ticket in cases if ticket.open]
        asked = _requesters(going_on)
        languages = in_every_language(said)
        each = {
            one.pk: in_their_languages(one, [who.person for who in asked.get(one.pk, ())], languages)
            for one in going_on
        }
        written = write_to_all(going_on, asked, by=by, words=each, kind=MessageKind.STATUS)
        MajorMember.objects.filter(major=major, left_at__isnull=True).update(told=said)
        after = {pk: {"message_id": message, "major_id": major.pk, "bulk": True} for pk, message in written.items()}
        store_told(going_on, "major_update_told", by=by, after=after)
        record("major_updated", by=by, subject=major, after={"update_id": said.pk, "cases": len(going_on)})
        return said

    return _with_cases(major, carry_out)


class Solved(NamedTuple):
    """What became of each case of a fault, by number."""

    solved: list[int]
    stays_open: dict[int, StaysOpen]


def solve(
    *,
    major: MajorIncident,
    by: Person,
    words: str,
    words_nn: str = "",
    words_en: str = "",
    technical: str = "",
    also: Iterable[int] = (),
) -> Solved:
    """Solves the fault, and each of its open cases with an answer of its own to those who asked, in one transaction.

    A case that the answer does not reach stays open with what is owed on it, and is followed up. `also`: numbers of cases whose
    new message `by` has read, and that are solved all the same. Whoever works in the fault's team solves its cases, whosever they are.
    """
    check_may(by, Permission.WORK_TICKETS, team=major.team_id)
    if says_nothing(words):
        raise policies.Refused(_("Say what was done, so that the requester and the next agent understand it."))
    languages = in_every_language(
        MajorUpdate(words=words.strip(), words_nn=words_nn.strip(), words_en=words_en.strip())
    )
    read = set(also)

    def carry_out(major: MajorIncident, cases: list[Ticket]) -> Solved:
        stay = {
            pk: why for pk, why in majors.stay_open(major).items() if not (why == StaysOpen.NEW_MESSAGE and pk in read)
        }
        going_on = [ticket for ticket in cases if ticket.open]
        asked = _requesters(going_on)
        for ticket in going_on:
            said = in_their_languages(ticket, [who.person for who in asked.get(ticket.pk, ())], languages)
            if ticket.pk in stay:
                _leave_open(ticket, by, stay[ticket.pk], said, technical)
                continue
            _complete(ticket, major, by)
            finish(ticket, by=by, words=said, technical=technical, after={"major_id": major.pk, "bulk": True})
        done = Solved([ticket.pk for ticket in going_on if ticket.pk not in stay], stay)
        _end(major, by, words.strip(), done)
        return done

    return _with_cases(major, carry_out)


def _leave_open(ticket: Ticket, by: Person, why: StaysOpen, said: str, technical: str) -> None:
    """The fault is solved and this case is not: somebody sees to it. Whoever must be phoned is on the list of calls with the answer, and
    the case is solved when they have been, unless there is a message that nobody has read.
    """
    after: dict[str, Any] = {"stays_open": why}
    if why == StaysOpen.NO_ADDRESS:
        unread = ticket.new_message_at is not None
        after |= {"message_id": speak(ticket, by=by, words=said).pk, "bulk": True}
        if ticket.major and not unread and must_be_phoned_first(ticket):
            _complete(ticket, ticket.major, by)
            if State(ticket.state) in PAUSED:
                bring_back(ticket)
            ticket.ends_as, ticket.resolution, ticket.technical_resolution = EndsAs.RESOLVED, said, technical.strip()
    elif ticket.set_step is None:
        put_first(ticket, NextStep.FOLLOW_UP, minutes=FOLLOW_UP_MINUTES)
    store(ticket, "major_left_open", by=by, after=after)


def _complete(ticket: Ticket, major: MajorIncident, by: Person) -> None:
    """What a solved case must say of itself and this one lacks, it says as the fault does."""
    if ticket.assessed_at is None:
        MajorMember.objects.filter(ticket=ticket, left_at__isnull=True).update(former=lend(ticket, major, by))
    elif missing_facts(ticket):
        ticket.service = ticket.service or major.service
        ticket.impact, ticket.consequence = major.impact, major.consequence


def _end(major: MajorIncident, by: Person, words: str, done: Solved) -> None:
    major.state, major.resolution = MajorState.SOLVED, words
    major.solved_at, major.solved_by = clock.now(), by
    major.save(update_fields=["state", "resolution", "solved_at", "solved_by"])
    told = major.announcement
    if told and (told.ends_at is None or told.ends_at > clock.now()):
        end_announcement(by=by, announcement=told)
    after = {"solved": len(done.solved), "stay_open": len(done.stays_open)}
    record("major_solved", by=by, subject=major, after=after)


@transaction.atomic
def call_off(*, major: MajorIncident, by: Person, words: str) -> None:
    """Downtime that never began: nothing was wrong. Where cases hang under it all the same, it is ended as others are."""
    major = MajorIncident.objects.select_for_update(of=("self",)).select_related("announcement").get(pk=major.pk)
    if major.state == MajorState.OPEN and not _members(major).exists():
        _end(major, by, words, Solved([], {}))


class _JoinedMeanwhileError(Exception):
    """A case joined after the cases were taken and before the fault was: they are taken anew."""


def _with_cases(major: MajorIncident, carry_out: Callable[[MajorIncident, list[Ticket]], T]) -> T:
    """Carries out what concerns every case of a fault, with the cases and then the fault held: the order in which they join, too.

    Raises Refused when the fault is solved.
    """
    for _nth in range(TRIES):
        try:
            with held(), transaction.atomic():
                cases = lock_all(_members(major))
                fault = (
                    MajorIncident.objects.select_for_update(of=("self",))
                    .select_related("service", "announcement")
                    .get(pk=major.pk)
                )
                if fault.state != MajorState.OPEN:
                    raise policies.Refused(_("The fault is solved already."))
                still = set(_members(fault))
                if still - {ticket.pk for ticket in cases}:
                    raise _JoinedMeanwhileError
                return carry_out(fault, [ticket for ticket in cases if ticket.pk in still])
        except _JoinedMeanwhileError:
            continue
    raise policies.Refused(_("Cases joined all the time. Try once more."))


def _members(major: MajorIncident) -> QuerySet[MajorMember, int]:
    return MajorMember.objects.filter(major=major, left_at__isnull=True).values_list("ticket_id", flat=True)


def _requesters(cases: list[Ticket]) -> dict[int, list[TicketRequester]]:
    found: dict[int, list[TicketRequester]] = {}
    rows = TicketRequester.objects.filter(ticket_id__in=[one.pk for one in cases]).select_related("person")
    for requester in rows.order_by("pk"):
        found.setdefault(requester.ticket_id, []).append(requester)
    return found


def _facts(major: MajorIncident) -> dict[str, Any]:
    return {
        "service_id": major.service_id,
        "category_id": major.category_id,
        "impact": major.impact,
        "consequence": major.consequence,
        "team_id": major.team_id,
        "owner_id": major.owner_id,
        "began_at": major.began_at.isoformat(),
    }
