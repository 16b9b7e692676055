"""Why a mail of ours did not arrive, in plain words. What the servers said stands behind «Vis mer», as they said it."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Enhanced status codes (RFC 3463 and the registry of RFC 5248): what stands after the class. The longest that fits counts.
BY_STATUS: dict[str, str | Promise] = {
    "1.1": _("There is no such address."),
    "1.0": _("There is no such address."),
    "1.2": _("There is no such domain: what stands after @ is wrong."),
    "1.3": _("The address is not written as an address is."),
    "1.6": _("The mailbox has moved, and left no new address."),
    "1.10": _("There is no such address."),
    "2.1": _("The mailbox is closed."),
    "2.2": _("The mailbox is full."),
    "2.3": _("The e-mail is larger than the recipient takes."),
    "3.4": _("The e-mail is larger than the recipient takes."),
    "3": _("The recipient's server has trouble of its own."),
    "4.4": _("There is no such domain: what stands after @ is wrong."),
    "4": _("The recipient's server could not be reached."),
    "6": _("The recipient's server could not read the e-mail as it was written."),
    "7": _("The recipient's server refused the e-mail: it was taken for unwanted, or the sender for somebody else."),
}
# What servers say in words when they give no such code, or one that says nothing.
BY_WORDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(words, re.IGNORECASE), status)
    for words, status in (
        (r"mailbox (?:is )?full|over ?quota|quota exceeded|postkassen er full|out of storage", "2.2"),
        (r"no such (?:user|mailbox|recipient|address|person)|(?:user|recipient|mailbox) (?:is )?unknown|unknown user|does(?: not|n't) exist"
         r"|no mailbox here|invalid recipient|finnes ikke", "1.1"),
        (r"(?:domain|host|mx) .{0,40}not found|nxdomain|no mx", "1.2"),
        (r"too (?:large|big)|size (?:limit|exceeds)|exceeds .{0,40}size", "2.3"),
        (r"mailbox (?:is )?(?:disabled|inactive|closed)|account (?:is )?(?:disabled|closed)", "2.1"),
        (r"spam|blocked|blacklist|blocklist|policy|dmarc|\bspf\b|denied|reputation", "7"),
        (r"timed? ?out|timeout|refused|unreachable|could ?n.t connect|no route|getaddrinfo|name or service", "4"),
    )
)  # fmt: skip
REFUSED = _("The recipient's server refused the e-mail.")
NOT_NOW = _("The recipient's server did not take the e-mail now.")
NOT_REACHED = _("No mail server took the e-mail.")
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<!\d)([245])\d\d(?!\d)")
LOOKED_AT = 1000


def why(said: str) -> str:
    """`said`: what the servers answered. One sentence; "" when they said nothing."""
    said = said[:LOOKED_AT]
    status = _STATUS.search(said)
    if status and (known := _known(f"{int(status[2])}.{int(status[3])}")):
        return known
    told = next((BY_STATUS[meant] for words, meant in BY_WORDS if words.search(said)), None)
    if told:
        return str(told)
    if not said.strip():
        return ""
    code = status or _CODE.search(said)
    return str({"5": REFUSED, "4": NOT_NOW}.get(code[1], NOT_REACHED) if code else NOT_REACHED)


def _known(status: str) -> str:
    told = BY_STATUS.get(status) or BY_STATUS.get(status.partition(".")[0])
    return str(told) if told else ""
