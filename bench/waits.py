"""What is measured of cases that wait for somebody: with others, for a call, for the managers; and what is only counted.

The more cases, the more of each, as in a desk that grows: filled once, past the actions.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

PAGES = {
    "suppliers": "/suppliers",
    "calls": "/calls",
    "agenda": "/triage",
    "question": "/triage/{question}",
    "tallies": "/tallies",
    "front": "/",
    "front_leading": "/",
}
LEADS = "front_leading"  # asked for by somebody who manages, and leads a team


def page_with_rows(name: str) -> str:
    """The address of the page, once there is something on it."""
    from saksgang.tickets.models import Clarification

    if not Clarification.objects.exists():
        fill()
    asked = Clarification.objects.filter(decision__isnull=True).earliest("pk")
    return PAGES[name].format(question=asked.pk)


def leader() -> Any:
    """A manager of the triage team who leads a team besides."""
    from saksgang.access.actions import grant
    from saksgang.access.queries import may
    from saksgang.access.roles import Permission, Role
    from saksgang.people.models import Person, Team, TeamKind

    if not Team.objects.filter(kind=TeamKind.TRIAGE).exists():
        fill()
    found = Person.objects.get(account__username="agent9")
    if may(found, Permission.DECIDE_CLARIFICATIONS):
        return found
    for role, team in (
        (Role.TRIAGE_MANAGER, Team.objects.get(kind=TeamKind.TRIAGE)),
        (Role.TEAM_LEADER, found.memberships.get().team),
    ):
        grant(by=_robot(), person=found, role=role, team=team)
    return found


def fill() -> None:
    """Of 400 open cases ten are with a supplier, four wait for a call, two for the managers, and four went to and fro."""
    from saksgang.people.actions import add_team
    from saksgang.people.models import TeamKind
    from saksgang.tickets.models import Ticket

    triage = add_team(by=_robot(), name="Trakta", kind=TeamKind.TRIAGE)
    numbers = list(Ticket.objects.filter(open=1, major__isnull=True).order_by("pk").values_list("pk", flat=True))
    whole, by = Ticket.objects.count(), _person()
    with_suppliers(numbers[::40])
    call(numbers[1::100])
    ask(numbers[2::200], triage, by)
    Ticket.objects.filter(pk__in=numbers[3::100]).update(handed_over_count=3)
    decided(whole // 20, triage, by)
    count(whole // 10, by)


def _robot() -> Any:
    from saksgang.events.actions import Robot

    return Robot("bench")


def _person() -> Any:
    from saksgang.people.models import Person

    return Person.objects.filter(account__isnull=False).earliest("pk")


def with_suppliers(numbers: list[int]) -> None:
    from django.db.models import F

    from saksgang.tickets.kinds import NextStep, State
    from saksgang.tickets.models import Ticket

    for nth in range(20):
        Ticket.objects.filter(pk__in=numbers[nth::20]).update(
            state=State.WAITING_THIRD_PARTY, queue_rank=None, waiting_for=f"Leverandør {nth}", waiting_reference="A-1",
            wait_until=F("next_step_due_at"), next_step=NextStep.FOLLOW_UP, assignee=_person(), taken_at=F("received_at"),
        )  # fmt: skip


def call(numbers: list[int]) -> None:
    from saksgang.lib import clock
    from saksgang.tickets.models import Call, Message

    answers = Message.objects.filter(ticket__in=numbers, kind="ANSWER").values_list("pk", flat=True)
    Call.objects.bulk_create(Call(message_id=pk, person=_person(), due_at=clock.now()) for pk in answers)


def ask(numbers: list[int], triage: Any, by: Any) -> None:
    from saksgang.lib import clock
    from saksgang.tickets.models import Clarification

    facts = {"triage": triage, "asked_at": clock.now(), "asked_by": by, "due_at": clock.now(), "asking_team": _team()}
    Clarification.objects.bulk_create(
        Clarification(ticket_id=pk, question="Hvem skal gjøre dette, og når?", **facts) for pk in numbers
    )


def decided(number: int, triage: Any, by: Any) -> None:
    from saksgang.lib import clock
    from saksgang.tickets.models import Clarification, Ticket

    at = clock.now()
    facts = {
        "triage": triage, "asked_at": at, "asked_by": by, "due_at": at, "asking_team": _team(), "question": "Hvem tar det?",
        "decision": "TO_TEAM", "decided_at": at, "decided_by": by, "reason": "Dette er deres.",
    }  # fmt: skip
    closed = Ticket.objects.filter(open=0).order_by("pk").values_list("pk", flat=True)[:number]
    _in_batches(Clarification, (Clarification(ticket_id=pk, **facts) for pk in closed))


def count(number: int, by: Any) -> None:
    from datetime import timedelta

    from saksgang.catalogue.actions import add_category
    from saksgang.catalogue.models import Service
    from saksgang.lib import clock
    from saksgang.people.models import Department
    from saksgang.tickets.models import Tally

    service = Service.objects.earliest("pk")
    kinds = [
        add_category(by=_robot(), name=f"Hvor finner jeg {nth}?", service=service, type="SERVICE_REQUEST")
        for nth in range(12)
    ]
    places, now, team = list(Department.objects.order_by("pk")), clock.now(), _team()
    _in_batches(
        Tally,
        (
            Tally(
                category=kinds[nth % 12], department=places[nth % len(places)], minutes=3, by=by, team=team,
                at=now - timedelta(minutes=nth * 90 * 24 * 60 / number),
            )
            for nth in range(number)
        ),
    )  # fmt: skip


def _team() -> Any:
    from saksgang.people.models import Team

    return Team.objects.earliest("pk")


def _in_batches(model: Any, rows: Iterator[Any]) -> None:
    while batch := list(islice(rows, 2000)):
        model.objects.bulk_create(batch)
