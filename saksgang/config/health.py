"""Whether this node can do its work, for load balancers. No page of a person's, so it stands with the server's entry."""

from __future__ import annotations

from functools import cache

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from saksgang.config.watchers import is_watcher
from saksgang.lib import disk


@never_cache
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """200 or 503. What is wrong is told to this machine and to whoever has the token only."""
    trouble = _trouble()
    if not trouble:
        return _plain("OK", 200)
    return _plain(trouble if is_watcher(request) else "Out of order", 503)


def _plain(words: str, status: int) -> HttpResponse:
    return HttpResponse(f"{words}\n", content_type="text/plain; charset=utf-8", status=status)


def _trouble() -> str:
    """The first thing that is wrong; empty when all is well. One query."""
    try:
        applied = set(MigrationRecorder(connection).migration_qs.values_list("app", "name"))
    except Error:
        return "The database does not answer"
    if missing := _known_migrations() - applied:
        return f"{len(missing)} migrations are missing"
    if reason := disk.trouble():
        return f"The data folder cannot be written to: {reason}"
    return ""


@cache
def _known_migrations() -> set[tuple[str, str]]:
    """Those that this process was started with; files that an upgrade lays beside it are not its own yet."""
    return set(MigrationLoader(None).disk_migrations or ())
