"""Posts JSON to an address that an administrator wrote in the environment. Nobody else's words decide where it goes (S31)."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from typing import Any

from saksgang.channels.opening import opener

SECONDS = 10
SCHEMES = ("https://", "http://")


class NotTaken(Exception):
    """Nobody took it: no answer, or not a good one."""


def post(url: str, told: dict[str, Any]) -> None:
    """Raises NotTaken unless the answer is 2xx. Redirects are not followed."""
    if not url.startswith(SCHEMES):
        raise NotTaken("the address must begin with https:// or http://")
    body = json.dumps(told, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", "User-Agent": "Saksgang"}
    request = urllib.request.Request(url, data=body, headers=headers)  # noqa: S310 - the scheme was checked
    try:
        with opener().open(request, timeout=SECONDS):
            pass
    except urllib.error.HTTPError as error:
        with error:
            raise NotTaken(f"the address answered {error.code}") from None
    except (OSError, http.client.HTTPException) as error:
        raise NotTaken(f"the address did not answer: {type(error).__name__}") from None
