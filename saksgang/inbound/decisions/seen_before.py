"""Has this mail come before? Then this delivery is a duplicate, and its case names this mailbox too (mail.md 2 and 8)."""

from __future__ import annotations

import hashlib
import json

from django.db import IntegrityError, transaction

from saksgang.inbound.decisions.case import Case, Ending
from saksgang.inbound.models import InboundMail, MailIdentity, Outcome
from saksgang.tickets.actions.core import MAIL
from saksgang.tickets.actions.registration import add_mailbox


def decide(case: Case) -> Ending | None:
    first = _first_delivery(case.row, identity(case))
    if first is None:
        return None
    case.because("seen_before", "same_mail")
    if first.ticket and first.mailbox_id != case.row.mailbox_id:
        add_mailbox(ticket=first.ticket, mailbox=case.row.mailbox, by=MAIL)
        case.because("seen_before", "other_mailbox")
    return Ending(Outcome.DUPLICATE, ticket=first.ticket, duplicate_of=first)


def identity(case: Case) -> str:
    """What makes two deliveries the same mail: Message-ID, From and Date; without an id the text; without a date nothing."""
    mail = case.mail
    date = mail.date.isoformat() if mail.date else ""
    if not date:
        parts = ["delivery", str(case.row.pk)]
    elif mail.message_id:
        parts = ["id", mail.message_id, mail.from_address, date]
    else:
        parts = ["text", mail.from_address, date, mail.subject, mail.text]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _first_delivery(row: InboundMail, key: str) -> InboundMail | None:
    """The delivery that came before this one, or None when this is the first. The unique key settles races."""
    try:
        with transaction.atomic():
            MailIdentity.objects.create(key=key, mail=row)
    except IntegrityError:
        # Taken: by another delivery, or by this one before a retry, which does not make it another mail.
        return InboundMail.objects.select_related("ticket").filter(identity__key=key).exclude(pk=row.pk).first()
    return None
