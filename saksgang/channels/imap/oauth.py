"""Tokens for XOAUTH2: a client id and its secret are exchanged for a token at an address that the door names (RFC 6749, 4.4)."""

from __future__ import annotations

import http.client
import ipaddress
import json
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request

from saksgang.channels.opening import opener

LARGEST_ANSWER = 64 * 1024
EARLY = 60  # seconds: a token is never used so close to its end


class TokenRefused(Exception):
    """No token was given. Its words never hold the secret."""


class Tokens:
    """The token of one door, fetched when it is needed and kept until shortly before it ends."""

    def __init__(
        self, *, url: str, client_id: str, secret: str, scope: str, context: ssl.SSLContext, timeout: float = 30
    ) -> None:
        self.url = url
        self.timeout = timeout
        self._form = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": secret,
            "scope": scope,
        }
        self._opener = opener(context)
        self._token, self._until = "", 0.0

    def get(self, *, fresh: bool = False) -> str:
        """A token that is good for a while. `fresh`: the one we have was refused. Raises TokenRefused."""
        if fresh or time.monotonic() >= self._until:
            self._token, seconds = self._fetch()
            self._until = time.monotonic() + (seconds - EARLY if seconds > 2 * EARLY else seconds / 2)
        return self._token

    def _fetch(self) -> tuple[str, float]:
        if not _is_private(self.url):
            raise TokenRefused("the token's address must begin with https://")
        try:
            with self._opener.open(
                self.url, urllib.parse.urlencode(self._form).encode(), timeout=self.timeout
            ) as answer:
                told = json.loads(answer.read(LARGEST_ANSWER))
            return str(told["access_token"]), float(told.get("expires_in", 300))
        except urllib.error.HTTPError as error:
            with error:
                raise TokenRefused(f"the token's address answered {error.code} {_code(error)}".strip()) from None
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", "") or error
            raise TokenRefused(f"the token's address did not answer: {type(error).__name__}: {reason}") from None
        except (ValueError, LookupError, TypeError) as error:
            raise TokenRefused(f"the token's address gave no token ({type(error).__name__})") from None


def _is_private(url: str) -> bool:
    """Nobody on the way reads the secret: HTTPS, or this very machine."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme != "http":
        return parts.scheme == "https"
    try:
        return ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname == "localhost"


def _code(error: urllib.error.HTTPError) -> str:
    """The error's code, such as invalid_client. Its longer words are the server's own, and may repeat what we sent."""
    try:
        code = str(json.loads(error.read(LARGEST_ANSWER))["error"])
    except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError):
        return ""
    return code if len(code) <= 60 and code.replace("_", "").isalnum() else ""
