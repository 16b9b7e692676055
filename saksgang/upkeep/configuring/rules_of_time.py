"""Hours, special days, targets and priorities."""

from __future__ import annotations

from functools import partial

from saksgang.catalogue import actions as catalogue
from saksgang.catalogue import queries
from saksgang.catalogue.defaults import Target
from saksgang.catalogue.models import Meeting, OnCallDay, SpecialDay, TeamCalendar
from saksgang.people.models import Person
from saksgang.upkeep.configuring import finding
from saksgang.upkeep.configuring.desk import BY, given
from saksgang.upkeep.configuring.document import Entry
from saksgang.upkeep.configuring.secret_places import Secrets
from saksgang.upkeep.configuring.sections import WEEKDAYS
from saksgang.upkeep.configuring.telling import Told


def set_team_hours(entry: Entry, told: Told, _secrets: Secrets) -> None:
    """A weekday that the file doesn't name is closed."""
    team = finding.team_named(entry.facts["team"])
    week = [entry.facts.get(name, []) for name in WEEKDAYS]
    known = TeamCalendar.objects.filter(team=team).first()
    if known and known.week == week:
        return
    catalogue.set_hours(by=BY, team=team, week=week)
    told.changed(f"hours of {team.name}", _week(week))


def _week(week: list[list[list[int]]]) -> str:
    days = [
        f"{name} {', '.join(f'{_clock(opens)}-{_clock(closes)}' for opens, closes in spans) or 'closed'}"
        for name, spans in zip(WEEKDAYS, week, strict=True)
    ]
    return "; ".join(days)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def set_special_day(entry: Entry, told: Told, _secrets: Secrets) -> None:
    facts = entry.facts
    special = SpecialDay.objects.filter(day=facts["day"]).first()
    # Both hours are always meant: a day that is written without them is closed.
    wanted = {"name": facts["name"], "opens": facts.get("opens"), "closes": facts.get("closes")}
    if special is None:
        catalogue.add_special_day(by=BY, day=facts["day"], **wanted)
        told.added(f"special day {facts['day']} {facts['name']}")
        return
    before = _day(special.name, special.opens, special.closes)
    if before != (after := _day(**wanted)):
        catalogue.change_special_day(by=BY, special=special, **wanted)
        told.changed(f"special day {facts['day']}", f"{before} → {after}")


def _day(name: str, opens: int | None, closes: int | None) -> str:
    return f"{name}, {'closed' if opens is None or closes is None else f'{_clock(opens)}-{_clock(closes)}'}"


def set_target(entry: Entry, told: Told, _secrets: Secrets) -> None:
    level, step = entry.facts["level"], entry.facts["step"]
    before, wanted = queries.targets(level)[step], Target(**given(entry.facts, "minutes", "days"))
    if before != wanted:
        catalogue.set_target(by=BY, level=level, step=step, target=wanted)
        told.changed(f"target {step} of level {level}", f"{_soon(before)} → {_soon(wanted)}")


def _soon(target: Target) -> str:
    return f"{target.minutes} minutes" if target.minutes is not None else f"{target.days} days"


def set_priority(entry: Entry, told: Told, _secrets: Secrets) -> None:
    place = given(entry.facts, "matrix", "impact", "criticality")
    before = queries.matrix(place["matrix"])[place["impact"], place["criticality"]]
    wanted = entry.facts["priority"]
    if before != wanted:
        catalogue.set_priority(by=BY, **place, priority=wanted)
        told.changed(f"priority of {' / '.join(place.values())}", f"{before} → {wanted}")


def set_meeting(entry: Entry, told: Told, _secrets: Secrets) -> None:
    starts_at, wanted = entry.facts["starts_at"], given(entry.facts, "place", "called_off")
    meeting = Meeting.objects.filter(starts_at=starts_at).first()
    act = partial(catalogue.set_meeting, by=BY, starts_at=starts_at)
    if meeting is None:
        act(**wanted)
        told.added(f"meeting {starts_at:%Y-%m-%d %H:%M}")
    else:
        told.alter(f"meeting {starts_at:%Y-%m-%d %H:%M}", meeting, wanted, act)


def set_on_call(entry: Entry, told: Told, _secrets: Secrets) -> None:
    duty, starts_at = entry.facts["duty"], entry.facts["starts_at"]
    person = finding.person_named(entry.facts["person"])
    if person is None:
        raise Person.DoesNotExist(f"person {entry.facts['person']}")
    what, wanted = f"on call {duty} {starts_at:%Y-%m-%d %H:%M}", {"person": person, "ends_at": entry.facts["ends_at"]}
    day = OnCallDay.objects.filter(on_call_list__duty=duty, starts_at=starts_at).select_related("person").first()
    act = partial(catalogue.set_on_call, by=BY, duty=duty, starts_at=starts_at)
    if day is None:
        act(**wanted)
        told.added(f"{what}: {person.name}")
    else:
        told.alter(what, day, wanted, act)
