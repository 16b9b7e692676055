"""«Talked with»: what was said counts as the answer. «No answer»: when to try again."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.forms.writing import ConversationForm
from saksgang.console.case.page import carry_out
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions import answering


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    form = ConversationForm(case, bound=case.posted)

    def log() -> None:
        said = form.cleaned_data
        answering.log_conversation(
            ticket=case.ticket, by=case.person, words=said["words"], to=said["whom"], mailed=said.get("mailed", False)
        )

    def log_no_answer() -> None:
        said = form.cleaned_data
        answering.log_no_answer(ticket=case.ticket, by=case.person, words=said["words"], to=said["whom"])

    if request.POST.get("do") == "not_reached":
        next_try = _("Noted. The next try is the next step.") if case.may_work else _("Noted.")
        return carry_out(case, form, log_no_answer, next_try)
    owed = _("The conversation is noted. The case's team still owes the answer.")
    return carry_out(case, form, log, _("The conversation is logged.") if case.may_work else owed)
