"""A flood of mails of mixed kinds through the SMTP door and the worker, and then the ledger's books (mail.md).

    .venv/bin/python -m bench.flood --mails 100000
    .venv/bin/python -m bench.flood --mails 2000 --database postgresql

Receiver and worker are processes of their own, as in production; what they use of memory and CPU is read from /proc at the end.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import smtplib
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

SENDERS = 3
LARGE = 30 * 1024 * 1024
MAILS_PER_LARGE = 4000


@dataclass(frozen=True)
class Sent:
    """One mail of the flood and what must become of it."""

    kind: str
    outcome: str
    key: str  # its Message-ID: two mails with the same one are the same mail
    sender: str
    mailbox: str
    raw: bytes


def flood(number: int, seed: int = 20261123) -> list[tuple[str, int]]:
    """(kind, nth) of every mail in the order of sending; the same for the same number."""
    luck = random.Random(seed)
    kinds = [kind for kind, share in SHARES.items() for _ in range(share)]
    plan = [(luck.choice(kinds), nth) for nth in range(number)]
    for nth in range(MAILS_PER_LARGE // 2, number, MAILS_PER_LARGE):
        plan[nth] = ("large", nth)
    return plan


# Kind → how many of a hundred.
SHARES = {
    "person": 52, "reply": 12, "same_to_other_mailbox": 8, "monitoring": 8, "absence": 5, "receipt": 3, "bounce": 5,
    "html_with_picture": 4, "old_charset": 2, "thread_of_colleagues": 1,
}  # fmt: skip


AUTOMATIC = {"Auto-Submitted": "auto-generated"}
REPLIED = {"Auto-Submitted": "auto-replied"}


def make(kind: str, nth: int) -> Sent:
    """The nth mail. Those that refer to another refer to one that was sent long before."""
    if kind == "same_to_other_mailbox":
        return _again(nth)
    person = f"ansatt{nth % 5000}@sykehus.example"
    words = f"Hei, skriver {nth} på intensiv svarer ikke etter vaktskiftet. Maskinen heter PC-{nth * 7 % 100000}.\nHilsen ansatt {nth % 5000}"
    subject = f"Skriver {nth} svarer ikke"
    # kind → sender, subject, words, headers, outcome; what is not here is a person's new mail
    told = {
        "reply": (person, f"SV: {subject}", words, {"In-Reply-To": f"<{_before(nth)}>"}, "reply"),
        "monitoring": (
            "overvaking@sykehus.example", "ALARM: disk full på srv-12", "Disk C: er 97 % full.", AUTOMATIC,
            "reply" if nth > _first("monitoring") else "new_ticket",
        ),
        "absence": (person, "Automatisk svar: Ikke til stede", "Jeg er på ferie til mandag.", REPLIED, "set_aside"),
        "receipt": (person, f"Lest: sak {nth}", words, REPLIED, "set_aside"),
        "bounce": (
            "MAILER-DAEMON@mx.annet.example", "Undelivered Mail Returned to Sender", "User unknown: it could not be delivered.",
            {}, "set_aside",
        ),
        "thread_of_colleagues": (
            person, subject, words, {"References": " ".join(f"<ukjent-{nth}-{one}@annet.example>" for one in range(20))},
            "new_ticket",
        ),
    }  # fmt: skip
    sender, subject, words, headers, outcome = told.get(kind, (person, subject, words, {}, "new_ticket"))
    mail = EmailMessage()
    key = f"{kind}-{nth}@sykehus.example"
    mail["From"], mail["To"], mail["Subject"] = sender, "ikt@sykehus.example", subject
    mail["Date"], mail["Message-ID"] = format_datetime(_moment(nth)), f"<{key}>"
    for name, value in headers.items():
        mail[name] = value
    _fill(mail, kind, words)
    return Sent(kind, outcome, key, "" if kind == "bounce" else sender, "ikt@sykehus.example", mail.as_bytes())


def _fill(mail: EmailMessage, kind: str, words: str) -> None:
    if kind == "old_charset":
        mail.set_content(words, charset="latin-1", cte="8bit")
        return
    mail.set_content(words)
    if kind == "html_with_picture":
        mail.add_alternative(f"<p>{words}</p>" * 40, subtype="html")
        mail.add_attachment(os.urandom(20_000), maintype="image", subtype="png", filename="skjerm.png")
    if kind == "large":
        mail.add_attachment(os.urandom(LARGE), maintype="application", subtype="zip", filename="logg.zip")


PLAN: list[tuple[str, int]] = []
LONG_BEFORE = 3000


def _moment(nth: int):
    from datetime import UTC, datetime, timedelta

    return datetime(2026, 11, 23, 6, 0, tzinfo=UTC) + timedelta(seconds=nth // 10)


def _first(kind: str) -> int:
    return next(nth for one, nth in PLAN if one == kind)


def _before(nth: int) -> str:
    """The Message-ID of a person's mail that the worker has long seen; the flood begins with one of them."""
    for place in range(max(nth - LONG_BEFORE, 0), -1, -1):
        if PLAN[place][0] == "person":
            return f"person-{PLAN[place][1]}@sykehus.example"
    return f"person-{next(n for kind, n in PLAN if kind == 'person')}@sykehus.example"


def _again(nth: int) -> Sent:
    """A person's mail of long before comes to the other mailbox too."""
    first = int(_before(nth).partition("@")[0].partition("-")[2])
    sent = make("person", first)
    return Sent("same_to_other_mailbox", "duplicate", sent.key, sent.sender, "e-helse@sykehus.example", sent.raw)


class Relay:
    """Takes what the desk sends, and counts it."""

    def __init__(self) -> None:
        self.taken = 0

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.taken += 1
        return "250 OK"


def send_all(port: int, counted: Counter) -> None:
    """All mails over a few connections, as a mail server sends."""
    places = iter(range(len(PLAN)))
    lock = threading.Lock()

    def one_sender() -> None:
        sender = Sender(port)
        while True:
            with lock:
                place = next(places, None)
            if place is None:
                break
            sent = make(*PLAN[place])
            sender.send(sent)
            with lock:
                counted.update([sent.outcome, "mails"])
        sender.connection.quit()

    threads = [threading.Thread(target=one_sender) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Sender:
    """A mail server: keeps a mail, and tries again, until it hears 250."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection = smtplib.SMTP("127.0.0.1", port, timeout=120)

    def send(self, sent: Sent) -> None:
        while True:
            try:
                self.connection.sendmail(sent.sender, [sent.mailbox], sent.raw)
                return
            except (OSError, smtplib.SMTPException) as error:
                print(f"{sent.kind}: {error}", file=sys.stderr)
                time.sleep(0.2)
                self.connection = smtplib.SMTP("127.0.0.1", self.port, timeout=120)


def usage(pid: int) -> dict[str, float]:
    """Highest resident memory in MiB, and CPU seconds used."""
    status = Path(f"/proc/{pid}/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return {"peak_mib": peak / 1024, "cpu_s": (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(mails: int) -> dict:
    import django

    django.setup()
    from aiosmtpd.controller import Controller
    from django.core.management import call_command

    from saksgang.catalogue.actions import add_mailbox
    from saksgang.events.actions import Robot
    from saksgang.people.actions import add_team

    call_command("migrate", verbosity=0)
    team = add_team(by=Robot("setup"), name="Servicesenter")
    for slug in ("ikt", "e-helse"):
        add_mailbox(by=Robot("setup"), slug=slug, address=f"{slug}@sykehus.example", name=slug, team=team)
    PLAN.extend([("person", 0), *flood(mails)[1:]])
    relay, counted = Relay(), Counter()
    saksgang = Path(sys.executable).parent / "saksgang"
    with ExitStack() as stack:
        catcher = Controller(relay, hostname="127.0.0.1", port=int(os.environ["SAKSGANG_SMTP_OUT_PORT"]))
        catcher.start()
        stack.callback(catcher.stop)
        running = {}
        for name, command in (("receiver", ["mail", "listen"]), ("worker", ["work"])):
            running[name] = subprocess.Popen([saksgang, *command])
            stack.callback(running[name].wait)
            stack.callback(running[name].terminate)
        wait_until_it_listens(int(os.environ["SAKSGANG_SMTP_IN_PORT"]))
        begun = time.monotonic()
        send_all(int(os.environ["SAKSGANG_SMTP_IN_PORT"]), counted)
        received = time.monotonic() - begun
        wait_until_decided()
        settled = time.monotonic() - begun
        used = {name: usage(process.pid) for name, process in running.items()}
    return {"mails": mails, "received_s": received, "settled_s": settled, "relay_took": relay.taken, **used} | books(
        counted
    )


def wait_until_it_listens(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.2)
    raise SystemExit("the receiver does not listen")


def wait_until_decided() -> None:
    from saksgang.events.models import Delivery
    from saksgang.inbound.models import InboundMail
    from saksgang.outbound.models import OutboundMail

    while (
        InboundMail.objects.filter(pending=1).exists()
        or Delivery.objects.exists()
        or OutboundMail.objects.filter(pending=1).exists()
    ):
        time.sleep(1)


def books(counted: Counter) -> dict:
    """What was sent beside what the ledger holds. `balanced` only if every mail has its row and its end, and no row is too many."""
    from django.db.models import Count

    from saksgang.inbound.models import InboundMail, Outcome
    from saksgang.lib import files
    from saksgang.outbound.models import OutboundMail
    from saksgang.tickets.models import Message, Ticket

    rows = InboundMail.objects.count()
    outcomes = dict(InboundMail.objects.values_list("outcome").annotate(n=Count("id")))
    single = InboundMail.objects.exclude(outcome=Outcome.DUPLICATE).values("message_id").annotate(n=Count("id"))
    with_message = InboundMail.objects.filter(outcome__in=["new_ticket", "reply"]).count()
    complaints = [
        words
        for words, wrong in {
            "not all were sent": counted["mails"] != len(PLAN),
            "a mail without a row, or a row without a mail": rows != counted["mails"],
            "outcomes differ": {k: v for k, v in counted.items() if k != "mails"} != outcomes,
            "a mail that counts twice": single.filter(n__gt=1).exists(),
            "a mail without its message": Message.objects.exclude(inbound_id=None).count() != with_message,
            "a case without its mail": Ticket.objects.count() != outcomes.get("new_ticket", 0),
            "a promise that was not sent": OutboundMail.objects.exclude(state="sent").exists(),
            "raw bytes that are gone": any(
                not files.path_of(sha256).exists()
                for sha256 in InboundMail.objects.values_list("raw_sha256", flat=True).distinct().iterator()
            ),
        }.items()
        if wrong
    ]
    return {"sent": dict(counted), "outcomes": outcomes, "balanced": not complaints, "complaints": complaints}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.flood", description=__doc__)
    parser.add_argument("--mails", type=int, default=100_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    options = parser.parse_args()
    from bench.__main__ import create_database, postgres

    with ExitStack() as stack:
        os.environ["SAKSGANG_DATA_DIR"] = stack.enter_context(tempfile.TemporaryDirectory(prefix="saksgang-flood-"))
        if options.database == "postgresql":
            server = postgres(stack)
            create_database(server, "flood")
            os.environ["SAKSGANG_DATABASE_URL"] = server + "flood"
        os.environ["DJANGO_SETTINGS_MODULE"] = "saksgang.config.settings"
        os.environ["SAKSGANG_LOG_LEVEL"] = "CRITICAL"  # the storm alarm goes off, rightly
        os.environ["SAKSGANG_SMTP_IN_PORT"], os.environ["SAKSGANG_SMTP_OUT_PORT"] = str(free_port()), str(free_port())
        figures = run(options.mails)
        from django.db import connection

        connection.close()
    print(json.dumps({"database": options.database} | figures, indent=1))
    return 0 if figures["balanced"] else 1


if __name__ == "__main__":
    sys.exit(main())
