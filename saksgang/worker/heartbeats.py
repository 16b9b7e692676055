"""Sends the signed test mails that loop through the mailboxes; inbound knows them when they come back."""

from __future__ import annotations

from saksgang.catalogue.models import Mailbox
from saksgang.channels.smtp_out.relay import configured
from saksgang.events.holding import is_held
from saksgang.inbound import heartbeats
from saksgang.lib import clock
from saksgang.outbound.actions import Answer, Transport
from saksgang.outbound.rendering import heartbeat

AT_ONCE = 3  # of a relay that takes a minute for each; the next round goes on


def send_due() -> int:
    """A test mail to each mailbox whose turn it is. Returns how many were handed to the relay."""
    due = heartbeats.due()[:AT_ONCE]
    if not due or is_held():
        return 0
    with configured() as transport:
        return sum(send(mailbox, transport).accepted for mailbox in due)


def send(mailbox: Mailbox, transport: Transport) -> Answer:
    """One test mail, to the kind of address that reports come back to. It is out from before the relay has it: a relay that
    takes nothing must be noticed too.
    """
    heartbeats.left(mailbox)
    local, _, domain = mailbox.address.rpartition("@")
    recipient = f"{local}+heartbeat@{domain}" if mailbox.tagged_returns else mailbox.address
    raw = heartbeat(mailbox_id=mailbox.pk, sender=mailbox.address, recipient=recipient, at=clock.local(clock.now()))
    # Sent as from there too: a relay that refuses such a sender would refuse every answer.
    return transport.send(envelope_from=recipient, recipient=recipient, raw=raw)
