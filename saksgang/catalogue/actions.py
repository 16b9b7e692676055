"""Setting up services, mailboxes, hours and texts."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from saksgang.catalogue.models import Mailbox, MailText, Service, SpecialDay, TeamCalendar
from saksgang.events.actions import Actor, record
from saksgang.lib import text
from saksgang.people.models import Team
from saksgang.people.rules import folded_address


@transaction.atomic
def add_service(
    *, by: Actor, name: str, criticality: str, owner_team: Team, name_nn: str = "", name_en: str = ""
) -> Service:
    service = Service.objects.create(
        name_nb=name,
        name_nn=name_nn,
        name_en=name_en,
        sort_key=text.sort_key(name),
        criticality=criticality,
        owner_team=owner_team,
    )
    record("service_added", by=by, subject=service, after={"criticality": criticality, "team_id": owner_team.pk})
    return service


@transaction.atomic
def add_mailbox(*, by: Actor, slug: str, address: str, name: str, team: Team) -> Mailbox:
    mailbox = Mailbox.objects.create(slug=slug, address=folded_address(address), name=name, team=team)
    record("mailbox_added", by=by, subject=mailbox, after={"team_id": team.pk})
    return mailbox


@transaction.atomic
def set_hours(*, by: Actor, team: Team, week: list[list[list[int]]]) -> TeamCalendar:
    """`week`: seven lists, Monday first, of [opens, closes] in minutes after midnight. Raises ValueError if it never opens."""
    if len(week) != 7 or not any(opens < closes for day in week for opens, closes in day):
        raise ValueError("a team's week has seven days, and at least one open hour")
    calendar, _ = TeamCalendar.objects.update_or_create(team=team, defaults={"week": week})
    record("team_hours_set", by=by, subject=calendar, after={"team_id": team.pk})
    return calendar


@transaction.atomic
def add_special_day(
    *, by: Actor, day: date, name: str, opens: int | None = None, closes: int | None = None
) -> SpecialDay:
    special = SpecialDay.objects.create(day=day, name=name, opens=opens, closes=closes)
    record("special_day_added", by=by, subject=special)
    return special


@transaction.atomic
def write_mail_text(*, by: Actor, kind: str, language: str, subject: str, body: str) -> MailText:
    written, _ = MailText.objects.update_or_create(
        kind=kind, language=language, defaults={"subject": subject, "body": body}
    )
    record("mail_text_written", by=by, subject=written, after={"kind": kind, "language": language})
    return written
