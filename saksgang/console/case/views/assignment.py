"""Who has the case: take it, take it over, put it back."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.page import press
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions import assignment
from saksgang.tickets.kinds import State

# What takes back what one has just done, and what is said then.
UNDONE = {
    "give_back": (assignment.give_back, gettext_lazy("The case is with its former owner again.")),
    "hand_back": (assignment.hand_back, gettext_lazy("The case is with its former team again.")),
}


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

    if do == "put_back":
        mine = case.ticket.assignee_id == case.person.pk
        return press(case, put_back, _("The case is back in the queue."), undo=f"{address}?do=take" if mine else "")
    if do in UNDONE:
        undo, done = UNDONE[do]
        return press(case, lambda: undo(ticket=case.ticket, by=case.person), str(done))
    if do == "take_over":
        # A wait that a take-over ends cannot be brought back by a press.
        back = f"{address}?do=give_back" if case.ticket.state == State.IN_PROGRESS else ""
        return press(case, take, _("The case is yours."), undo=back)
    free = case.ticket.assignee_id is None
    return press(case, take, _("The case is yours."), undo=f"{address}?do=put_back" if free else "")
