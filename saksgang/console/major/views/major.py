"""One fault of many."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from saksgang.access.roles import Permission
from saksgang.console.major.page import draw, draw_shown, major_or_404
from saksgang.console.pages import ConsoleRequest, page


@require_safe
@page(Permission.READ_TICKETS)
def show(request: ConsoleRequest, pk: int) -> HttpResponse:
    major = major_or_404(pk)
    return draw_shown(request, major) if "fragment" in request.GET else draw(request, major)
