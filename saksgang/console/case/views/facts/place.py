"""Where the case is: the place, whom to ring, which equipment."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.forms.facts import PlaceForm
from saksgang.console.case.page import carry_out
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions import facts


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    form = PlaceForm(case, bound=case.posted)

    def mend() -> None:
        facts.change_words(ticket=case.ticket, by=case.person, **form.cleaned_data)

    return carry_out(case, form, mend, _("The place and equipment are changed."), undo=case.undo_url)
