"""What a page says while the database is away or locked for too long: 503, when to come again, and the words that were sent.

It asks nothing of the database itself. A form's words come back with a button that sends them once more, so that nobody has to
trust the browser to have kept them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.defaults import server_error

from saksgang.people.language import chosen_language

RETRY_AFTER = "30"  # seconds: a restart, or the end of somebody's long transaction
OTHER_TABLES = ("no such table", "no such column")  # SQLite's words for a migration that is missing: a fault of ours
LONGEST_CHAIN = 20


def show(request: HttpRequest) -> HttpResponse:
    """Every exception that nobody caught ends here: 503 for a database that is away, else the usual 500."""
    if not _is_away(sys.exception()):
        return server_error(request)
    with translation.override(chosen_language(request)):
        response = _page(request) if _shows_pages(request) else _plain()
    response["Retry-After"] = RETRY_AFTER
    response["Cache-Control"] = "no-store"
    return response


def _is_away(error: BaseException | None) -> bool:
    """What follows from a lost connection hides it: the first cause counts as much as the last."""
    for _nth in range(LONGEST_CHAIN):
        if error is None:
            return False
        if isinstance(error, OperationalError | InterfaceError):
            return not any(words in str(error) for words in OTHER_TABLES)
        error = error.__cause__ or error.__context__
    return False


def _shows_pages(request: HttpRequest) -> bool:
    """Whether a browser will show the answer as a page of its own. Scripts and programs read a short text."""
    from_script = "HX-Request" in request.headers or request.headers.get("Sec-Fetch-Dest") == "empty"
    return not from_script and "text/html" in request.headers.get("Accept", "")


def _plain() -> HttpResponse:
    words = _("Saksgang cannot reach its database just now. Nothing was saved. Try again in half a minute.")
    return HttpResponse(f"{words}\n", content_type="text/plain; charset=utf-8", status=503)


def _page(request: HttpRequest) -> HttpResponse:
    fields = list(_sent(request)) if request.method == "POST" else None
    context = {"fields": fields, "files": bool(fields is not None and request.FILES), "path": request.get_full_path()}
    return HttpResponse(render_to_string("ui/out_of_order.html", context), status=503)


def _sent(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """The form's fields as they came; passwords are never sent back."""
    for name, values in request.POST.lists():
        if "password" not in name:
            yield from ((name, value) for value in values)
