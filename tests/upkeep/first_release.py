"""An installation as the first release left it, made by that release's migrations and models. Runs in a process of its own."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402
from django.db.migrations.loader import MigrationLoader  # noqa: E402

from saksgang.lib import append_only, clock, files  # noqa: E402

FIRST = [
    ("access", "0001_first"),
    ("catalogue", "0001_first"),
    ("console", "0002_keys"),
    ("events", "0001_first"),
    ("inbound", "0001_first"),
    ("outbound", "0002_keys"),
    ("people", "0001_first"),
    ("tickets", "0001_first"),
    ("worker", "0001_first"),
]
DJANGOS = ("auth", "contenttypes", "sessions")
RAW = b"From: nora@sykehus.example\r\nTo: ikt@sykehus.example\r\nSubject: Skriver\r\n\r\nDen virker ikke.\r\n"


def build() -> dict:
    executor = MigrationExecutor(connection)
    executor.loader = MigrationLoader(connection, replace_migrations=False)  # step by step, as it was
    targets = [*FIRST, *(node for node in executor.loader.graph.leaf_nodes() if node[0] in DJANGOS)]
    executor.migrate(targets)
    protect_as_then()
    then = executor.loader.project_state(targets).apps
    fill(then)
    rows = {
        model._meta.db_table: columns_of(model) for model in then.get_models() if model._meta.app_label in dict(FIRST)
    }
    remembered().write_text(json.dumps({table: [columns, read(table, columns)] for table, columns in rows.items()}))
    return {"tables": len(rows), "rows": sum(len(read(table, columns)) for table, columns in rows.items())}


def protect_as_then() -> None:
    """The triggers on the columns that there were, of the tables that there were."""
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table, rule in list(append_only._protected.items()):
            if table in present:
                there = {column.name for column in connection.introspection.get_table_description(cursor, table)}
                append_only._protected[table] = replace(rule, columns=tuple(c for c in rule.columns if c in there))
    append_only.install()


def fill(then) -> None:
    """An open case with its mails and events, and one that is solved and closed."""

    def add(model: str, /, **facts):
        return then.get_model(model)._base_manager.create(**facts)

    now = clock.now() - timedelta(days=3)
    team = add("people.Team", name="Servicesenter", slug="servicesenter", sort_key="servicesenter")
    ward = add("people.Department", name="Sengepost 3", sort_key="sengepost 3", folded="sengepost 3")
    kari = add("people.Person", name="Kari Nordmann", sort_key="kari", folded="kari nordmann")
    nora = add("people.Person", name="Nora Sykepleier", sort_key="nora", folded="nora sykepleier", department=ward)
    add("people.PersonAddress", address="nora@sykehus.example", person=nora)
    add("people.Membership", person=kari, team=team)
    add("people.Account", username="kari", password="!", person=kari)
    add("access.RoleGrant", person=kari, role="agent", team=team)
    ikt = add("catalogue.Mailbox", slug="ikt", address="ikt@sykehus.example", name="IKT", team=team)
    raw = files.keep(RAW)
    for solved in (False, True):
        ticket = add("tickets.Ticket", **case(now, team, kari, solved=solved))
        add("tickets.TicketRequester", ticket=ticket, person=nora, answered_at=now if solved else None)
        add("tickets.TicketMailbox", ticket=ticket, mailbox=ikt)
        mail = add(
            "inbound.InboundMail", mailbox=ikt, door="smtp", raw_sha256=raw, size=len(RAW), received_at=now, try_at=now,
            purge_after=now + timedelta(days=730), outcome="new_ticket", ticket=ticket, decided_at=now, pending=0,
            message_id=f"old-{solved}@sykehus.example", from_address="nora@sykehus.example", subject="Blåbær på ØYE",
            reasons=[["team", "mailbox"]],
        )  # fmt: skip
        add("inbound.MailIdentity", key=f"{ticket.pk:064}", mail=mail)
        heard = add(
            "tickets.Message",
            ticket=ticket,
            inbound_id=mail.pk,
            header_id=f"old-{solved}@sykehus.example",
            **message(now, "INCOMING", nora, "REQUESTER"),
        )
        attached = files.keep(b"Bilde av skriveren")
        add("tickets.Attachment", message=heard, name="bilde.jpg", content_type="image/jpeg", size=18, sha256=attached)
        registered = add(
            "events.Event", kind="ticket_registered", at=now, by_robot="mail", subject_kind="ticket", subject_id=ticket.pk,
            ticket_id=ticket.pk, after={"subject": "Skriver virker ikke", "team": team.pk},
        )  # fmt: skip
        add("tickets.Message", ticket=ticket, **message(now, "ANSWER", kari, "AGENT"))
        sent = add(
            "outbound.OutboundMail", ticket=ticket, event_id=registered.pk, kind="acknowledgement",
            recipient="nora@sykehus.example", envelope_from="ikt@sykehus.example", header_id=f"sak-{ticket.pk}@sykehus.example",
            raw_sha256=files.keep(b"Kvittering %d" % ticket.pk), created_at=now, try_at=now, state="sent", sent_at=now, pending=0,
        )  # fmt: skip
        add("outbound.OutboundAttempt", mail=sent, at=now, code=250, answer="OK")


def case(now, team, kari, *, solved: bool) -> dict:
    common = {
        "subject": "Skriver virker ikke", "search_folded": "skriver virker ikke nora sykepleier sengepost 3", "channel": "EMAIL",
        "team": team, "received_at": now, "registered_at": now, "changed_at": now, "state_since": now, "team_since": now,
        "type": "SERVICE_REQUEST", "impact": "individuals", "assessed_at": now, "assessed_by": kari, "priority": 3,
        "priority_steps": [["matrix", 3]],
    }  # fmt: skip
    if solved:
        return common | {
            "state": "CLOSED", "open": 0, "resolution": "Ny toner.", "resolved_at": now, "resolved_by": kari,
            "closed_at": now, "closed_by": kari,
        }  # fmt: skip
    return common | {
        "state": "NEW", "open": 1, "queue_rank": 30, "answers_owed": 1,
        "next_step": "TAKE", "next_step_due_at": now + timedelta(days=1),
    }  # fmt: skip


def message(now, kind: str, author, role: str) -> dict:
    words = "Skriveren på vaktrommet virker ikke. Blåbær."
    return {
        "kind": kind, "visibility": "PUBLIC", "channel": "EMAIL", "at": now, "author": author, "author_name": author.name,
        "sender_role": role, "text": words, "segments": [[False, words]],
    }  # fmt: skip


def columns_of(model) -> list[str]:
    return [field.column for field in model._meta.concrete_fields]


def read(table: str, columns: list[str]) -> list[list[str]]:
    with connection.cursor() as cursor:
        named = ", ".join(connection.ops.quote_name(column) for column in columns)
        cursor.execute(f"SELECT {named} FROM {table} ORDER BY id")
        return [[str(value) for value in row] for row in cursor.fetchall()]


def tables() -> dict:
    """Each table's columns, and what the database holds it to, by name."""
    look = connection.introspection
    with connection.cursor() as cursor:
        return {
            table: {
                "columns": sorted(
                    [one.name, str(one.type_code), one.null_ok, str(one.default)]
                    for one in look.get_table_description(cursor, table)
                ),
                "held": sorted(
                    [*held_to(table, name), one["columns"] or [], one["unique"], one["check"], str(one["foreign_key"])]
                    for name, one in look.get_constraints(cursor, table).items()
                ),
            }
            for table in look.table_names(cursor)
        }


def held_to(table: str, name: str) -> list[str]:
    """A constraint's name and words. Those that SQLite itself gives a number have no name, and the last ends the table too."""
    if connection.vendor == "sqlite":
        query = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s"
    else:
        query = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND conname = %s"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(query, [table, name])
            return [name, *(row[0] for row in cursor.fetchall())]
        cursor.execute(query, [table])
        [(written,)] = cursor.fetchall()
    checks = re.findall(rf'CONSTRAINT "{re.escape(name)}" (CHECK .+?)(?=, CONSTRAINT|$)', written)
    return ["" if re.match("__|fk_", name) else name, *(check.rstrip(")") for check in checks)]


def remembered() -> Path:
    return Path(settings.DATA_DIR) / "as-it-was.json"


def compare() -> dict:
    """After the upgrade: which tables no longer hold the same rows, and which triggers are gone."""
    before = json.loads(remembered().read_text())
    return {
        "changed": [table for table, (columns, rows) in before.items() if read(table, columns)[: len(rows)] != rows],
        "missing_triggers": append_only.missing(),
        "lost_files": [one for one in named_files() if not files.path_of(one).exists()],
    }


def named_files() -> list[str]:
    from saksgang.inbound.models import InboundMail
    from saksgang.outbound.models import OutboundMail
    from saksgang.tickets.models import Attachment

    return [
        *InboundMail.objects.values_list("raw_sha256", flat=True),
        *OutboundMail.objects.values_list("raw_sha256", flat=True),
        *Attachment.objects.values_list("sha256", flat=True),
    ]


def work_on() -> dict:
    """Today's actions and pages on the cases of then: Kari answers and solves one, and Nora writes to both."""
    from django.db import DatabaseError, transaction
    from django.test import Client

    from saksgang.catalogue.models import Mailbox
    from saksgang.config.server import collect_static
    from saksgang.inbound.actions import decide
    from saksgang.inbound.queries import ledger
    from saksgang.inbound.storing import store
    from saksgang.people.models import Person
    from saksgang.tickets.actions.answering import answer
    from saksgang.tickets.actions.resolution import resolve
    from saksgang.tickets.models import Message, Ticket

    kari, first = Person.objects.get(name="Kari Nordmann"), Ticket.objects.earliest("id")
    answer(ticket=first, by=kari, words="Vi ser på den nå.")
    resolve(ticket=Ticket.objects.get(pk=first.pk), by=kari, words="Ny toner er satt inn.")
    reply = RAW.replace(
        b"\r\n\r\n", b"\r\nIn-Reply-To: <old-True@sykehus.example>\r\nMessage-ID: <new@sykehus.example>\r\n\r\n", 1
    )
    row = store(reply, mailbox=Mailbox.objects.get(slug="ikt"), door="smtp")
    decide(row)
    row.refresh_from_db()
    try:
        with transaction.atomic():
            Message.objects.filter(ticket=first).update(text="Noe annet")
        refused = False
    except DatabaseError:
        refused = True
    collect_static()
    client = Client(SERVER_NAME="localhost")
    client.force_login(kari.account)
    pages = [
        client.get("/queue?show=all"),
        *(client.get(f"/tickets/{one.pk}") for one in Ticket.objects.order_by("id")),
    ]
    return {
        "state": Ticket.objects.get(pk=first.pk).state,
        "reply": row.outcome,
        "history_refused": refused,
        "mail_found": len(ledger(kari, words="øye NORA@sykehus")),
        "pages": sorted({page.status_code for page in pages}),
        "shown": all("Blåbær" in page.content.decode() for page in pages[1:3]),
    }


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]]()))  # noqa: T201
