"""The first step of every mail: its bytes are safe before anything is decided, and before anybody is told that we have it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db import IntegrityError, transaction

from saksgang.catalogue.models import Mailbox
from saksgang.inbound.models import InboundMail
from saksgang.lib import clock, files

KEEP_RAW_DAYS = 730  # the default; what the retention rules of the hospital shorten or lengthen


AT_ONCE = 500  # UIDs asked about in one query


def store(
    raw: bytes,
    *,
    mailbox: Mailbox,
    door: str,
    envelope_from: str | None = None,
    envelope_to: str = "",
    uidvalidity: int | None = None,
    uid: int | None = None,
) -> InboundMail:
    """Keeps one delivery for good and writes its row in the ledger. When this returns, the mail cannot be lost.

    `uidvalidity` and `uid` say where it lies on an IMAP server. What was stored from there before is not stored again.
    """
    sha256 = files.keep(raw)
    now = clock.now()
    row = InboundMail(
        mailbox=mailbox,
        door=door,
        raw_sha256=sha256,
        size=len(raw),
        envelope_from=None if envelope_from is None else envelope_from[:254],
        envelope_to=envelope_to[:254],
        uidvalidity=uidvalidity,
        uid=uid,
        received_at=now,
        try_at=now,
        purge_after=now + timedelta(days=KEEP_RAW_DAYS),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # Another worker was quicker; its row counts. Without a UID there is none, and the error is what it is.
        stored = InboundMail.objects.filter(mailbox=mailbox, uidvalidity=uidvalidity, uid=uid).first() if uid else None
        if stored is None:
            raise
        return stored
    return row


def known_uids(mailbox: Mailbox, uidvalidity: int, uids: Collection[int]) -> set[int]:
    """Those of the UIDs in a folder of this UIDVALIDITY that the ledger has."""
    known: set[int] = set()
    asked = list(uids)
    rows = InboundMail.objects.filter(mailbox=mailbox, uidvalidity=uidvalidity)
    for at in range(0, len(asked), AT_ONCE):
        found = rows.filter(uid__in=asked[at : at + AT_ONCE]).values_list("uid", flat=True)
        known.update(uid for uid in found if uid is not None)
    return known
