"""Which language the pages are in: kept in a cookie, and on the person when somebody is signed in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from saksgang.console.addresses import next_or_front
from saksgang.console.ticket_page import SeeOther
from saksgang.people.actions import choose_language
from saksgang.people.language import LANGUAGE_COOKIE
from saksgang.people.models import Account

YEAR = 365 * 24 * 3600


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    response = SeeOther(next_or_front(request))
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        if isinstance(request.user, Account) and request.user.person.active:
            choose_language(by=request.user.person, language=language)
        remember(response, language)
    return response


def remember(response: HttpResponse, language: str) -> None:
    """Sets the cookie that people.language reads."""
    response.set_cookie(
        LANGUAGE_COOKIE, language, max_age=YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
