"""Cases as they were when they came, as routing rules see them."""

from __future__ import annotations

from typing import Any

from django.db.models import Min

from saksgang.catalogue.routing import Arrival, text_of
from saksgang.people.models import PersonAddress
from saksgang.people.rules import folded_address
from saksgang.tickets.kinds import Channel
from saksgang.tickets.models import Message, Ticket, TicketMailbox


def arrivals_of(cases: list[Ticket]) -> dict[int, Arrival]:
    """Each case as it was when it came, as far as it can be told: of a mail nobody knew the service or the kind then."""
    numbers = [case.pk for case in cases]
    firsts = Message.objects.filter(ticket_id__in=numbers).values("ticket_id").annotate(first=Min("id")).values("first")
    columns = ("ticket_id", "text", "segments", "author_id", "author_address", "unverified")
    said = {row["ticket_id"]: row for row in Message.objects.filter(pk__in=firsts).values(*columns)}
    mailboxes = dict(
        TicketMailbox.objects.filter(ticket_id__in=numbers).order_by("-id").values_list("ticket_id", "mailbox_id")
    )
    authors = {row["author_id"] for row in said.values() if row["author_id"]}
    addresses = dict(
        PersonAddress.objects.filter(person_id__in=authors).order_by("-id").values_list("person_id", "address")
    )
    return {case.pk: _arrival(case, said.get(case.pk), mailboxes.get(case.pk), addresses) for case in cases}


def _arrival(case: Ticket, said: dict[str, Any] | None, mailbox_id: int | None, addresses: dict[int, str]) -> Arrival:
    mailed = case.channel == Channel.EMAIL
    forged = said is not None and said["unverified"]
    written = folded_address(said["author_address"]) if said else ""
    address = written or (addresses.get(said["author_id"], "") if said else "")
    return Arrival(
        text=text_of(case.subject, said["text"], said["segments"]) if said else case.subject,
        channel=case.channel,
        mailbox_id=mailbox_id,
        address="" if forged else address,
        department_id=None if forged else case.affected_department_id,
        service_id=None if mailed else case.service_id,
        category_id=None if mailed else case.category_id,
    )
