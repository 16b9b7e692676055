"""Fills the desk's database and balances its books. Runs in a process of its own, over the product's settings."""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.db.models import Count, Q  # noqa: E402

from saksgang.events.models import Delivery  # noqa: E402
from saksgang.inbound.models import InboundMail  # noqa: E402
from saksgang.outbound.models import OutboundMail  # noqa: E402
from saksgang.tickets.kinds import MessageKind  # noqa: E402
from saksgang.tickets.models import Message, Ticket  # noqa: E402


def fill(imap_port: str) -> dict:
    """The cast, with e-helse@ read by IMAP and answered by the service desk too."""
    from django.contrib.auth.hashers import make_password

    from saksgang.catalogue import actions as catalogue
    from saksgang.people.models import Account
    from tests import dovecot
    from tests.cast import PASSWORD, SETUP, make_cast

    cast = make_cast()
    Account.objects.update(password=make_password(PASSWORD))
    catalogue.change_mailbox(by=SETUP, mailbox=cast.ehelse, team=cast.service_desk)
    catalogue.set_imap_door(
        by=SETUP, mailbox=cast.ehelse, host="127.0.0.1", port=int(imap_port), security="plain", user="e-helse",
        secret=dovecot.PASSWORD,
    )  # fmt: skip
    return {}


def pending() -> dict:
    return {
        "mails": InboundMail.objects.filter(pending=1).count(),
        "deliveries": Delivery.objects.count(),
        "outbox": OutboundMail.objects.filter(pending=1).count(),
    }


def unanswered() -> dict:
    return {"numbers": list(Ticket.objects.filter(open=1).order_by("id").values_list("id", flat=True))}


def balance() -> dict:
    """Everything that must hold afterwards, as plain numbers."""
    first = InboundMail.objects.exclude(outcome="duplicate")
    return {
        "mails": dict(first.values_list("message_id").annotate(n=Count("id"))),
        "outcomes": dict(InboundMail.objects.values_list("outcome").annotate(n=Count("id"))),
        "tickets": Ticket.objects.count(),
        "subjects": dict(Ticket.objects.values_list("subject").annotate(n=Count("id"))),
        "incoming": Message.objects.filter(kind=MessageKind.INCOMING).count(),
        "solutions": dict(
            Ticket.objects.annotate(n=Count("messages", filter=Q(messages__kind="SOLUTION"))).values_list("id", "n")
        ),
        "resolved": Ticket.objects.filter(state="RESOLVED").count(),
        "outbound": dict(OutboundMail.objects.values_list("state").annotate(n=Count("id"))),
        "places": InboundMail.objects.filter(uid__isnull=False).count(),
        "promised": list(OutboundMail.objects.values_list("recipient", "header_id")),
    }


if __name__ == "__main__":
    asked = {"fill": fill, "pending": pending, "unanswered": unanswered, "balance": balance}[sys.argv[1]]
    print(json.dumps(asked(*sys.argv[2:])))  # noqa: T201
