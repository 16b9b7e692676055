"""When the state of a case allows a move. `check_can` raises with a sentence for the person; `can` is for buttons."""

from __future__ import annotations

from django.utils.translation import gettext as _

from saksgang.access.queries import check_may, may
from saksgang.access.roles import Permission
from saksgang.people.models import Person
from saksgang.tickets.kinds import State
from saksgang.tickets.models import Ticket
from saksgang.tickets.states import MOVES


class Refused(Exception):
    """The action cannot be done, for a reason that the person can read. Nothing was changed."""


class Stale(Refused):
    """Somebody else did something on the case after the page was made. See actions/freshness.py."""


# What the triage team decides of a case that went to it: nobody else ends it, or sends it elsewhere, meanwhile.
DECIDED_AT_TRIAGE = frozenset({"hand_over", "resolve", "close"})


def can(move: str, ticket: Ticket) -> bool:
    return State(ticket.state) in MOVES[move].starts and not _held(move, ticket)


def _held(move: str, ticket: Ticket) -> bool:
    return ticket.at_triage and move in DECIDED_AT_TRIAGE


def check_can(move: str, ticket: Ticket) -> None:
    """Raises Refused when the case's state does not allow the move."""
    if _held(move, ticket):
        raise Refused(_("The triage team has been asked about this case. Its decision comes first."))
    if not can(move, ticket):
        raise Refused(str(MOVES[move].refusal))


def may_work(person: Person, ticket: Ticket) -> bool:
    """Whether the person works in the case's team."""
    return may(person, Permission.WORK_TICKETS, team=ticket.team_id)


def check_may_work(person: Person, ticket: Ticket) -> None:
    """Raises NotAllowed unless the person works in the case's team."""
    check_may(person, Permission.WORK_TICKETS, team=ticket.team_id)
