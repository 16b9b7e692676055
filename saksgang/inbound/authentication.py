"""What our own mail server found about a sender (RFC 8601). Only the header that MAIL_AUTHSERV_ID names is believed."""

from __future__ import annotations

import re

from django.conf import settings

from saksgang.inbound.reading import ReadMail

_FAILED = re.compile(r"\b(dmarc|spf)\s*=\s*(fail|permerror)\b", re.IGNORECASE | re.ASCII)
_VOUCHED = re.compile(r"\bdmarc\s*=\s*pass\b", re.IGNORECASE | re.ASCII)
_PASSED = re.compile(r"\b(dmarc|dkim|spf)\s*=\s*pass\b", re.IGNORECASE | re.ASCII)


def fails_authentication(mail: ReadMail) -> bool:
    """Whether our server says that the sender is forged. Without its word, nobody is suspected."""
    results = _results(mail)
    return bool(_FAILED.search(results)) and not _PASSED.search(results)


def passes_authentication(mail: ReadMail) -> bool:
    """Whether our server vouches for the sender's domain. Without its word, nobody is vouched for."""
    results = _results(mail)
    return bool(_VOUCHED.search(results)) or (bool(_PASSED.search(results)) and not _FAILED.search(results))


def _results(mail: ReadMail) -> str:
    """What our own server found, "" when it said nothing. Others' headers say nothing here."""
    wanted = settings.MAIL_AUTHSERV_ID.lower()
    for value in (mail.headers or {}).get("authentication-results", ()) if wanted else ():
        server, _, results = value.partition(";")
        # The Kelvin sign in lower case is k: a server strips foreign headers with its own name, and would not know this one.
        if server.isascii() and server.lower().split()[:1] == [wanted]:
            return results
    return ""
