"""Which language a page is shown in: the person's own, else what the visitor chose, else bokmål."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

LANGUAGE_COOKIE = "language"
YEAR = 365 * 24 * 3600


class LanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(chosen_language(request)):
            return self.get_response(request)


def chosen_language(request: HttpRequest) -> str:
    # A cookie needs no query; signing in sets it from the person's own choice.
    chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def remember(response: HttpResponseBase, language: str) -> None:
    """Sets the cookie that the middleware reads."""
    response.set_cookie(
        LANGUAGE_COOKIE, language, max_age=YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
