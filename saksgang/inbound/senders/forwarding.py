"""Mailboxes fed by forwarding: what the forwarder put on a mail says nothing of its sender (mail.md 9)."""

from __future__ import annotations

from django.conf import settings

from saksgang.catalogue.models import Forwarding, Mailbox

# An automatic forwarder rewrites the return path, often to nothing, and marks the mail against its own loops.
_ITS_OWN = frozenset({"return-path", "x-loop", "x-ms-exchange-inbox-rules-loop"})


def ignored_headers(mailbox: Mailbox) -> frozenset[str]:
    """Headers (lower case) that do not count in loop and robot decisions; `return-path` stands for the envelope too."""
    own = _ITS_OWN if mailbox.forwarding != Forwarding.DIRECT else frozenset()
    return own | {str(name).lower() for name in mailbox.ignored_headers}


def authserv_of(mailbox: Mailbox) -> str:
    """Which server's Authentication-Results are believed, "" for none. Forwarding breaks SPF, and often DKIM: what our own
    server finds then says nothing, and what the forwarder's found counts where its name is known.
    """
    direct = mailbox.forwarding == Forwarding.DIRECT
    return str(settings.MAIL_AUTHSERV_ID) if direct else mailbox.forwarder_authserv_id
