"""What is known of a fault by now, and who sees to it."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from saksgang.access.roles import Permission
from saksgang.console.major.forms import FactsForm
from saksgang.console.major.page import carry_out, draw, major_or_404
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions.major import incident


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WORK_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, pk: int) -> HttpResponse:
    major = major_or_404(pk)
    if request.method != "POST":
        return draw(request, major, "facts")
    form = FactsForm(major, request.POST)

    def save() -> object:
        return incident.change(major=major, by=request.person, **form.cleaned_data)

    return carry_out(request, major, form, save, lambda _changed: _("Saved. Its cases follow."), box="facts")
