"""A mail that an agent forwarded: is the case theirs, or that of who wrote the mail inside?"""

from __future__ import annotations

from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from saksgang.access.roles import Permission
from saksgang.console.case.case import message_on_case
from saksgang.console.case.page import press
from saksgang.console.pages import ConsoleRequest, page
from saksgang.people.actions import person_of_address
from saksgang.tickets.actions.registration import change_requester, keep_requester


@require_POST
@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, pk: int) -> HttpResponse:
    message, case = message_on_case(request, pk)
    if not message.inner_address or request.POST.get("do") not in ("change", "keep"):
        raise Http404

    @transaction.atomic  # nobody is made a person by a change that is refused
    def swap() -> None:
        inner = person_of_address(by=case.person, address=message.inner_address, name=message.inner_name)
        change_requester(message=message, by=case.person, person=inner)

    def keep() -> None:
        keep_requester(message=message, by=case.person)

    if request.POST["do"] == "keep":
        return press(case, keep, _("The requester stays."))
    return press(
        case, swap, _("%(name)s is the requester now.") % {"name": message.inner_name or message.inner_address}
    )
