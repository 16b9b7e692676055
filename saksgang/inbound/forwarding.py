"""Mailboxes fed by forwarding: what the forwarder put on a mail says nothing of its sender (mail.md 9)."""

from __future__ import annotations

from saksgang.catalogue.models import Forwarding, Mailbox

# An automatic forwarder rewrites the return path, often to nothing, and marks the mail against its own loops.
_ITS_OWN = frozenset({"return-path", "x-loop", "x-ms-exchange-inbox-rules-loop"})


def ignored_headers(mailbox: Mailbox) -> frozenset[str]:
    """Headers (lower case) that do not count in loop and robot decisions; `return-path` stands for the envelope too."""
    own = _ITS_OWN if mailbox.forwarding != Forwarding.DIRECT else frozenset()
    return own | {str(name).lower() for name in mailbox.ignored_headers}


def sender_can_be_checked(mailbox: Mailbox) -> bool:
    """Forwarding breaks SPF, and often DKIM: then nothing follows from what our server found."""
    return mailbox.forwarding == Forwarding.DIRECT
