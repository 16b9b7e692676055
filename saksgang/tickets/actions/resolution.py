"""Solving: the outcome goes to the requester in the same step (clauses H2 and L1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.catalogue.kinds import TicketType
from saksgang.events.actions import Actor
from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.tickets import policies
from saksgang.tickets.actions.assignment import assign
from saksgang.tickets.actions.core import lock, store
from saksgang.tickets.actions.deviation import lacks_report
from saksgang.tickets.actions.ending import check_parts_done, lock_with_parent, tell_parent
from saksgang.tickets.actions.identity import check_proven
from saksgang.tickets.actions.messages import KeptFile, speak
from saksgang.tickets.kinds import Consequence, Impact, MessageKind, State
from saksgang.tickets.models import Ticket, TicketRequester
from saksgang.tickets.rules.deadlines import CLOSING_DAYS
from saksgang.tickets.rules.resolutions import says_nothing


@transaction.atomic
def resolve(
    *,
    ticket: Ticket,
    by: Person,
    words: str,
    technical: str = "",
    cc: Iterable[str] = (),
    kept: Iterable[KeptFile] = (),
    orally: bool = False,
    mailed: bool = True,
    over: str = "",
) -> Ticket:
    """Solves the case. `words` is both the answer and the resolution; `technical` stays in the desk.

    `over`: why it is solved although a sub-case is not done.
    `orally`: the requester was told while it was solved; then those without an address have their answer too.
    Raises Refused when the case lacks what its type requires, or somebody would be left without an answer.
    """
    if says_nothing(words):
        raise policies.Refused(_("Say what was done, so that the requester and the next agent understand it."))
    ticket = lock_with_parent(ticket)
    policies.check_may_work(by, ticket)
    finish(ticket, by=by, words=words, technical=technical, cc=cc, kept=kept, orally=orally, mailed=mailed, over=over)
    return ticket


def finish(
    ticket: Ticket,
    *,
    by: Person,
    words: str,
    technical: str = "",
    cc: Iterable[str] = (),
    kept: Iterable[KeptFile] = (),
    orally: bool = False,
    mailed: bool = True,
    over: str = "",
    after: dict[str, Any] | None = None,
) -> None:
    """What solving a case is, for whoever may, with the case held. `after`: what the event tells besides."""
    policies.check_can("resolve", ticket)
    check_parts_done(ticket, why=over)
    if missing := missing_facts(ticket):
        raise policies.Refused(_("Before solving, fill in: %(facts)s.") % {"facts": ", ".join(missing)})
    check_proven(ticket)
    told = dict(after or {})
    if TicketRequester.objects.filter(ticket=ticket).exists():
        message = speak(
            ticket, by=by, words=words, kind=MessageKind.SOLUTION, cc=cc, kept=kept, orally=orally, mailed=mailed
        )
        told["message_id"] = message.pk
    check_all_answered(ticket)
    ticket.resolution, ticket.technical_resolution = words.strip(), technical.strip()
    be_solved(ticket, by=by, after=told, reason=over.strip())


def be_solved(ticket: Ticket, *, by: Person, after: dict[str, Any], reason: str = "") -> None:
    """The case as solved with the resolution that is written on it. The caller asks whether it may be."""
    if ticket.assignee_id is None:
        assign(ticket, by)
    ticket.state = State.RESOLVED
    ticket.resolved_at, ticket.resolved_by = clock.now(), by
    ticket.close_after = clock.now() + timedelta(days=CLOSING_DAYS)
    ticket.new_message_at = ticket.thanked_at = None
    store(ticket, "ticket_resolved", by=by, after=after, reason=reason)
    tell_parent(ticket, by=by, words=ticket.resolution)


@transaction.atomic
def count_from_delivery(*, ticket: Ticket, by: Actor) -> None:
    """The solution reached the requester: the days until closing count from now."""
    ticket = lock(ticket)
    if ticket.state == State.RESOLVED:
        ticket.close_after = clock.now() + timedelta(days=CLOSING_DAYS)
        store(ticket, "solution_delivered", by=by)


def missing_facts(ticket: Ticket) -> list[str]:
    """Names, as on the page, of what the case's type requires before it can be solved."""
    if ticket.type is None or ticket.assessed_at is None:
        return [_("type of case")]
    if ticket.type != TicketType.INCIDENT:
        return []
    facts = (
        (ticket.service_id is None, _("service")),
        (ticket.impact in (None, Impact.UNKNOWN), _("impact")),
        (ticket.consequence in (None, Consequence.UNKNOWN), _("consequence")),
        (lacks_report(ticket), _("the deviation's number, or why none is reported")),
    )
    return [name for lacks, name in facts if lacks]


def check_all_answered(ticket: Ticket) -> None:
    """Raises Refused while somebody on the case is owed an answer."""
    left = TicketRequester.objects.filter(ticket=ticket, answer_owed_since__isnull=False)
    names = ", ".join(left.values_list("person__name", flat=True))
    if names:
        raise policies.Refused(
            _("%(names)s has no e-mail address and is owed an answer. Phone them, and log the conversation.")
            % {"names": names}
        )
