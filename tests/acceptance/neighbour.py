"""Sets up one of two desks that write to each other, and tells how it is doing. Runs in a process of its own."""

from __future__ import annotations

import json
import sys

import django

django.setup()

from saksgang.catalogue.actions import add_mailbox  # noqa: E402
from saksgang.events.alarms import open_alarms  # noqa: E402
from saksgang.events.models import Delivery  # noqa: E402
from saksgang.inbound.models import InboundMail  # noqa: E402
from saksgang.outbound.models import OutboundMail  # noqa: E402
from saksgang.people.actions import add_team  # noqa: E402
from saksgang.tickets.models import Message, Ticket  # noqa: E402
from tests.cast import SETUP  # noqa: E402


def fill(address: str) -> dict:
    team = add_team(by=SETUP, name="Servicesenter")
    add_mailbox(by=SETUP, slug="ikt", address=address, name="IKT", team=team)
    return {}


def state() -> dict:
    return {
        "undone": InboundMail.objects.filter(pending=1).count()
        + Delivery.objects.count()
        + OutboundMail.objects.filter(pending=1).count(),
        "mails": InboundMail.objects.count(),
        "outcomes": list(InboundMail.objects.order_by("id").values_list("outcome", flat=True)),
        "tickets": Ticket.objects.count(),
        "messages": Message.objects.count(),
        "receipts": OutboundMail.objects.filter(kind="acknowledgement").count(),
        "alarms": list(open_alarms().values_list("kind", "key")),
        "flagged": [
            row.ticket_id
            for row in InboundMail.objects.exclude(ticket=None)
            if ["acknowledgement", "enough_for_this_address"] in row.reasons
        ],
    }


if __name__ == "__main__":
    print(json.dumps({"fill": fill, "state": state}[sys.argv[1]](*sys.argv[2:])))  # noqa: T201
