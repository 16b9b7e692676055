"""How each team's cases are assessed, for those who lead: of how many the kind is missing, and the priority set by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from saksgang.access.roles import Permission
from saksgang.console.answers import page_of
from saksgang.console.lists import leading
from saksgang.console.lists.asked import ANY, ASSESSED_DAYS
from saksgang.console.pages import ConsoleRequest, page
from saksgang.lib import clock
from saksgang.lib.numbers import whole_number
from saksgang.tickets.assessments import BY_HAND, NO_KIND, Share, shares


@require_safe
@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest) -> HttpResponse:
    teams = leading.teams_led(request.person)
    if not teams:
        raise PermissionDenied
    asked = whole_number(request.GET.get("days", ""))
    days = asked if asked in ASSESSED_DAYS else ASSESSED_DAYS[0]
    found = shares(request.person, clock.now() - timedelta(days=days), teams)
    here = reverse("console:assessments")
    context = {
        "labels": _labels(),
        "rows": [_row(one, days) for one in found],
        "periods": [
            {"url": f"{here}?days={each}", "words": _period(each), "current": each == days} for each in ASSESSED_DAYS
        ],
        "caption": _("Assessed in the last %(days)s days") % {"days": days},
    }
    return page_of(request, "console/lists/assessments.html", context)


def _period(days: int) -> str:
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


def _labels() -> tuple[str, str, str]:
    return _("Assessed"), _("Without a kind"), _("Priority by hand")


def _row(one: Share, days: int) -> dict[str, Any]:
    def number(count: int, how: str = "") -> dict[str, Any]:
        asked = {"show": "all", "team": one.slug, "state": ANY, "assessed": days, "how": how}
        address = urlencode({name: value for name, value in asked.items() if value})
        share = f"{round(100 * count / one.assessed)} %" if how and one.assessed else ""
        return {"count": count, "share": share, "url": f"{reverse('console:queue')}?{address}" if count else ""}

    numbers = [number(one.assessed), number(one.no_kind, NO_KIND), number(one.by_hand, BY_HAND)]
    return {
        "team": one.team,
        "numbers": [{"label": label} | each for label, each in zip(_labels(), numbers, strict=True)],
    }
