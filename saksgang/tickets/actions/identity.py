"""Who asks: checked before anybody gets a password, a code or access, and kept (who checked, how, when)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.lib import clock, text
from saksgang.people.models import Person, PersonKind
from saksgang.people.queries import is_agent, is_registered
from saksgang.tickets import policies
from saksgang.tickets.actions.core import lock, store, unproven
from saksgang.tickets.actions.freshness import own_newest
from saksgang.tickets.kinds import MessageKind, ProofWay
from saksgang.tickets.models import IdentityProof, Message, Ticket, TicketRequester


@transaction.atomic
def prove(*, ticket: Ticket, by: Person, person: Person, way: str, note: str = "") -> Ticket:
    """Keeps that `by` has checked who this requester is. Raises Refused for those whom nobody can check."""
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    _keep(ticket, by=by, person=person, way=way, note=note)
    return ticket


@transaction.atomic
def prove_as_registered(*, ticket: Ticket, by: Person, person: Person, way: str, note: str = "") -> Ticket:
    """The same, by whoever has just registered the case: they have the person before them, whichever team it goes to."""
    ticket = lock(ticket)
    own_newest(ticket, by, "ticket_registered")
    _keep(ticket, by=by, person=person, way=way, note=note)
    return ticket


@transaction.atomic
def prove_signed_in(*, ticket: Ticket, by: Person) -> Ticket:
    """Whoever has just registered a case for themselves is who they say: they are signed in. Call for a browser's session only.

    It proves this person in this case: not those who are added to it, nor whoever takes their place.
    """
    ticket = lock(ticket)
    own_newest(ticket, by, "ticket_registered")
    asks = TicketRequester.objects.filter(ticket=ticket, person=by).exists()
    if not asks or by.kind != PersonKind.PERSON or not is_agent(by):
        raise policies.Refused(_("Being signed in proves only who one is oneself."))
    _write_down(ticket, by=by, person=by, way=ProofWay.SIGNED_IN)
    return ticket


def _keep(ticket: Ticket, *, by: Person, person: Person, way: str, note: str) -> None:
    note = text.one_line(note, 200)
    if way == ProofWay.LEADER and not note:
        raise policies.Refused(_("Write which leader confirmed it."))
    if way == ProofWay.SIGNED_IN:
        raise policies.Refused(_("That somebody is signed in is seen by the product itself. Choose another way."))
    if not ticket.open:
        raise policies.Refused(_("The case is solved or closed. Reopen it first."))
    if person.pk == by.pk:
        raise policies.Refused(_("Nobody checks who they are themselves. Ask a colleague."))
    if why := whom_nobody_can_check(ticket, person):
        raise policies.Refused(why)
    if way == ProofWay.RUNG_BACK and not person.phone:
        raise policies.Refused(
            _("We have no number registered for %(name)s. Choose another way.") % {"name": person.name}
        )
    _write_down(ticket, by=by, person=person, way=way, note=note)


def _write_down(ticket: Ticket, *, by: Person, person: Person, way: str, note: str = "") -> None:
    facts = {"way": way, "note": note, "at": clock.now(), "by": by}
    IdentityProof.objects.update_or_create(ticket=ticket, person=person, defaults=facts)
    store(ticket, "identity_checked", by=by, after={"person_id": person.pk, "way": way})


def whom_nobody_can_check(ticket: Ticket, person: Person) -> str:
    """Why this requester gets nothing that demands proof, whatever they show; nothing for those who can be checked."""
    if not TicketRequester.objects.filter(ticket=ticket, person=person).exists():
        return _("%(name)s is not among those who ask here.") % {"name": person.name}
    if person.kind != PersonKind.PERSON:
        return _("%(name)s is not one person. Change the requester to whoever needs it.") % {"name": person.name}
    if not is_registered(person):
        return _(
            "All we know of %(name)s is what was written or said. Change the requester to somebody in our register."
        ) % {"name": person.name}
    unverified = Message.objects.filter(ticket=ticket, author=person, unverified=True, settled_at__isnull=True)
    if unverified.filter(kind=MessageKind.INCOMING).exists():
        return _("The mail may be forged. Confirm the sender first.")
    return ""


def check_proven(ticket: Ticket) -> None:
    """Raises Refused while somebody who asks must still show who they are."""
    left = Person.objects.filter(pk__in=unproven(ticket)).order_by("sort_key")
    if names := ", ".join(left.values_list("name", flat=True)):
        raise policies.Refused(_("First check who asks: %(names)s. Then it can be solved.") % {"names": names})
