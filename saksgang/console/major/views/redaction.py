"""Taking out for good what stands on a fault of many: an update (`?update=PK`), else its title and what it was solved with."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from saksgang.access.queries import check_may
from saksgang.access.roles import Permission
from saksgang.console import redacting
from saksgang.console.major.page import major_or_404
from saksgang.console.pages import ConsoleRequest, page
from saksgang.lib.numbers import whole_number
from saksgang.tickets.actions.redaction import redact_major, redact_update


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WORK_TICKETS, keeps_words=True)
def change(request: ConsoleRequest, pk: int) -> HttpResponse:
    major = major_or_404(pk)
    check_may(request.person, Permission.WORK_TICKETS, team=major.team_id)
    back, by = reverse("console:major", args=[pk]), request.person
    if "update" not in request.GET:
        words = [major.title, major.resolution]
        return redacting.answer(request, words, lambda why: redact_major(major=major, by=by, reason=why), back)
    said = get_object_or_404(major.updates.select_related("major"), pk=whole_number(request.GET["update"]) or 0)
    words = [said.words, said.words_nn, said.words_en]
    return redacting.answer(request, words, lambda why: redact_update(update=said, by=by, reason=why), back)
