"""Who asked: somebody else than was thought, or one more."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.forms.facts import RequesterForm
from saksgang.console.case.page import carry_out
from saksgang.console.pages import ConsoleRequest, page
from saksgang.people.actions import person_of_address
from saksgang.tickets.actions import facts


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    form = RequesterForm(case, bound=case.posted)

    def mend() -> None:
        said = form.cleaned_data
        person = said["known"] or person_of_address(by=case.person, address=said["who"], name="")
        if said["former"]:
            facts.replace_requester(ticket=case.ticket, by=case.person, former=said["former"], person=person)
        else:
            facts.include_requester(ticket=case.ticket, by=case.person, person=person)

    return carry_out(case, form, mend, _("The requesters are changed."), undo=case.undo_url)
