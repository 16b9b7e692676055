"""Who asks: checked before anybody gets a password, a code or access, and kept (who checked, how, when)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.lib import clock, text
from saksgang.people.models import Person, PersonKind
from saksgang.people.queries import is_registered
from saksgang.tickets import policies
from saksgang.tickets.actions.core import lock, store, unproven
from saksgang.tickets.kinds import MessageKind, ProofWay
from saksgang.tickets.models import IdentityProof, Message, Ticket, TicketRequester


@transaction.atomic
def prove(*, ticket: Ticket, by: Person, person: Person, way: str, note: str = "") -> Ticket:
    """Keeps that `by` has checked who this requester is. Raises Refused for those whom nobody can check."""
    note = text.one_line(note, 200)
    if way == ProofWay.LEADER and not note:
        raise policies.Refused(_("Write which leader confirmed it."))
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
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
    facts = {"way": way, "note": note, "at": clock.now(), "by": by}
    IdentityProof.objects.update_or_create(ticket=ticket, person=person, defaults=facts)
    store(ticket, "identity_checked", by=by, after={"person_id": person.pk, "way": way})
    return ticket


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
