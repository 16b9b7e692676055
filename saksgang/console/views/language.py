"""Which language the pages are in: kept in a cookie, and on the person when somebody is signed in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from saksgang.console.addresses import next_or_front
from saksgang.console.pages import SeeOther
from saksgang.people.actions import choose_language
from saksgang.people.language import remember
from saksgang.people.models import Account


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    response = SeeOther(next_or_front(request))
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        if isinstance(request.user, Account) and request.user.person.active:
            choose_language(by=request.user.person, language=language)
        remember(response, language)
    return response
