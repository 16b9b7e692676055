"""What every told case shares: mails in through the door, mails out to their readers."""

from __future__ import annotations

from django.db.models import Q

from saksgang.catalogue.models import Mailbox
from saksgang.demo import letters
from saksgang.demo.received import Post
from saksgang.events.actions import claim
from saksgang.inbound.actions import decide
from saksgang.inbound.models import Door, InboundMail
from saksgang.inbound.storing import store
from saksgang.lib import clock
from saksgang.outbound import follower
from saksgang.outbound.actions import send_due
from saksgang.outbound.models import OutboundMail
from saksgang.tickets.actions.taking_back import longest_wait
from saksgang.tickets.models import Message, Ticket

FOLLOWER = "outbound"


def deliver() -> None:
    """Promised mails are made and reach their readers, as soon as nobody can take them back.

    Only those of the story: what happens in the demo meanwhile lies ahead of the moved clock. It is the worker's, whose clock is
    right; made here, a receipt would be dated weeks back.
    """
    for delivery in claim(FOLLOWER, only=Q(event__at__lte=clock.now())):
        follower.handle(delivery)
    now = clock.now()
    with clock.at(now + longest_wait()):
        send_due(Post(), only=Q(created_at__lte=now))


def arrive(raw: bytes, mailbox: Mailbox, envelope_from: str | None = None) -> InboundMail:
    """A mail comes through the door, and is decided on at once."""
    row = store(raw, mailbox=mailbox, door=Door.DEMO, envelope_from=envelope_from, envelope_to=mailbox.address)
    decide(row)
    row.refresh_from_db()
    return row


def last_mail(ticket: Ticket, address: str = "") -> OutboundMail | None:
    """The newest mail of the case, to one reader or to anybody."""
    mails = OutboundMail.objects.filter(ticket=ticket).order_by("-id")
    return mails.filter(recipient=address).first() if address else mails.first()


def quoted(mail: OutboundMail, mailbox: Mailbox, reader: str) -> str:
    """Our mail as it stands below a reply to it."""
    message = mail.message or Message.objects.filter(ticket=mail.ticket).order_by("id").first()
    own = mail.message is not None and message is not None
    words = message.text if own and message else "Vi har fått henvendelsen din."
    return letters.quote(f"{mailbox.name} <{mailbox.address}>", mail.created_at, reader, mail.ticket.subject, words)
