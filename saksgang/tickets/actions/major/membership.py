"""Cases that hang under one fault: joining it, and being taken out again with what they had (clause P5)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from saksgang.access.queries import check_may
from saksgang.access.roles import Permission
from saksgang.catalogue.kinds import TicketType
from saksgang.events.actions import Robot
from saksgang.lib import clock
from saksgang.people.models import Language, Person
from saksgang.tickets import policies
from saksgang.tickets.actions.assessment import compute_priority
from saksgang.tickets.actions.core import clear_set_step, lock, put_first, store
from saksgang.tickets.actions.messages import tell
from saksgang.tickets.actions.reopening import FOLLOW_UP_MINUTES
from saksgang.tickets.kinds import MajorState, MessageKind, NextStep
from saksgang.tickets.languages import in_their_languages
from saksgang.tickets.majors import newest_update
from saksgang.tickets.models import MajorIncident, MajorMember, MajorUpdate, Ticket, TicketRequester

FAULT = Robot("fault")
# What a case that nobody has assessed has from the fault it hangs under; a case gets back what it had of these.
LENT = ("type", "service_id", "category_id", "impact", "consequence", "priority", "priority_steps")


@transaction.atomic
def join(*, ticket: Ticket, by: Person, major: MajorIncident) -> Ticket:
    """The case is one of those that report this fault: its requesters get the newest update, or hear that we know of the fault.

    Unless somebody has assessed it, it has the fault's type, kind, service, impact and consequence. Any agent may tie a case to
    a fault, as any may hand it to another team: what it says is not theirs. Raises Refused for a restricted case, and when either is over.
    """
    check_may(by, Permission.HAND_OVER_TICKETS)
    ticket = lock(ticket)
    # After the case, as everywhere: an update to all of them sees this one, or this one sees the update.
    major = MajorIncident.objects.select_for_update().get(pk=major.pk)
    _check_joins(ticket, major)
    former = MajorMember.objects.filter(ticket=ticket)
    former.filter(left_at__isnull=True).update(left_at=clock.now(), left_by=by)  # of a fault that is solved
    member = MajorMember(major=major, ticket=ticket, joined_at=clock.now(), joined_by=by)
    if ticket.assessed_at is None:
        member.former = lend(ticket, major, by)
    ticket.major = major
    after = _first_word(ticket, member)
    member.save(force_insert=True)
    store(ticket, "major_joined", by=by, after=after)
    return ticket


def _check_joins(ticket: Ticket, major: MajorIncident) -> None:
    if ticket.restricted:
        raise policies.Refused(_("The case is restricted, and those who follow the fault would learn of it."))
    if ticket.parent_id:
        raise policies.Refused(_("A sub-case owes nobody outside an answer. Tie its case instead."))
    if not ticket.open:
        raise policies.Refused(_("The case is solved or closed. Reopen it first."))
    if major.state != MajorState.OPEN:
        raise policies.Refused(_("The fault is solved. Solve the case by itself."))
    if ticket.assessed_at is None and ticket.category and ticket.category.demands_proof:
        # It would take the fault's kind, and be solved before we know who asks.
        raise policies.Refused(
            _("«%(kind)s» demands that we know who asks, and is no part of a fault. Assess the case first.")
            % {"kind": ticket.category.name}
        )
    if ticket.major_id == major.pk:
        raise policies.Refused(_("The case belongs to this major incident already."))
    if ticket.major and ticket.major.state == MajorState.OPEN:
        raise policies.Refused(_("The case belongs to «%(title)s». Take it out first.") % {"title": ticket.major.title})


def lend(ticket: Ticket, major: MajorIncident, by: Person) -> dict[str, Any]:
    """Gives a case that nobody has assessed the facts of its fault. Returns what it had; the caller stores."""
    had = {name: getattr(ticket, name) for name in LENT}
    copy_facts(ticket, major)
    ticket.assessed_at, ticket.assessed_by, ticket.facts_lent = clock.now(), by, True
    if ticket.set_step == NextStep.ASSESS:
        clear_set_step(ticket)
    return had


def copy_facts(ticket: Ticket, major: MajorIncident) -> None:
    """Type, kind, service, impact and consequence as the fault has them, and the priority that follows by the ordinary rules."""
    ticket.type = TicketType.INCIDENT
    ticket.service, ticket.category_id = major.service, major.category_id
    ticket.impact, ticket.consequence = major.impact, major.consequence
    compute_priority(ticket)


def _first_word(ticket: Ticket, member: MajorMember) -> dict[str, Any]:
    """What whoever reports later is told: once, however often the case goes in and out.

    An update is its writer's, whoever ties the case to the fault; where it stands the product says itself.
    """
    update = newest_update(member.major)
    before = MajorMember.objects.filter(ticket=ticket, major=member.major).order_by("-pk").first()
    member.told = update
    if before and before.told_id == member.told_id:
        return {}
    requesters = TicketRequester.objects.filter(ticket=ticket).select_related("person")
    persons = [requester.person for requester in requesters]
    if not persons:
        return {}
    said = in_every_language(update) if update else where_it_stands(member.major)
    message = tell(
        ticket,
        by=update.by if update else FAULT,
        words=in_their_languages(ticket, persons, said),
        kind=MessageKind.STATUS,
    )
    return {"message_id": message.pk}


def in_every_language(update: MajorUpdate) -> dict[str, str]:
    """Language → the words of an update, bokmål where nobody wrote the others."""
    return {
        Language.NB: update.words,
        Language.NN: update.words_nn or update.words,
        Language.EN: update.words_en or update.words,
    }


def where_it_stands(major: MajorIncident) -> dict[str, str]:
    """Language → what is told as long as nobody has written an update."""
    said = {}
    for language in Language.values:
        with translation.override(language):
            said[language] = _(
                "We know of this fault and are working on it: %(title)s. You hear from us when we know more, and when it is mended."
            ) % {"title": major.title}
    return said


@transaction.atomic
def leave(*, ticket: Ticket, by: Person, reason: str = "") -> Ticket:
    """«Something else»: the case goes on by itself, with every answer that is owed on it, and gets back what it had."""
    check_may(by, Permission.HAND_OVER_TICKETS)
    ticket = lock(ticket)
    if ticket.major_id is None:
        raise policies.Refused(_("The case belongs to no major incident."))
    if not ticket.open:
        raise policies.Refused(_("The case is solved or closed. Reopen it first."))
    take_out(ticket, by)
    if ticket.set_step is None:
        put_first(ticket, NextStep.FOLLOW_UP, minutes=FOLLOW_UP_MINUTES)
    store(ticket, "major_left", by=by, reason=reason.strip())
    return ticket


def take_out(ticket: Ticket, by: Person) -> None:
    """Out of its fault. Facts that were lent go back, unless the case is solved with them. The caller stores."""
    member = MajorMember.objects.get(ticket=ticket, left_at__isnull=True)
    member.left_at, member.left_by = clock.now(), by
    member.save(update_fields=["left_at", "left_by"])
    if ticket.facts_lent and ticket.open:
        for name, value in member.former.items():
            setattr(ticket, name, value)
        ticket.assessed_at = ticket.assessed_by = None
        ticket.priority = ticket.override_priority  # an imported case has one before anybody has assessed it
    ticket.major, ticket.facts_lent = None, False
