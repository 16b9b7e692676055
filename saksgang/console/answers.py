"""How the console answers: a page in the agents' frame, the part of one that a script asks for, or that a draft is kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, set_response_etag

from saksgang.console.pages import ConsoleRequest
from saksgang.console.shell import shell_context


def page_of(request: ConsoleRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page inside the agents' frame. It holds what is said on a case, so nothing on the way may keep it."""
    context = {"held": request.held, **context, "shell": shell_context(request)}
    answer = render(request, template, context, status=status)
    answer["Cache-Control"] = "no-store, private"
    return answer


def fragment(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A part of a page that is fetched by itself: 304 when nothing has changed."""
    response = render(request, template, context)
    response["Cache-Control"] = "no-cache, private"
    set_response_etag(response)
    return get_conditional_response(request, etag=response.get("ETag"), response=response) or response


def draft_saved() -> HttpResponse:
    """The answer that a draft is kept. Nothing on the way, no proxy and no sign-in page, says it in these words."""
    answer = HttpResponse(status=204)
    answer["X-Draft"] = "saved"
    answer["Cache-Control"] = "no-store, private"
    return answer
