"""«Skriv til andre»: writing to a supplier or another body from the case. Their reply comes back to it, as theirs."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from saksgang.people.models import Person, PersonAddress
from saksgang.tickets import policies
from saksgang.tickets.actions.core import lock, store
from saksgang.tickets.actions.messages import KeptFile, read_addresses, write_own
from saksgang.tickets.kinds import MessageKind, Visibility
from saksgang.tickets.models import Message, MessageRecipient, Ticket, TicketRequester


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
