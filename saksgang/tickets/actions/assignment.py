"""Who has the case: take, put back, hand over (clause T1)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.access.queries import check_may
from saksgang.access.roles import Permission
from saksgang.lib import clock
from saksgang.people.models import Person, Team, TeamKind
from saksgang.tickets import policies
from saksgang.tickets.actions.core import clear_set_step, lock, store
from saksgang.tickets.actions.freshness import own_newest
from saksgang.tickets.actions.undoing import ends, put_where_it_was
from saksgang.tickets.kinds import State
from saksgang.tickets.models import Ticket


@transaction.atomic
def take(*, ticket: Ticket, by: Person, take_over: bool = False) -> Ticket:
    """Makes `by` the assignee. A case somebody else has is only taken over when asked for (`take_over`)."""
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    policies.check_can("take", ticket)
    if ticket.assignee_id not in (None, by.pk) and not take_over:
        name = ticket.assignee.name if ticket.assignee else ""
        raise policies.Refused(_("%(name)s took the case before you. You can take it over.") % {"name": name})
    ended = ends(ticket)
    assign(ticket, by)
    ticket.state = State.IN_PROGRESS
    store(ticket, "ticket_taken", by=by, before=ended)
    return ticket


@transaction.atomic
def give(*, ticket: Ticket, by: Person, to: Person, reason: str = "") -> Ticket:
    """Makes a colleague of the case's team its assignee, who is told so until they do something on it. A wait goes on."""
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    if not ticket.open:
        raise policies.Refused(_("The case is solved or closed. Reopen it first."))
    if not policies.may_work(to, ticket):
        raise policies.Refused(_("%(name)s does not work in the case's team.") % {"name": to.name})
    if ticket.assignee_id == to.pk:
        raise policies.Refused(_("%(name)s has the case already.") % {"name": to.name})
    ended = ends(ticket)
    assign(ticket, to)
    if ticket.state == State.NEW:
        ticket.state = State.IN_PROGRESS
    ticket.given_at, ticket.given_by = clock.now(), by
    store(ticket, "ticket_given", by=by, reason=reason.strip(), before=ended)
    return ticket


@transaction.atomic
def give_back(*, ticket: Ticket, by: Person) -> Ticket:
    """Undoes a take-over, a gift or a putting back: the case is where it was, as long as nothing else has happened on it."""
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    newest = own_newest(ticket, by, "ticket_taken", "ticket_given", "ticket_put_back")
    former = Person.objects.filter(pk=newest.before.get("assignee_id"), active=True).first()
    if former is None and newest.kind != "ticket_given":
        raise policies.Refused(_("Nobody had the case before you. Put it back instead."))
    assign(ticket, former) if former else release(ticket)
    store(ticket, "ticket_returned", by=by, since=put_where_it_was(ticket, newest))
    return ticket


@transaction.atomic
def put_back(*, ticket: Ticket, by: Person, reason: str = "") -> Ticket:
    """Back to the team's queue, where it stands by when it was received."""
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    policies.check_can("put_back", ticket)
    ended = ends(ticket)
    release(ticket)
    store(ticket, "ticket_put_back", by=by, reason=reason.strip(), before=ended)
    return ticket


@transaction.atomic
def hand_over(*, ticket: Ticket, by: Person, team: Team, reason: str) -> Ticket:
    """To the team that can handle it, with the reason that saves them from asking."""
    check_may(by, Permission.HAND_OVER_TICKETS)
    if not reason.strip():
        raise policies.Refused(_("Say why the case belongs to the other team."))
    if team.kind == TeamKind.TRIAGE:
        raise policies.Refused(_("A case goes to the triage team with a question. Ask it instead."))
    ticket = lock(ticket)
    policies.check_can("hand_over", ticket)
    if ticket.team_id == team.pk:
        raise policies.Refused(_("The case is with %(team)s already.") % {"team": team.name})
    ended = ends(ticket)
    release(ticket)
    ticket.team = team
    ticket.postponed_to = None  # the other team's word, not this one's
    clear_set_step(ticket)
    ticket.handed_over_count += 1
    store(ticket, "ticket_handed_over", by=by, reason=reason.strip(), before=ended)
    return ticket


@transaction.atomic
def hand_back(*, ticket: Ticket, by: Person) -> Ticket:
    """Undoes a hand-over: the case is with its former team and assignee again, as long as nothing else has happened on it."""
    check_may(by, Permission.HAND_OVER_TICKETS)
    ticket = lock(ticket)
    newest = own_newest(ticket, by, "ticket_handed_over")
    ticket.team = Team.objects.get(pk=newest.before["team_id"])
    ticket.handed_over_count -= 1
    former = Person.objects.filter(pk=newest.before.get("assignee_id"), active=True).first()
    if former:
        assign(ticket, former)
    gone = former is None and newest.before.get("assignee_id") is not None
    since = None if gone else put_where_it_was(ticket, newest)
    store(ticket, "ticket_handed_back", by=by, since=since)
    return ticket


def assign(ticket: Ticket, person: Person) -> None:
    if ticket.assignee_id != person.pk:
        ticket.assignee, ticket.taken_at = person, clock.now()


def release(ticket: Ticket) -> None:
    ticket.last_assignee = ticket.assignee or ticket.last_assignee
    ticket.assignee = ticket.taken_at = None
    ticket.state = State.NEW
