"""What the filters above a list offer: those that always stand there, and those that are fetched when asked for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from saksgang.catalogue import queries as catalogue
from saksgang.catalogue.kinds import TicketType
from saksgang.console.lists.asked import ANY, ASSESSED_DAYS, FINISHED, ME, NOBODY, QUIET_DAYS, Asked
from saksgang.console.states import state_labels
from saksgang.people import queries as people
from saksgang.people.models import Team
from saksgang.tickets.assessments import BY_HAND, NO_KIND
from saksgang.tickets.kinds import State
from saksgang.ui.inputs import options
from saksgang.ui.words import once_a_language

Filter = dict[
    str, Any
]  # name, label, value; of a choice also `all` (what nothing chosen means), `options` (value, words) and how they are `drawn`


def bar(asked: Asked, teams: list[Team]) -> list[Filter]:
    """The choices that always stand above the list."""
    labels = state_labels()
    states = [*((state.value, labels[state]) for state in State), *_beside_states()]
    every = _("All") if asked.show in ("all", "mine") else _("Mine")
    found: list[Filter] = [
        {"name": "team", "label": _("Team"), "all": every, "options": [(team.slug, team.name) for team in teams]},
        {"name": "state", "label": _("State"), "all": _("All open"), "options": states},
        {"name": "type", "label": _("Type"), "all": _("All"), "options": _types()},
        {"name": "service", "label": _("Service"), "all": _("All"), "options": _services()},
    ]
    return _with_values([one for one in found if one["name"] != "team" or asked.show != "triage"], asked)


@once_a_language
def _beside_states() -> list[tuple[str, str]]:
    return [(FINISHED, _("Solved or closed")), (ANY, _("Every state"))]


@once_a_language
def _types() -> list[tuple[str, str]]:
    return [(kind.value, str(kind.label)) for kind in TicketType]


def more(asked: Asked) -> list[Filter]:
    """Those that are asked for more seldom. Without options: a field of the kind `input`."""
    owners = [(ME, pgettext("owner", "Me")), (NOBODY, pgettext("owner", "Nobody"))]
    owners += [(str(one.pk), one.name) for one in people.active_agents()]
    quiet = [(str(days), ngettext("%(days)s day", "%(days)s days", days) % {"days": days}) for days in QUIET_DAYS]
    assessed = [(str(days), ngettext("%(days)s day", "%(days)s days", days) % {"days": days}) for days in ASSESSED_DAYS]
    how = [(NO_KIND, _("Without a kind")), (BY_HAND, _("Priority by hand"))]
    found: list[Filter] = [
        {"name": "owner", "label": _("Taken by"), "all": pgettext("owner", "Anybody"), "options": owners},
        {"name": "department", "label": _("Department"), "input": "text"},
        {"name": "since", "label": _("Received from"), "input": "date"},
        {"name": "until", "label": _("to and with"), "input": "date"},
        {"name": "quiet", "label": _("No answer for"), "all": _("All"), "options": quiet},
        {"name": "assessed", "label": _("Assessed in the last"), "all": _("All"), "options": assessed},
        {"name": "how", "label": _("of these"), "all": _("All"), "options": how},
    ]
    return _with_values(found, asked)


def _with_values(found: list[Filter], asked: Asked) -> list[Filter]:
    chosen = asked.filters()
    return [_with_value(one, chosen.get(one["name"], "")) for one in found]


def _with_value(one: Filter, value: str) -> Filter:
    choices = (("", one["all"]), *one["options"]) if "options" in one else ()
    return one | {"value": value, "drawn": options(choices, value)}


def _services() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in catalogue.service_names()]
