"""The calls that a team owes, as lines: whom, where they are reached, what to say, and by when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from saksgang.console.shell import my_team_ids
from saksgang.lib import clock
from saksgang.people.models import Person
from saksgang.tickets import calls, policies, queries
from saksgang.tickets.actions.telling.calling import TRIES
from saksgang.tickets.models import Call
from saksgang.ui.dates import short_when

MOST = 50


def rows(viewer: Person, now: datetime) -> list[dict[str, Any]]:
    """[{id, name, ring, words, language, number, subject, restricted, done, due, late, often, works, seen}], in order of due."""
    found = list(calls.open_for(viewer, my_team_ids(viewer))[:MOST])
    seen = queries.newest_events({one.message.ticket_id for one in found})
    return [_row(one, viewer, now) | {"seen": seen.get(one.message.ticket_id, 0)} for one in found]


def _row(one: Call, viewer: Person, now: datetime) -> dict[str, Any]:
    ticket = one.message.ticket
    return {
        "id": one.pk,
        "name": one.person.name,
        "ring": where_to_ring(one),
        "words": one.message.text,
        "language": one.person.language,
        "number": ticket.pk,
        "subject": ticket.subject,
        "restricted": ticket.restricted,
        "done": not ticket.open,
        "due": _due(one, now),
        "late": one.due_at < now,
        "often": one.tries >= TRIES,
        "works": policies.may_work(viewer, ticket),
    }


def where_to_ring(one: Call) -> list[str]:
    """What was said of the case first, then what we know of the person, then their ward. Each once."""
    ticket, person = one.message.ticket, one.person
    ward = ticket.affected_department or person.department
    numbers = [ticket.callback_number, person.phone, person.answer_via]
    if ward and ward.phone:
        numbers.append(f"{ward.name} {ward.phone}")
    return list(dict.fromkeys(number for number in numbers if number))


def _due(one: Call, now: datetime) -> str:
    when = {"when": short_when(one.due_at, now)}
    told = [(_("overdue: was due %(when)s") if one.due_at < now else _("due %(when)s")) % when]
    if one.tries:
        tried = ngettext("phoned once without an answer", "phoned %(times)s times without an answer", one.tries)
        told.append(tried % {"times": one.tries})
    return " · ".join(told)


def said_by_default(one: Call) -> str:
    """What is written down of a call of which one writes nothing else. The words stand in the message only, where they can be removed."""
    at = clock.local(one.message.at)
    return _("Told by phone what was written on %(day)s.") % {"day": f"{at:%d.%m.%Y %H.%M}"}
