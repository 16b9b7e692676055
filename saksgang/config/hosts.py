"""Whom a request was meant for. One for another name than ours gets a plain 400, and one line in the log."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.utils.log import log_response

ANSWER = "This address does not lead here.\n"


class HostMiddleware:
    """Before all those that ask for the host. Scanners try such names all day: none is worth a traceback or a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            request.get_host()
        except DisallowedHost:
            answer = HttpResponse(ANSWER, status=400, content_type="text/plain; charset=utf-8")
            name = request.META.get("HTTP_HOST", "")[:100]
            log_response(
                "Refused: asked for the host «%s», which is not in ALLOWED_HOSTS",
                name,
                response=answer,
                request=request,
            )
            return answer
        return self.get_response(request)
