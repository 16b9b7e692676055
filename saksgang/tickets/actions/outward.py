"""«Skriv til andre»: writing to a supplier or another body from the case. Their reply comes back to it, as theirs."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from saksgang.catalogue import queries as catalogue
from saksgang.catalogue.working_time import add_days
from saksgang.lib import clock
from saksgang.people.models import Language, Person, PersonAddress
from saksgang.tickets import policies, suppliers
from saksgang.tickets.actions.core import lock, put_first, store
from saksgang.tickets.actions.messages import KeptFile, read_addresses, write_own
from saksgang.tickets.actions.reopening import bring_back
from saksgang.tickets.kinds import MessageKind, NextStep, State, Visibility
from saksgang.tickets.models import Message, MessageRecipient, Ticket, TicketRequester

CHASED_DAYS = 2  # working days until somebody looks again
CHECK_MINUTES = 120


@transaction.atomic
def write(
    *, ticket: Ticket, by: Person, words: str, to: Iterable[str], kept: Iterable[KeptFile] = ()
) -> Message:  # fmt: skip
    """A message to others than the requester. It answers nobody, and goes to the addresses given and to no one else."""
    if not words.strip():
        raise policies.Refused(_("Write the message first."))
    addresses = read_addresses(to)
    if not addresses:
        raise policies.Refused(_("Say whom the message goes to."))
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    asked = TicketRequester.objects.filter(ticket=ticket, person__addresses__address__in=addresses)
    if name := asked.values_list("person__name", flat=True).first():
        raise policies.Refused(_("%(name)s asked about this case. Answer them in the answer box.") % {"name": name})
    return _send(ticket, by, words, addresses, kept)


@transaction.atomic
def chase(*, ticket: Ticket, by: Person) -> Message:
    """«Purr»: asks whoever the case waits for how it goes, by one press, and looks again two working days from now."""
    ticket = _waiting(ticket, by)
    address = suppliers.addresses_of([(ticket.pk, ticket.waiting_for)]).get(ticket.pk)
    if not address:
        raise policies.Refused(_("No e-mail address is known for them. Phone them, and press «Phoned»."))
    _look_again(ticket)
    with translation.override(Language.NB):  # theirs is not known, and the desk is in Norway
        words = _("Hello! How far has this come? Please answer this e-mail.")
        if ticket.waiting_reference:
            words += " " + _("Your number: %(reference)s.") % {"reference": ticket.waiting_reference}
    return _send(ticket, by, words, [address], ())


@transaction.atomic
def phoned(*, ticket: Ticket, by: Person) -> Ticket:
    """They were phoned instead: written down, and looked at again two working days from now."""
    ticket = _waiting(ticket, by)
    _look_again(ticket)
    store(ticket, "supplier_phoned", by=by)
    return ticket


@transaction.atomic
def said_solved(*, ticket: Ticket, by: Person) -> Ticket:
    """They say that it is solved. That only means: check with the requester."""
    ticket = _waiting(ticket, by)
    bring_back(ticket)
    put_first(ticket, NextStep.CHECK_WITH_REQUESTER, minutes=CHECK_MINUTES)
    store(ticket, "supplier_answered", by=by)
    return ticket


def _waiting(ticket: Ticket, by: Person) -> Ticket:
    ticket = lock(ticket)
    policies.check_may_work(by, ticket)
    if ticket.state != State.WAITING_THIRD_PARTY:
        raise policies.Refused(_("The case waits for nobody else any more."))
    return ticket


def _look_again(ticket: Ticket) -> None:
    ticket.wait_until = add_days(clock.now(), CHASED_DAYS, catalogue.hours_of(ticket.team_id))
    ticket.postponed_to = None


def _send(ticket: Ticket, by: Person, words: str, addresses: Iterable[str], kept: Iterable[KeptFile]) -> Message:
    message = write_own(ticket, by=by, kind=MessageKind.OUTWARD, words=words, visibility=Visibility.OUTWARD, kept=kept)
    known = {
        row.address: row.person for row in PersonAddress.objects.filter(address__in=addresses).select_related("person")
    }
    MessageRecipient.objects.bulk_create(
        MessageRecipient(
            message=message,
            address=address,
            person=known.get(address),
            name=known[address].name if address in known else "",
        )
        for address in addresses
    )
    store(ticket, "message_sent_outward", by=by, after={"message_id": message.pk})
    return message


def was_written_to(ticket: Ticket, address: str) -> bool:
    """Whether a message to others on this case went to the address."""
    return MessageRecipient.objects.filter(
        message__ticket=ticket, message__kind=MessageKind.OUTWARD, address=address
    ).exists()
