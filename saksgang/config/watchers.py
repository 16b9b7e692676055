"""Who may ask how the desk is doing: programs on this machine, and those that bring the token."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from saksgang.config.proxies import DIRECT
from saksgang.lib.hosts import is_loopback


def is_watcher(request: HttpRequest) -> bool:
    """What a proxy on this machine passes on comes from elsewhere, whether or not the settings name the proxy."""
    if request.META.get(DIRECT) and is_loopback(request.META.get("REMOTE_ADDR", "")):
        return True
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return bool(
        settings.METRICS_TOKEN
        and kind.lower() == "bearer"
        and constant_time_compare(token.strip(), settings.METRICS_TOKEN)
    )
