"""One word to everybody who is affected."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saksgang.access.roles import Permission
from saksgang.console.major.forms import UpdateForm
from saksgang.console.major.page import carry_out, major_or_404
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions.major.incident import update
from saksgang.tickets.models import MajorUpdate


@require_POST
@page(Permission.WORK_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, pk: int) -> HttpResponse:
    major = major_or_404(pk)
    form = UpdateForm(request.POST)

    def tell() -> MajorUpdate:
        return update(major=major, by=request.person, **form.cleaned_data)

    return carry_out(request, major, form, tell, _told, box="word")


def _told(said: MajorUpdate) -> str:
    return _("Everybody affected is told, and so is whoever reports it later.")
