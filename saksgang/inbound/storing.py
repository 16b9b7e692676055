"""The first step of every mail: its bytes are safe before anything is decided, and before anybody is told that we have it."""

from __future__ import annotations

from datetime import timedelta

from saksgang.catalogue.models import Mailbox
from saksgang.inbound.models import InboundMail
from saksgang.lib import clock, files

KEEP_RAW_DAYS = 730  # the default; what the retention rules of the hospital shorten or lengthen


def store(
    raw: bytes, *, mailbox: Mailbox, door: str, envelope_from: str | None = None, envelope_to: str = ""
) -> InboundMail:
    """Keeps one delivery for good and writes its row in the ledger. When this returns, the mail cannot be lost."""
    sha256 = files.keep(raw)
    now = clock.now()
    return InboundMail.objects.create(
        mailbox=mailbox,
        door=door,
        raw_sha256=sha256,
        size=len(raw),
        envelope_from=None if envelope_from is None else envelope_from[:254],
        envelope_to=envelope_to[:254],
        received_at=now,
        try_at=now,
        purge_after=now + timedelta(days=KEEP_RAW_DAYS),
    )
