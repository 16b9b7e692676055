"""What holds now: the defaults, with what the hospital changed laid over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeVar

import holidays
from django.db.models import F, Q, QuerySet
from django.utils import translation

from saksgang.catalogue import defaults
from saksgang.catalogue.models import (
    Announcement,
    Category,
    Mailbox,
    MailText,
    Meeting,
    OnCallDay,
    PriorityCell,
    RoutingRule,
    Service,
    SpecialDay,
    StateLabel,
    Supplier,
    TargetTime,
    TeamCalendar,
)
from saksgang.catalogue.routing import Arrival, Rule, first_hit
from saksgang.catalogue.working_time import Hours, Span
from saksgang.lib.prepared import prepared
from saksgang.people.models import Person, TeamKind

CRITICALITIES = ("critical", "important", "ordinary")
ROUND_THE_CLOCK = Hours(week=(), round_the_clock=True)

Matrix = dict[tuple[str, str], int]  # (impact, criticality) → priority

T = TypeVar("T")

_held: ContextVar[dict[Any, Any] | None] = ContextVar("held_catalogue", default=None)


@contextmanager
def held() -> Iterator[None]:
    """Inside the block hours, targets and names of states are read once: for a page, and for whoever makes many cases."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def _once(key: tuple[str, object], read: Callable[[], T]) -> T:
    known = _held.get()
    if known is None:
        return read()
    if key not in known:
        known[key] = read()
    return known[key]


@lru_cache(maxsize=8)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("NO", years=year, include_sundays=False))


def _is_holiday(day: date) -> bool:
    return day in _holidays(day.year)


def hours_of(team_id: int | None) -> Hours:
    """A team's working hours: its own week or the office week, closed on Norwegian holidays, with the hospital's special days."""
    return _once(("hours", team_id), lambda: _hours_of(team_id))


@prepared
def _weeks(team_id: int) -> QuerySet[TeamCalendar, Any]:
    return TeamCalendar.objects.filter(team_id=team_id).values_list("team_id", "week")


@prepared
def _special_days() -> QuerySet[SpecialDay, Any]:
    return SpecialDay.objects.values_list("day", "opens", "closes")


def _hours_of(team_id: int | None) -> Hours:
    own = next((week for _team, week in _weeks(team_id)), None) if team_id else None
    week = tuple(tuple((opens, closes) for opens, closes in day) for day in own) if own else defaults.OFFICE_WEEK
    special: dict[date, tuple[Span, ...]] = {
        day: () if opens is None or closes is None else ((opens, closes),) for day, opens, closes in _special_days()
    }
    return Hours(week=week, closed=_is_holiday, special=special.get)


def matrix(name: str) -> Matrix:
    """The priority matrix `incident` or `other`."""
    cells = {
        (impact, criticality): value
        for impact, row in defaults.MATRICES[name].items()
        for criticality, value in zip(CRITICALITIES, row, strict=True)
    }
    changed = PriorityCell.objects.filter(matrix=name).values_list("impact", "criticality", "priority")
    return cells | {(impact, criticality): priority for impact, criticality, priority in changed}


def targets(level: str) -> dict[str, defaults.Target]:
    """Step (taken, answered, solved) → target, for a level (1 to 4, or order)."""
    return _once(("targets", level), lambda: _targets(level))


@prepared
def _target_times() -> QuerySet[TargetTime, Any]:
    return TargetTime.objects.values_list("level", "step", "minutes", "days")


def _targets(level: str) -> dict[str, defaults.Target]:
    changed = _once(("target times", ""), _target_times)
    return defaults.TARGETS[level] | {
        step: defaults.Target(minutes, days) for of, step, minutes, days in changed if of == level
    }


def mail_text(kind: str, language: str) -> defaults.Text:
    """The text of a kind in a language, falling back to bokmål."""
    own = {row.language: row for row in MailText.objects.filter(kind=kind, language__in=[language, "nb"])}
    if language in own:
        return defaults.Text(own[language].subject, own[language].body)
    known = defaults.MAIL_TEXTS[kind]
    if language in known:
        return known[language]
    return defaults.Text(own["nb"].subject, own["nb"].body) if "nb" in own else known["nb"]


@prepared
def _state_labels() -> QuerySet[StateLabel]:
    return StateLabel.objects.all()


def state_labels() -> dict[str, str]:
    """The hospital's own names of states, in the language of the page. Empty where none was given."""
    language = translation.get_language() or "nb"
    rows = _once(("state labels", ""), _state_labels)
    return {row.state: getattr(row, f"label_{language}", "") or row.label_nb for row in rows}


@prepared
def _services() -> QuerySet[Service]:
    return Service.objects.filter(active=True).order_by("sort_key")


def services() -> list[Service]:
    return _services()


@prepared
def _service_names() -> QuerySet[Service, Any]:
    rows = Service.objects.filter(active=True).order_by("sort_key")
    return rows.values_list("pk", "name_nb", "name_nn", "name_en")


def service_names() -> list[tuple[int, str]]:
    """The active services as (id, name in the language of the page)."""
    language = translation.get_language() or "nb"
    return [(pk, {"nn": nn, "en": en}.get(language) or nb) for pk, nb, nn, en in _service_names()]


@prepared
def _categories() -> QuerySet[Category]:
    rows = Category.objects.filter(active=True, service__active=True).order_by("sort_key")
    return rows.select_related("service")


def categories() -> list[Category]:
    """The kinds of case that are in use, with their services."""
    return _categories()


def mailbox_of_address(address: str) -> Mailbox | None:
    """The active mailbox at a folded address. `ikt+mark@` is the mailbox `ikt@`: bounces come back to such addresses."""
    active = Mailbox.objects.filter(active=True).select_related("team")
    local, _, domain = address.rpartition("@")
    return active.filter(address=address).first() or (
        active.filter(address=f"{local.partition('+')[0]}@{domain}").first() if "+" in local else None
    )


def own_addresses() -> frozenset[str]:
    """Every address of the desk itself, folded, and of those that forward to it in their own name."""
    pairs = Mailbox.objects.values_list("address", "forwarder")
    return frozenset(address for pair in pairs for address in pair if address)


def supplier_of_address(address: str) -> Supplier | None:
    """The supplier whose domain an address lies in, or in a domain below."""
    domain = address.rpartition("@")[2]
    for supplier in Supplier.objects.filter(active=True).order_by("id"):
        if any(domain == one or domain.endswith(f".{one}") for one in supplier.domains):
            return supplier
    return None


def suppliers() -> list[Supplier]:
    return list(Supplier.objects.filter(active=True).order_by("sort_key"))


def current_announcements(now: datetime) -> list[Announcement]:
    """Outages and downtimes that go on at `now`, the oldest first."""
    begun = Announcement.objects.filter(starts_at__lte=now).exclude(ends_at__lte=now)
    return list(begun.select_related("service").order_by("starts_at", "id"))


def announced(now: datetime) -> QuerySet[Announcement]:
    """What goes on at `now` and what is to come, the soonest first. What was called off ends where it would have begun."""
    ahead = Announcement.objects.exclude(ends_at__lte=now).exclude(ends_at__lte=F("starts_at"))
    return ahead.select_related("service").order_by("starts_at", "id")


def next_meeting(after: datetime) -> Meeting | None:
    """The triage team's first meeting later than this."""
    return Meeting.objects.filter(starts_at__gt=after, called_off=False).order_by("starts_at").first()


def meetings_held(since: datetime, now: datetime) -> list[datetime]:
    """When they have met since then."""
    held = Meeting.objects.filter(starts_at__gt=since, starts_at__lte=now, called_off=False)
    return list(held.order_by("starts_at").values_list("starts_at", flat=True))


def on_call(duty: str, now: datetime, until: datetime) -> Person | None:
    """Whose day it is; where nobody has this moment, whose it is first before `until`."""
    days = OnCallDay.objects.filter(on_call_list__duty=duty, ends_at__gt=now, starts_at__lt=until, person__active=True)
    first = days.order_by("starts_at").select_related("person").first()
    return first.person if first else None


_RULE = (
    "pk", "team_id", "mailbox_id", "channel", "sender", "department_id", "service_id", "category_id", "words", "proposes_id",
    "question",
)  # fmt: skip


@prepared
def _routing_rows() -> QuerySet[RoutingRule, Any]:
    # Without a triage team those that ask it rest, and the next one is asked: nobody would decide.
    decided = Q(question="") | Q(team__kind=TeamKind.TRIAGE)
    standing = RoutingRule.objects.filter(decided, active=True, team__active=True)
    return standing.order_by("position", "id").values_list(*_RULE)


def routing_rules() -> tuple[Rule, ...]:
    """The rules that hold now, in their order, ready for routing.first_hit()."""
    return _once(("routing", ""), lambda: _compiled(tuple(_routing_rows())))


@lru_cache(maxsize=8)
def _compiled(rows: tuple[tuple[Any, ...], ...]) -> tuple[Rule, ...]:
    return tuple(_rule(*row) for row in rows)


def rule_of(row: RoutingRule) -> Rule:
    """A row, saved or not, as routing.py reads it."""
    return _rule(*(getattr(row, name) for name in _RULE))


def _rule(*columns: Any) -> Rule:
    facts = dict(zip(_RULE, columns, strict=True))
    return Rule(**facts | {"words": tuple(facts["words"].split("\n")) if facts["words"] else ()})


def route(arrival: Arrival) -> RoutingRule | None:
    """The rule that a case falls under as it comes, with its team. None: no rule speaks of it."""
    hit = first_hit(routing_rules(), arrival)
    return routing_rule(hit.pk) if hit else None


def route_known(arrival: Arrival) -> RoutingRule | None:
    """The rule that a case falls under now that its service or its kind is known: of those only that ask for one, and name a team."""
    hit = first_hit(rules_of_what_is_known(), arrival)
    return routing_rule(hit.pk) if hit else None


def rules_of_what_is_known() -> list[Rule]:
    """The rules that ask for a service or a kind, which no mail has as it comes."""
    return [one for one in routing_rules() if (one.service_id or one.category_id) and not one.question]


_BY_NAME = ("mailbox", "department", "service", "category", "team", "proposes")


@prepared
def _routing_rule(pk: int) -> QuerySet[RoutingRule]:
    return RoutingRule.objects.select_related(*_BY_NAME).filter(pk=pk)


def routing_rule(pk: int) -> RoutingRule:
    """A rule as it stood, with all that it names; also one that another row has taken the place of."""
    rule: RoutingRule = _routing_rule(pk)[0]
    return rule


def rule_holds(row: RoutingRule) -> bool:
    """Whether a rule sends anything: it may rest, its team may be retired, and whom it asks may be no triage team any more."""
    return row.active and row.team.active and (not row.question or row.team.kind == TeamKind.TRIAGE)


def routing_rows() -> QuerySet[RoutingRule]:
    """Every rule that stands on the page, those that rest too, in the order in which they are asked."""
    standing = RoutingRule.objects.filter(replaced_at__isnull=True).order_by("position", "id")
    return standing.select_related(*_BY_NAME)
