"""Runs in a process of its own over a place's database: fills it, writes to it all the time, opens its pages."""

from __future__ import annotations

import json
import sys
import time
from email.message import EmailMessage
from itertools import count

import django

django.setup()

from saksgang.catalogue.models import Mailbox  # noqa: E402
from saksgang.inbound.actions import decide  # noqa: E402
from saksgang.inbound.models import InboundMail  # noqa: E402
from saksgang.inbound.storing import store  # noqa: E402
from saksgang.people.models import Account  # noqa: E402
from saksgang.tickets.models import Attachment, Ticket  # noqa: E402

TAB = "tab-that-is-in-no-backup"


def mail(nth: int) -> bytes:
    made = EmailMessage()
    made["From"] = f"Ansatt {nth} <ansatt{nth}@sykehus.example>"
    made["To"] = "ikt@sykehus.example"
    made["Subject"] = f"Sak {nth}: blåbær på rom 3"
    made["Date"] = "Mon, 23 Nov 2026 08:00:00 +0100"
    made["Message-ID"] = f"<upkeep-{nth}@sykehus.example>"
    made.set_content(f"Hei, dette er henvendelse {nth}.")
    made.add_attachment(
        f"logg {nth}\n".encode() * 200, maintype="application", subtype="octet-stream", filename="a.log"
    )
    return made.as_bytes()


def take_in(nth: int) -> None:
    row = store(mail(nth), mailbox=Mailbox.objects.select_related("team").get(slug="ikt"), door="smtp")
    decide(InboundMail.objects.select_related("mailbox__team").get(pk=row.pk))


def fill() -> dict:
    from saksgang.tickets.actions.redaction import redact_attachment
    from tests.cast import make_cast

    cast = make_cast()
    for nth in range(5):
        take_in(nth)
    redact_attachment(attachment=Attachment.objects.earliest("pk"), by=cast.kari, reason="Pasientopplysninger")
    return {}


def write() -> dict:
    """Stores and decides mails until told to stop by a file, and says after each how many there are."""
    for nth in count(InboundMail.objects.count()):
        take_in(nth)
        print(nth + 1, flush=True)  # noqa: T201
        time.sleep(0.01)
    return {}


def numbers() -> dict:
    return {
        "mails": InboundMail.objects.count(),
        "tickets": list(Ticket.objects.order_by("id").values_list("id", "subject")),
        "attachments": Attachment.objects.count(),
    }


def look() -> dict:
    """Somebody has a case before them."""
    from saksgang.console.live import presence

    presence.sign(ticket=Ticket.objects.earliest("id"), by=Account.objects.earliest("id").person, tab=TAB, writing="")
    return {}


def looking() -> dict:
    from saksgang.console.models import Presence

    return {"rows": Presence.objects.count()}


def take_one() -> dict:
    """A mail more; says the number of its case."""
    take_in(10_000)
    return {"ticket": Ticket.objects.latest("id").pk}


def open_pages() -> dict:
    """The queue and the newest case, as Kari sees them."""
    from django.test import Client

    from saksgang.config.server import collect_static

    collect_static()
    client = Client(SERVER_NAME="localhost")
    client.force_login(Account.objects.get(username="kari"))
    newest = Ticket.objects.latest("id")
    queue, case = client.get("/queue?show=all"), client.get(f"/tickets/{newest.pk}")
    return {
        "statuses": [queue.status_code, case.status_code],
        "shown": newest.subject in case.content.decode() and "blåbær på rom 3" in queue.content.decode(),
    }


def unready() -> dict:
    """Migrations and triggers that are missing."""
    from saksgang.lib import append_only
    from saksgang.lib.readiness import unapplied_migrations

    return {"migrations": unapplied_migrations(), "triggers": append_only.missing()}


def lose_a_file() -> dict:
    """What a broken disk does: a mail's bytes are gone."""
    from saksgang.lib import files

    row = InboundMail.objects.earliest("pk")
    files.path_of(row.raw_sha256).unlink()
    return {"sha256": row.raw_sha256, "id": row.pk}


def queue_an_answer() -> dict:
    """Kari answers the first case; no worker runs yet. The mailbox ikt is read from a server that nobody started."""
    from saksgang.catalogue.actions import set_imap_door
    from saksgang.events.actions import Robot
    from saksgang.tickets.actions.answering import answer

    answer(ticket=Ticket.objects.earliest("pk"), by=Account.objects.get(username="kari").person, words="Svaret er 42")
    set_imap_door(
        by=Robot("setup"), mailbox=Mailbox.objects.get(slug="ikt"), host="127.0.0.1", port=1, security="none", user="ikt",
        secret="hemmelig-i-testene",
    )  # fmt: skip
    return {}


def wait_until(is_so) -> bool:
    end = time.monotonic() + 40
    while time.monotonic() < end and not is_so():
        time.sleep(0.1)
    return is_so()


def wait_until_sent() -> dict:
    from saksgang.outbound.models import OutboundMail

    return {
        "sent": wait_until(
            lambda: (
                OutboundMail.objects.filter(kind="answer").exists()
                and not OutboundMail.objects.filter(pending=1).exists()
            )
        )
    }


def wait_for_rounds() -> dict:
    """Until the worker has been through everything, mailboxes too: its mails are written, and its jobs have run."""
    from saksgang.events.models import Delivery, LifeSign
    from saksgang.inbound.models import MailboxWatch
    from saksgang.outbound.models import OutboundMail
    from saksgang.worker.models import Slot

    done = Slot.objects.filter(job="heartbeats", finished_at__isnull=False)
    before = done.count()
    return {
        "rounds": wait_until(
            lambda: not Delivery.objects.exists() and LifeSign.objects.exists() and done.count() > before
        ),
        "read": MailboxWatch.objects.exclude(failing_since=None, seen_at=None, holder="").exists(),
        "pending": OutboundMail.objects.filter(kind="answer", pending=1).exists(),
    }


def held_to_be_seen() -> dict:
    """What the front page, `/metrics` and the alarms say of a hold."""
    from django.test import Client

    from saksgang.config.metrics import metrics
    from saksgang.config.server import collect_static

    collect_static()
    client = Client(SERVER_NAME="localhost")
    client.force_login(Account.objects.get(username="liv"))
    told = {metric.name: metric.values for metric in metrics()}
    page = client.get("/", follow=True).content.decode()
    return {
        "front": "saksgang release" in page,
        "metric": told["held"][""],
        "alarm": told["alarms_open"].get("held"),
    }


def forget_slots() -> dict:
    from saksgang.worker.models import Slot

    Slot.objects.all().delete()
    return {}


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]]()))  # noqa: T201
