"""Waiting for the requester, for others, or until a date. Whoever is told is told in the same step."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from saksgang.access.roles import Permission
from saksgang.console.case.case import Case
from saksgang.console.case.forms.moving import WaitingForm
from saksgang.console.case.page import carry_out
from saksgang.console.pages import ConsoleRequest, page
from saksgang.tickets.actions import waiting


@page(Permission.READ_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, number: int) -> HttpResponse:
    case = Case(request, number)
    form = WaitingForm(case, bound=case.posted)

    def wait() -> None:
        said = form.cleaned_data
        shared: dict[str, Any] = {"ticket": case.ticket, "by": case.person, "kept": form.kept_files}
        shared |= {name: said[name] for name in ("words", "until", "cc")}
        if said["then"] == "others":
            waiting.wait_for_third_party(waiting_for=said["waiting_for"], reference=said["reference"], **shared)
        elif said["then"] == "plan":
            waiting.plan(reason=said["reason"], **shared)
        else:
            waiting.wait_for_requester(**shared)

    return carry_out(case, form, wait, _("The case waits, and the requester is told."))
