"""Saying that the case belongs with another, and that it does not."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.forms.ties import LinkForm
from saksgang.console.case.page import carry_out
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions.ties import linking
from saksgang.tickets.merges import seen_case


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    """`do=unlink` takes the link away again."""
    case = Case(request, number)
    form = LinkForm(case, bound=case.posted)
    undoes = request.POST.get("do") == "unlink"

    def tie() -> None:
        other = seen_case(case.person, form.cleaned_data["other"])
        act = linking.unlink if undoes else linking.link
        act(ticket=case.ticket, by=case.person, other=other)

    return carry_out(case, form, tie, _("They are not linked any more.") if undoes else _("The two cases are linked."))
