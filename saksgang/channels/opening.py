"""Opens addresses by HTTP for the other folders here: to the address given, and to no other."""

from __future__ import annotations

import ssl
import urllib.request
from typing import Any


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """What we send, a secret perhaps, goes where somebody entered, and nowhere else."""

    def redirect_request(self, *arguments: Any) -> None:
        return None


def opener(context: ssl.SSLContext | None = None) -> urllib.request.OpenerDirector:
    """Follows no redirects. `context`: which certificates are trusted; None: the system's."""
    return urllib.request.build_opener(_NoRedirect(), urllib.request.HTTPSHandler(context=context))
