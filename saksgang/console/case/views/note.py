"""An internal note."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.forms.writing import NoteForm
from saksgang.console.case.page import carry_out
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions import answering


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    form = NoteForm(case, bound=case.posted)

    def note() -> None:
        answering.note(ticket=case.ticket, by=case.person, words=form.cleaned_data["words"], kept=form.kept_files)

    return carry_out(case, form, note, _("The note is saved. Only the desk sees it."))
