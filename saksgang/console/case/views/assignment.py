"""Who has the case: take it, take it over, put it back."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.page import press
from saksgang.console.case.undoing import goes_back
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions import assignment

# What takes back what one has just done.
UNDONE = {"give_back": assignment.give_back, "hand_back": assignment.hand_back}


@require_POST
@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    address = reverse("console:ticket_assignment", args=[number])
    # An undo button has no fields of its own: its address says what to do.
    do = request.POST.get("do") or request.GET.get("do")

    def put_back() -> None:
        assignment.put_back(ticket=case.ticket, by=case.person)

    def take() -> None:
        assignment.take(ticket=case.ticket, by=case.person, take_over=do == "take_over")

    back = f"{address}?do=give_back"
    if do == "put_back":
        done = _("The case is back in the queue of %(team)s.") % {
            "team": case.ticket.team.name if case.ticket.team else ""
        }
        return press(case, put_back, done, undo=back)
    if do in UNDONE:
        return press(case, lambda: UNDONE[do](ticket=case.ticket, by=case.person), goes_back(case.ticket))
    free = case.ticket.assignee_id is None
    return press(case, take, _("The case is yours."), undo=f"{address}?do=put_back" if free else back)
