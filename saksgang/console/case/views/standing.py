"""How a case stands by now, for a page of it that stands open: its state, facts and buttons, and how its mails fared. No message."""

from __future__ import annotations

from hashlib import sha256

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.parts import standing
from saksgang.console.pages import ConsoleRequest, page
from saksgang.lib import clock

# «I dag» and «over frist» come true without anybody doing anything.
TIME_TELLS = 300


@require_safe
@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest, number: int) -> HttpResponse:
    """304 before anything is drawn: what is drawn holds a form's token, which is never the same twice."""
    case = Case(request, number)
    etag = _etag(case)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = render(request, "console/case/standing.html", standing(case))
        response["ETag"] = etag
    response["Cache-Control"] = "no-cache, private"
    return response


def _etag(case: Case) -> str:
    """All that what is drawn follows from, save what changes once a year."""
    fared = [(mail["id"], mail["state"]) for mails in case.mails_sent.values() for mail in mails]
    seen = (
        case.newest,
        case.mark,
        case.person.pk,
        get_language(),
        int(clock.now().timestamp()) // TIME_TELLS,
        sorted(fared),
    )
    return f'"{sha256(repr(seen).encode()).hexdigest()[:32]}"'
