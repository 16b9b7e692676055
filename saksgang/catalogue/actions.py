"""Setting up services, mailboxes, hours and texts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from saksgang.catalogue.models import (
    Announcement,
    ImapDoor,
    Mailbox,
    MailText,
    Service,
    SpecialDay,
    Supplier,
    TeamCalendar,
)
from saksgang.events.actions import Actor, record
from saksgang.lib import clock, text
from saksgang.lib.sealing import Unopenable, seal, unseal
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
def add_mailbox(*, by: Actor, slug: str, address: str, name: str, team: Team, **facts: Any) -> Mailbox:
    """`facts`: other fields of the mailbox, where they differ from their defaults."""
    mailbox = Mailbox.objects.create(
        slug=slug, address=folded_address(address), name=name, team=team, added_at=clock.now(), **facts
    )
    record("mailbox_added", by=by, subject=mailbox, after={"team_id": team.pk})
    return mailbox


@transaction.atomic
def change_mailbox(*, by: Actor, mailbox: Mailbox, **facts: Any) -> Mailbox:
    """Sets fields of a mailbox. What does not differ is not written down."""
    changed = _changed(mailbox, facts)
    if changed:
        mailbox.save(update_fields=changed)
        record("mailbox_changed", by=by, subject=mailbox, after={"fields": changed})
    return mailbox


@transaction.atomic
def set_imap_door(*, by: Actor, mailbox: Mailbox, secret: str | None = None, **facts: Any) -> ImapDoor:
    """How a mailbox is read by IMAP. `secret`: its password or client secret; None keeps the one there is."""
    door = ImapDoor.objects.filter(mailbox=mailbox).first() or ImapDoor(mailbox=mailbox)
    changed = _changed(door, facts)
    if secret is not None and not _opens_to(door.sealed_secret, secret):
        door.sealed_secret = seal(secret)
        changed.append("sealed_secret")
    if changed or door.pk is None:
        door.save()
        record("imap_door_set", by=by, subject=door, after={"mailbox_id": mailbox.pk, "fields": changed})
    return door


def _opens_to(sealed: str, secret: str) -> bool:
    try:
        return bool(sealed) and unseal(sealed) == secret
    except Unopenable:
        return False


def _changed(row: Model, facts: dict[str, Any]) -> list[str]:
    """Puts the facts on the row; the names of those that differ."""
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, facts[name])
    return changed


@transaction.atomic
def add_supplier(*, by: Actor, name: str, domains: Iterable[str] = (), address: str = "") -> Supplier:
    supplier = Supplier.objects.create(
        name=name,
        sort_key=text.sort_key(name),
        domains=sorted({text.fold(domain) for domain in domains}),
        address=folded_address(address) if address else "",
    )
    record("supplier_added", by=by, subject=supplier)
    return supplier


@transaction.atomic
def announce(
    *, by: Actor, kind: str, words: str, service: Service | None = None, starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Announcement:  # fmt: skip
    """An outage or planned downtime, told in receipts from `starts_at` (None: now) until `ends_at` (None: until it is ended)."""
    announcement = Announcement.objects.create(
        kind=kind,
        words=text.one_line(words, 300),
        service=service,
        starts_at=starts_at or clock.now(),
        ends_at=ends_at,
    )
    record("disruption_announced", by=by, subject=announcement, after={"kind": kind})
    return announcement


@transaction.atomic
def end_announcement(*, by: Actor, announcement: Announcement) -> None:
    """It is over now; one that had not begun is over at its beginning."""
    announcement.ends_at = max(clock.now(), announcement.starts_at)
    announcement.save(update_fields=["ends_at"])
    record("disruption_ended", by=by, subject=announcement)


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
