"""A database of any size, quickly: rows as the product's own actions leave them, the same for the same number."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import islice

from django.core.management.color import no_style
from django.db import connection, transaction

from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.catalogue import actions as catalogue
from saksgang.catalogue.models import Mailbox
from saksgang.events.actions import Robot
from saksgang.inbound.models import InboundMail
from saksgang.lib import clock, text
from saksgang.people import actions as people
from saksgang.people.models import Person, Team
from saksgang.tickets.models import Message, Ticket, TicketRequester

SETUP = Robot("bench")
BATCH = 2000
TOLD = 100_000  # cases made one by one; of more than that, the rest are copies
WORDS = [
    "skriver",
    "journal",
    "innlogging",
    "telefon",
    "nett",
    "skjerm",
    "kortleser",
    "tilgang",
    "passord",
    "etikett",
    "møterom",
    "kurve",
    "bilde",
    "vakt",
]
PLACES = [
    "akuttmottaket",
    "intensiv",
    "barneavdelingen",
    "fødeavdelingen",
    "dialyse",
    "laboratoriet",
    "apoteket",
    "oppvåkningen",
]


def fill(tickets: int) -> Person:
    """Eight teams, forty agents, 500 employees and so many cases, a fifth of them open. Returns an agent for every team."""
    luck = random.Random(tickets)
    with transaction.atomic():
        teams = [people.add_team(by=SETUP, name=f"Team {nth}") for nth in range(1, 9)]
        agents = [agent(nth, teams[nth % 8]) for nth in range(40)]
        places = [
            people.add_department(by=SETUP, name=place.capitalize(), phone=f"{5000 + nth}")
            for nth, place in enumerate(PLACES)
        ]
        employees = [
            people.add_person(
                by=SETUP,
                name=f"Ansatt {nth}",
                addresses=(f"ansatt{nth}@sykehus.example",),
                department=luck.choice(places),
            )
            for nth in range(500)
        ]
        catalogue.add_mailbox(by=SETUP, slug="ikt", address="ikt@sykehus.example", name="IKT", team=teams[0])
        service = catalogue.add_service(by=SETUP, name="Journal", criticality="important", owner_team=teams[0])
        everywhere = agents[0]
        grant(by=SETUP, person=everywhere, role=Role.DISPATCHER)
    told = min(tickets, TOLD)
    numbers = iter(range(told))
    while batch := list(islice(numbers, BATCH)):
        add_cases(batch, told, teams, agents, employees, service, luck)
    for copies in range(told, tickets, TOLD):
        copy_cases(told, copies, min(TOLD, tickets - copies))
    return everywhere


@transaction.atomic
def copy_cases(told: int, shift: int, number: int) -> None:
    """The first `number` of the cases told once more, with ids so much higher: the database itself is quicker than Python."""
    first = Ticket.objects.order_by("id").values_list("id", flat=True)[0]
    last = first + number
    for model, ticket, step in (
        (Ticket, "id", shift),
        (TicketRequester, "ticket_id", shift),
        (Message, "ticket_id", 3 * shift),
        (InboundMail, "ticket_id", shift),
    ):
        names = [field.column for field in model._meta.concrete_fields]
        drawn = [
            f'"{name}" + {step if name == "id" else shift}' if name in ("id", ticket) else f'"{name}"' for name in names
        ]
        columns, table = ", ".join(f'"{name}"' for name in names), model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f'INSERT INTO {table} ({columns}) SELECT {", ".join(drawn)} FROM {table} WHERE "{ticket}" >= %s AND "{ticket}" < %s',
                [first, last],
            )
    start_numbers()


def agent(nth: int, team: Team) -> Person:
    person = people.add_person(by=SETUP, name=f"Saksbehandler {nth}", addresses=(f"agent{nth}@ikt.sykehus.example",))
    people.join_team(by=SETUP, person=person, team=team)
    people.open_account(by=SETUP, person=person, username=f"agent{nth}", password=None)
    grant(by=SETUP, person=person, role=Role.AGENT, team=team)
    return person


@transaction.atomic
def add_cases(batch, total, teams, agents, employees, service, luck) -> None:
    now = clock.now()
    first = (Ticket.objects.order_by("-id").values_list("id", flat=True).first() or 0) + 1
    mailbox = Mailbox.objects.get()
    made, requesters, messages, mails = [], [], [], []
    for offset, nth in enumerate(batch):
        at = now - timedelta(minutes=(total - nth) * 90 * 24 * 60 / total)
        who = luck.choice(employees)
        made.append(case(first + offset, at, who, luck, teams, agents, service, is_open=luck.random() < 0.2))
        requesters.append(TicketRequester(ticket_id=first + offset, person=who, answered_at=at))
        messages += [message(first + offset, number, at, who) for number in range(3)]
        mails.append(mail(made[-1], mailbox, who))
    Ticket.objects.bulk_create(made)
    TicketRequester.objects.bulk_create(requesters)
    Message.objects.bulk_create(messages)
    InboundMail.objects.bulk_create(mails)
    start_numbers()


def start_numbers() -> None:
    """PostgreSQL must count on from the numbers given here."""
    for statement in connection.ops.sequence_reset_sql(no_style(), [Ticket, TicketRequester, Message, InboundMail]):
        with connection.cursor() as cursor:
            cursor.execute(statement)


def case(pk, at, who, luck, teams, agents, service, *, is_open: bool) -> Ticket:
    subject = f"{luck.choice(WORDS).capitalize()} virker ikke på {luck.choice(PLACES)}, rom {luck.randrange(900)}"
    team, priority = luck.choice(teams), luck.choice((2, 3, 3, 4))
    taken = is_open and luck.random() < 0.6
    common = {
        "id": pk, "subject": subject, "search_folded": text.fold(f"{subject} {pk} {who.name} {who.department.name}"),
        "channel": "EMAIL", "team": team, "received_at": at, "registered_at": at, "changed_at": at, "state_since": at,
        "team_since": at, "affected_department_id": who.department_id, "type": "SERVICE_REQUEST", "impact": "individuals",
        "service": service, "assessed_at": at, "assessed_by": agents[1], "priority": priority,
        "priority_steps": [["matrix", priority]],
        "take_due_at": at + timedelta(days=1), "answer_due_at": at + timedelta(days=2), "solve_due_at": at + timedelta(days=90),
    }  # fmt: skip
    if is_open:
        owner = {"assignee": luck.choice(agents), "taken_at": at} if taken else {}
        return Ticket(
            **common, **owner, state="IN_PROGRESS" if taken else "NEW", open=1, queue_rank=priority * 10,
            next_step="SOLVE" if taken else "TAKE", next_step_due_at=at + timedelta(days=80),
        )  # fmt: skip
    return Ticket(
        **common, state="CLOSED", open=0, resolution="Rettet og prøvd sammen med innmelder.", resolved_at=at,
        resolved_by=agents[1], closed_at=at, closed_by=agents[1],
    )  # fmt: skip


def message(ticket_id: int, number: int, at, who: Person) -> Message:
    incoming = number % 2 == 0
    words = f"Melding {number}. " + "Det virker ikke slik det skal, og vi trenger hjelp i løpet av dagen. " * 4
    return Message(
        ticket_id=ticket_id, kind="INCOMING" if incoming else "ANSWER", visibility="PUBLIC", channel="EMAIL",
        at=at + timedelta(minutes=number), author=who if incoming else None, author_name=who.name if incoming else "IKT",
        sender_role="REQUESTER" if incoming else "AGENT", text=words, segments=[[False, words]],
    )  # fmt: skip


def mail(ticket: Ticket, mailbox: Mailbox, who: Person) -> InboundMail:
    """The mail that a case came by, as the ledger holds it; a tenth of them are a machine's."""
    at, machine = ticket.received_at, ticket.pk % 10 == 0
    address = "overvaking@sykehus.example" if machine else f"ansatt{who.pk}@sykehus.example"
    return InboundMail(
        mailbox=mailbox, door="smtp", raw_sha256=f"{ticket.pk:064}", size=2000, envelope_from=address, received_at=at, try_at=at,
        message_id=f"{ticket.pk}@sykehus.example", from_name=who.name, from_address=address, subject=ticket.subject,
        search_folded=text.fold(f"{ticket.subject} {who.name} {address}"), sent_at=at, purge_after=at + timedelta(days=730),
        mail_class="automatic" if machine else "human", outcome="new_ticket", decided_at=at, pending=0, ticket=ticket,
    )  # fmt: skip
