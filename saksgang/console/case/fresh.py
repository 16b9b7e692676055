"""What fresh pages of cases draw alike: the composer's lines for a wait and for solving. Drawn once, they cost a page a tenth less."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from saksgang.console.case.case import Case
from saksgang.console.case.forms.ending import SolvingFields, lacks
from saksgang.console.case.forms.moving import WaitFields, first_until
from saksgang.ui.tags import part

MOST = 256  # times, in each language
_known: dict[tuple[object, ...], SafeString] = {}


def waiting(case: Case) -> SafeString:
    """The fields of a wait, with the time that is proposed."""
    until = first_until(case.ticket.team_id)
    return _once(("waiting", until), lambda: part("console/case/waiting.html", {"form": WaitFields(case)}))


def resolution(case: Case) -> SafeString | SolvingFields:
    """Of a case that lacks nothing and whose requesters are all reached: the one field that solving has more, behind its line."""
    if lacks(case.ticket) or case.open_parts or not all(case.addresses.get(one.person_id) for one in case.requesters):
        return SolvingFields(case)
    return _once(("resolution",), lambda: part("console/case/technical.html", {"resolving": SolvingFields(case)}))


def _once(what: tuple[object, ...], draw: Callable[[], SafeString]) -> SafeString:
    key = (*what, get_language())
    if key not in _known:
        if len(_known) >= MOST:
            _known.clear()
        _known[key] = draw()
    return _known[key]
