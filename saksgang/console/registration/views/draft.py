"""Keeps what somebody has filled in of a new case, while they fill it in."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_POST

from saksgang.access.roles import Permission
from saksgang.console.answers import draft_saved
from saksgang.console.pages import ConsoleRequest, page
from saksgang.console.registration import drafts


@require_POST
@page(Permission.REGISTER_TICKETS)
def save(request: ConsoleRequest) -> HttpResponse:
    written = request.POST.get("body", "")
    if len(written) > drafts.LONGEST_FORM:
        return HttpResponse(status=422)
    drafts.keep(request.person, QueryDict(written))
    return draft_saved()
