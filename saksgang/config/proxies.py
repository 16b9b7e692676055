"""Whom a request comes from (S36): what a proxy says of it counts only when the settings name that proxy."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
TOLD = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
    "HTTP_VIA",
)
# Whether the request came straight to us. Behind a proxy that nobody named, everybody would seem to be on this machine.
DIRECT = "saksgang.direct"


class ProxyMiddleware:
    """The first of all: those after it read REMOTE_ADDR and is_secure() and need not know of proxies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        believe_proxies(request.META)
        return self.get_response(request)


def believe_proxies(meta: dict[str, Any]) -> None:
    """Puts the client's address in REMOTE_ADDR and takes away every header that somebody else may have written."""
    told = {name: str(meta.pop(name)) for name in TOLD if name in meta}
    meta[DIRECT] = not told
    peer = _address(str(meta.get("REMOTE_ADDR", "")))
    if peer is None or not _trusted(peer):
        return
    meta["REMOTE_ADDR"] = str(_client(peer, told.get("HTTP_X_FORWARDED_FOR", "")))
    # settings.SECURE_PROXY_SSL_HEADER reads it. A list of two would mean that the proxy passed on what it was told.
    if (scheme := told.get("HTTP_X_FORWARDED_PROTO", "").strip()) in ("http", "https"):
        meta["HTTP_X_FORWARDED_PROTO"] = scheme


def _client(peer: Address, chain: str) -> Address:
    """The last hop that is no proxy of ours. Each proxy adds at the end whom it heard from, so only the end can be trusted."""
    client = peer
    for word in reversed(chain.split(",")):
        hop = _address(word)
        if hop is None:
            break
        client = hop
        if not _trusted(hop):
            break
    return client


def _trusted(address: Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)


def _address(word: str) -> Address | None:
    try:
        address = ipaddress.ip_address(word.strip())
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address
