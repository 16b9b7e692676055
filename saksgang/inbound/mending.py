"""Raw mails whose bytes were damaged on our disk: asked for again where there is another copy, and then decided as any mail.

A mail delivered once more mends the file by itself, since keeping bytes puts right what lies in their place.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from saksgang.catalogue.models import Mailbox
from saksgang.inbound.actions import RAW_DAMAGED, look_again
from saksgang.inbound.models import Door, InboundMail
from saksgang.inbound.queries import unclear
from saksgang.lib import files
from saksgang.tickets.actions.core import MAIL

MOST_AT_ONCE = 200


def damaged() -> QuerySet[InboundMail]:
    """Mails that could not be read because of it, and that nobody has dealt with."""
    return unclear().filter(set_aside_reason=RAW_DAMAGED)


def wanted_from(mailbox: Mailbox) -> dict[str, int]:
    """sha256 → size in bytes of the damaged mails that came from this mailbox's server, which may still have them."""
    rows = damaged().filter(mailbox=mailbox, door=Door.IMAP)
    return dict(rows.values_list("raw_sha256", "size")[:MOST_AT_ONCE])


def look_at_mended() -> int:
    """Decides anew the mails whose bytes are whole again, by whatever way. Returns how many. Run every few minutes."""
    done = 0
    for row in damaged().order_by("id")[:MOST_AT_ONCE]:
        if files.is_whole(row.raw_sha256):
            with transaction.atomic():
                look_again(mail=row, by=MAIL)
            done += 1
    return done
