"""What our own mail server found about a sender (RFC 8601). Only the header that MAIL_AUTHSERV_ID names is believed."""

from __future__ import annotations

import re

from django.conf import settings

from saksgang.inbound.reading import ReadMail

_FAILED = re.compile(r"\b(dmarc|spf)\s*=\s*(fail|permerror)\b", re.IGNORECASE)
_PASSED = re.compile(r"\b(dmarc|dkim|spf)\s*=\s*pass\b", re.IGNORECASE)


def fails_authentication(mail: ReadMail) -> bool:
    """Whether our server says that the sender is forged. Without its word, nobody is suspected."""
    wanted = settings.MAIL_AUTHSERV_ID.lower()
    if not wanted:
        return False
    for value in (mail.headers or {}).get("authentication-results", ()):
        server, _, results = value.partition(";")
        if server.lower().split()[:1] == [wanted]:
            return bool(_FAILED.search(results)) and not _PASSED.search(results)
    return False
