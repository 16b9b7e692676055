"""What suppliers and others have: chased by one press, phoned, or said by them to be solved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from saksgang.access.queries import check_may
from saksgang.access.roles import Permission
from saksgang.console import held
from saksgang.console.answers import fragment, page_of
from saksgang.console.pages import ConsoleRequest, SeeOther, page, ticket_or_404
from saksgang.console.suppliers import lines
from saksgang.lib import clock, text
from saksgang.lib.numbers import whole_number
from saksgang.tickets import policies
from saksgang.tickets.actions import freshness, outward

VERBS: dict[str, Callable[..., object]] = {
    "chase": outward.chase,
    "phoned": outward.phoned,
    "solved": outward.said_solved,
}


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.READ_TICKETS)
def suppliers(request: ConsoleRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    ticket = ticket_or_404(request, whole_number(request.POST.get("ticket", "")) or 0)
    check_may(request.person, Permission.WORK_TICKETS, team=ticket.team_id)
    do = request.POST.get("do", "")
    if do not in VERBS:
        raise Http404
    try:
        with transaction.atomic():
            seen = whole_number(request.POST.get("seen", "")) or 0
            freshness.hold(ticket=ticket, by=request.person, seen=seen)
            VERBS[do](ticket=ticket, by=request.person)
    except policies.Stale:
        return _page(
            request, problem=_("Something happened on the case meanwhile. Look at it, and press once more."), status=409
        )
    except policies.Refused as refusal:
        return _page(request, problem=str(refusal), status=422)
    messages.success(request, _done(do) % {"number": ticket.pk})
    return SeeOther(f"{reverse('console:suppliers')}?{request.GET.urlencode()}".rstrip("?"))


def _done(do: str) -> str:
    if do == "chase":
        return _("They are asked by e-mail about #%(number)s.")
    if do == "phoned":
        return _("Noted: they were phoned about #%(number)s.")
    return _("#%(number)s: the next step is to check with the requester.")


def _page(request: ConsoleRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    asked = {name: text.strip_controls(request.GET.get(name, ""))[:200] for name in ("team", "who")}
    context: dict[str, Any] = {
        "rows": lines.rows(request.person, clock.now(), **asked),
        "most": lines.MOST,
        "problem": problem,
    }
    if "fragment" in request.GET and request.method != "POST":
        asking = {"shell": {"writer": held.writer(request.person)}}
        return fragment(request, "console/suppliers/rows.html", context | asking)
    context |= lines.choices(request.person, **asked) | {"poll": urlencode(asked | {"fragment": 1})}
    return page_of(request, "console/suppliers/suppliers.html", context, status=status)
