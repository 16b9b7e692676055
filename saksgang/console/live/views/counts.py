"""The lists at the side with how many cases are in each, for pages that stand open."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from saksgang.access.roles import Permission
from saksgang.console.answers import fragment
from saksgang.console.pages import ConsoleRequest, page
from saksgang.console.shell import counts, nav


@require_safe
@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest) -> HttpResponse:
    lists = nav(request.person, counts(request.person), request.GET.get("here", ""))
    return fragment(request, "ui/nav.html", {"shell": {"nav": lists}})
