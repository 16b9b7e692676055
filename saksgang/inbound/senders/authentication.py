"""What a mail server of ours found about a sender (RFC 8601). Only headers that bear its name are believed."""

from __future__ import annotations

import re

from saksgang.inbound.reading.mail import ReadMail

_COMMENT = re.compile(r"\([^()]{0,500}\)")
_DMARC = re.compile(r"\bdmarc\s*=\s*(pass|fail)\b", re.IGNORECASE | re.ASCII)
_FAILED = re.compile(r"\b(dmarc|spf)\s*=\s*(fail|permerror)\b", re.IGNORECASE | re.ASCII)
_PASSED = re.compile(r"\b(dmarc|dkim|spf)\s*=\s*pass\b", re.IGNORECASE | re.ASCII)


def fails_authentication(mail: ReadMail, server: str) -> bool:
    """Whether `server` says that the sender is forged. Without its word, nobody is suspected.

    What it says of DMARC decides, since only that is about the address in From. It may say so in a header of its own,
    and a stranger has nothing to gain by adding one that accuses them: any of its headers counts here.
    """
    found = _results(mail, server)
    if any(dmarc.lower() == "fail" for results in found for dmarc in _DMARC.findall(results)):
        return True
    return any(_FAILED.search(results) for results in found) and not any(_PASSED.search(one) for one in found)


def passes_authentication(mail: ReadMail, server: str) -> bool:
    """Whether `server` vouches for the sender's domain. Only its topmost header can: those below may be the sender's own."""
    results = next(iter(_results(mail, server)), "")
    dmarc = {one.lower() for one in _DMARC.findall(results)}
    if dmarc:
        return dmarc == {"pass"}
    return bool(_PASSED.search(results)) and not _FAILED.search(results)


def _results(mail: ReadMail, server: str) -> list[str]:
    """What it found, header by header from the top, without comments; others' headers say nothing here."""
    found = []
    for value in (mail.headers or {}).get("authentication-results", ()) if server else ():
        name, _, results = _COMMENT.sub(" ", value).partition(";")
        # The Kelvin sign in lower case is k: a server strips foreign headers with its own name, and would not know this one.
        if name.isascii() and name.lower().split()[:1] == [server.lower()]:
            found.append(results)
    return found
