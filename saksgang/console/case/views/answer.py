"""An answer to the requesters."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.forms.writing import AnswerForm
from saksgang.console.case.page import carry_out
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions import answering

WRITTEN = ("words", "to", "cc")


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    form = AnswerForm(case, bound=case.posted)

    def answer() -> None:
        written = {name: form.cleaned_data[name] for name in WRITTEN}
        answering.answer(ticket=case.ticket, by=case.person, kept=form.kept_files, **written)

    return carry_out(case, form, answer, _("The answer is on its way."))
