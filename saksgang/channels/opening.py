"""What the other folders here open connections with: whose certificates are trusted, and HTTP to the address given and no other."""

from __future__ import annotations

import ssl
import urllib.request
from typing import Any


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """What we send, a secret perhaps, goes where somebody entered, and nowhere else."""

    def redirect_request(self, *arguments: Any) -> None:
        return None


def trust(ca_file: str) -> ssl.SSLContext:
    """The system's certificates, and those in a file of the hospital's own."""
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


def opener(context: ssl.SSLContext | None = None) -> urllib.request.OpenerDirector:
    """Follows no redirects. `context`: which certificates are trusted; None: the system's."""
    return urllib.request.build_opener(_NoRedirect(), urllib.request.HTTPSHandler(context=context))
