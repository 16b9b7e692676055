"""Setting up services, mailboxes, hours and texts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Model

from saksgang.catalogue import defaults
from saksgang.catalogue.defaults import Target
from saksgang.catalogue.models import (
    Announcement,
    Category,
    Duty,
    ImapDoor,
    Mailbox,
    MailText,
    Meeting,
    OnCallDay,
    OnCallList,
    PriorityCell,
    RoutingRule,
    Service,
    SpecialDay,
    StateLabel,
    Supplier,
    TargetTime,
    TeamCalendar,
)
from saksgang.catalogue.queries import CRITICALITIES, routing_rows
from saksgang.events.actions import Actor, record
from saksgang.lib import clock, text
from saksgang.lib.rows import differing, put
from saksgang.lib.sealing import Unopenable, seal, unseal
from saksgang.people.models import Person, Team, TeamKind
from saksgang.people.rules import folded_address, folded_domain


@transaction.atomic
def add_service(
    *,
    by: Actor,
    name: str,
    criticality: str,
    owner_team: Team,
    name_nn: str = "",
    name_en: str = "",
    medical_device: bool = False,
) -> Service:
    service = Service.objects.create(
        name_nb=name,
        name_nn=name_nn,
        name_en=name_en,
        sort_key=text.sort_key(name),
        criticality=criticality,
        owner_team=owner_team,
        medical_device=medical_device,
    )
    record("service_added", by=by, subject=service, after={"criticality": criticality, "team_id": owner_team.pk})
    return service


@transaction.atomic
def change_service(*, by: Actor, service: Service, **facts: Any) -> Service:
    """Sets fields of a service. What does not differ is not written down."""
    if "name_nb" in facts:
        facts["sort_key"] = text.sort_key(facts["name_nb"])
    changed = put(service, facts)
    if changed:
        service.save(update_fields=changed)
        record("service_changed", by=by, subject=service, after={"fields": changed})
    return service


@transaction.atomic
def add_category(
    *, by: Actor, name: str, service: Service, type: str, words: Iterable[str] = (), **facts: Any
) -> Category:
    """`facts`: other fields of the kind of case, where they differ from their defaults."""
    category = Category.objects.create(
        name_nb=name, sort_key=text.sort_key(name), service=service, type=type, words=list(words), **facts
    )
    record("category_added", by=by, subject=category, after={"service_id": service.pk, "type": type})
    return category


@transaction.atomic
def change_category(*, by: Actor, category: Category, **facts: Any) -> Category:
    """Sets fields of a kind of case. What does not differ is not written down. Cases keep what they were assessed as."""
    if "name_nb" in facts:
        facts["sort_key"] = text.sort_key(facts["name_nb"])
    changed = put(category, facts)
    if changed:
        category.save(update_fields=changed)
        record("category_changed", by=by, subject=category, after={"fields": changed})
    return category


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
    if "address" in facts:
        facts["address"] = folded_address(facts["address"])
    changed = put(mailbox, facts)
    if changed:
        mailbox.save(update_fields=changed)
        record("mailbox_changed", by=by, subject=mailbox, after={"fields": changed})
    return mailbox


@transaction.atomic
def set_imap_door(*, by: Actor, mailbox: Mailbox, secret: str | None = None, **facts: Any) -> ImapDoor:
    """How a mailbox is read by IMAP. `secret`: its password or client secret; None keeps the one there is."""
    door = ImapDoor.objects.filter(mailbox=mailbox).first() or ImapDoor(mailbox=mailbox)
    changed = put(door, facts)
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


@transaction.atomic
def add_supplier(*, by: Actor, name: str, domains: Iterable[str] = (), address: str = "") -> Supplier:
    supplier = Supplier.objects.create(
        name=name,
        sort_key=text.sort_key(name),
        domains=folded_domains(domains),
        address=folded_address(address) if address else "",
    )
    record("supplier_added", by=by, subject=supplier)
    return supplier


@transaction.atomic
def change_supplier(*, by: Actor, supplier: Supplier, **facts: Any) -> Supplier:
    """Sets domains, address or active. What does not differ is not written down."""
    if "domains" in facts:
        facts["domains"] = folded_domains(facts["domains"])
    if facts.get("address"):
        facts["address"] = folded_address(facts["address"])
    changed = put(supplier, facts)
    if changed:
        supplier.save(update_fields=changed)
        record("supplier_changed", by=by, subject=supplier, after={"fields": changed})
    return supplier


def folded_domains(domains: Iterable[str]) -> list[str]:
    """Mail domains as they are stored: folded, each once, in order."""
    return sorted({folded_domain(domain) for domain in domains})


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
def add_routing_rule(*, by: Actor, team: Team, active: bool = True, **when: Any) -> RoutingRule:
    """A rule after all others. `when`: mailbox, channel, sender, department, service, category, words; one of them at least.

    `question`, for the triage team: what it is asked of each case. Raises ValueError for another team with one, and for it without.
    """
    _check_asks(team, when.get("question", ""))
    last = RoutingRule.objects.aggregate(last=Max("position"))["last"] or 0
    rule = RoutingRule.objects.create(position=last + 1, team=team, active=active, **when)
    record("routing_rule_added", by=by, subject=rule, after={"team_id": team.pk})
    return rule


@transaction.atomic
def change_routing_rule(*, by: Actor, rule: RoutingRule, **facts: Any) -> RoutingRule:
    """Says the rule differently: a new row in its place, since cases that it sent tell it as it stood. Returns the row that holds."""
    rule = _held_rule(rule)
    _check_asks(facts.get("team", rule.team), facts.get("question", rule.question))
    if not differing(rule, facts):
        return rule
    former, was_active = rule.pk, rule.active
    RoutingRule.objects.filter(pk=former).update(replaced_at=clock.now(), active=False)
    put(rule, facts)
    rule.pk, rule.active, rule.former_id = None, was_active, former
    rule.save(force_insert=True)
    record("routing_rule_changed", by=by, subject=rule, after={"team_id": rule.team_id, "former_id": former})
    return rule


@transaction.atomic
def switch_routing_rule(*, by: Actor, rule: RoutingRule, active: bool) -> RoutingRule:
    """Lets a rule rest, or hold again."""
    rule = _held_rule(rule)
    if put(rule, {"active": active}):
        rule.save(update_fields=["active"])
        record("routing_rule_switched", by=by, subject=rule, after={"active": active})
    return rule


@transaction.atomic
def move_routing_rule(*, by: Actor, rule: RoutingRule, up: bool) -> None:
    """One place up or down. Where there is no such place, nothing changes."""
    rows = list(routing_rows().select_for_update(of=("self",)))
    at = next((nth for nth, one in enumerate(rows) if one.pk == rule.pk), None)
    to = None if at is None else at - 1 if up else at + 1
    if at is None or to is None or not 0 <= to < len(rows):
        return
    rows[at], rows[to] = rows[to], rows[at]
    for position, one in enumerate(rows, start=1):
        one.position = position
    RoutingRule.objects.bulk_update(rows, ["position"])
    record("routing_rule_moved", by=by, subject=rule, after={"position": to + 1})


def _check_asks(team: Team, question: str) -> None:
    if bool(question) != (team.kind == TeamKind.TRIAGE):
        raise ValueError("a rule sends to the triage team with a question, and to no other team with one")


def _held_rule(rule: RoutingRule) -> RoutingRule:
    """The rule as it is now. Raises DoesNotExist when another row has taken its place."""
    return RoutingRule.objects.select_for_update().get(pk=rule.pk, replaced_at__isnull=True)


@transaction.atomic
def set_hours(*, by: Actor, team: Team, week: list[list[list[int]]]) -> TeamCalendar:
    """`week`: seven lists, Monday first, of [opens, closes] in minutes after midnight. Raises ValueError if it never opens."""
    if len(week) != 7 or not any(opens < closes for day in week for opens, closes in day):
        raise ValueError("a team's week has seven days, and at least one open hour")
    known = TeamCalendar.objects.filter(team=team).first()
    if known and known.week == week:
        return known
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
def change_special_day(*, by: Actor, special: SpecialDay, **facts: Any) -> SpecialDay:
    """Sets name, opens or closes. What does not differ is not written down."""
    changed = put(special, facts)
    if changed:
        special.save(update_fields=changed)
        record("special_day_changed", by=by, subject=special, after={"fields": changed})
    return special


@transaction.atomic
def write_mail_text(*, by: Actor, kind: str, language: str, subject: str, body: str) -> MailText:
    known = MailText.objects.filter(kind=kind, language=language).first()
    if known and (known.subject, known.body) == (subject, body):
        return known
    written, _ = MailText.objects.update_or_create(
        kind=kind, language=language, defaults={"subject": subject, "body": body}
    )
    record("mail_text_written", by=by, subject=written, after={"kind": kind, "language": language})
    return written


@transaction.atomic
def set_target(*, by: Actor, level: str, step: str, target: Target) -> None:
    """How soon a case of a level is taken, answered or solved. Back at the default, the hospital's own row goes."""
    row = TargetTime.objects.filter(level=level, step=step).first() or TargetTime(level=level, step=step)
    if target == defaults.TARGETS[level][step]:
        _back_to_default("target_time_withdrawn", by, row)
    elif put(row, target._asdict()):
        row.save()
        record("target_time_set", by=by, subject=row, after=target._asdict())


@transaction.atomic
def set_priority(*, by: Actor, matrix: str, impact: str, criticality: str, priority: int) -> None:
    """One cell of a priority matrix. Back at the default, the hospital's own row goes."""
    place = {"matrix": matrix, "impact": impact, "criticality": criticality}
    row = PriorityCell.objects.filter(**place).first() or PriorityCell(**place)
    if priority == defaults.MATRICES[matrix][impact][CRITICALITIES.index(criticality)]:
        _back_to_default("priority_cell_withdrawn", by, row)
    elif put(row, {"priority": priority}):
        row.save()
        record("priority_cell_set", by=by, subject=row, after=place | {"priority": priority})


def _back_to_default(kind: str, by: Actor, row: Model) -> None:
    if row.pk is not None:
        record(kind, by=by, subject=row)
        row.delete()


@transaction.atomic
def set_state_label(*, by: Actor, state: str, **labels: str) -> StateLabel:
    """What the hospital calls a state; `labels`: label_nb, label_nn, label_en. What does not differ is not written down."""
    row = StateLabel.objects.filter(state=state).first() or StateLabel(state=state)
    if put(row, labels):
        row.save()
        record("state_label_set", by=by, subject=row, after={"state": state})
    return row


@transaction.atomic
def set_meeting(*, by: Actor, starts_at: datetime, **facts: Any) -> Meeting:
    """A meeting of the triage team; `facts`: place, called_off. What does not differ is not written down."""
    meeting = Meeting.objects.filter(starts_at=starts_at).first() or Meeting(starts_at=starts_at)
    if put(meeting, facts) or meeting.pk is None:
        meeting.save()
        record("meeting_set", by=by, subject=meeting, after={"called_off": meeting.called_off})
    return meeting


@transaction.atomic
def set_on_call(*, by: Actor, duty: str, person: Person, starts_at: datetime, ends_at: datetime) -> OnCallDay:
    """From then until then it is this person's day. The list is made with its first row."""
    listed, _ = OnCallList.objects.get_or_create(duty=duty, defaults={"name": str(Duty(duty).label)})
    known = OnCallDay.objects.filter(on_call_list=listed, starts_at=starts_at).first()
    day = known or OnCallDay(on_call_list=listed, starts_at=starts_at)
    if put(day, {"person_id": person.pk, "ends_at": ends_at}):
        day.save()
        record("on_call_day_set", by=by, subject=day, after={"person_id": person.pk})
    return day
