"""Mails in a few words, and what became of them."""

from __future__ import annotations

from email.message import EmailMessage

from saksgang.catalogue.models import Mailbox
from saksgang.inbound.actions import decide
from saksgang.inbound.models import InboundMail
from saksgang.inbound.storing import store
from saksgang.tickets.models import Message, Ticket

NORA, DAG, STRANGER = "Nora <nora@sykehus.example>", "Dag <dag@sykehus.example>", "Per <per@annet.example>"
OUR_SERVER = "mx.sykehus.example"
FORGED = {"authentication_results": f"{OUR_SERVER}; dmarc=fail"}
VOUCHED = {"authentication_results": f"{OUR_SERVER}; dmarc=pass"}
MORNING = "Wed, 11 Mar 2026 09:15:00 +0100"


def mail(
    words: str = "Skriveren svarer ikke.",
    *,
    sender: str = NORA,
    to: str = "ikt@sykehus.example",
    subject: str = "Skriver",
    **headers: str,
) -> EmailMessage:
    """Without Date and Message-ID, so that no two are taken for one."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(words)
    return made


def arrives(made: EmailMessage | bytes, mailbox: Mailbox, *, envelope_to: str = "") -> InboundMail:
    """Stored and decided on, as it stands in the ledger afterwards."""
    raw = made if isinstance(made, bytes) else made.as_bytes()
    row = store(raw, mailbox=mailbox, door="pipe", envelope_to=envelope_to)
    decide(row)
    return InboundMail.objects.get(pk=row.pk)


def reasons(row: InboundMail) -> list[str]:
    return [":".join(one) for one in row.reasons]


def newest(ticket: Ticket) -> Message:
    return Message.objects.filter(ticket=ticket).latest("id")
