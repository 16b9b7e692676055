"""Room, number to call back and equipment, found in what is typed: offered to be taken by one press, never taken by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from saksgang.lib import text

FIELDS = ("place", "callback_number", "equipment_number")
# «rom 3.214», «seng 12»: the word and what it is numbered.
_PLACE = re.compile(r"\b(?:rom|rommet|room|seng|kontor|stue)\s+(?=[\w.-]*\d)[\w.-]*\w", re.IGNORECASE)
# «SKR-214», «PC 004512», «MT12345»: as labels on equipment are written. A case's own number is none.
_EQUIPMENT = re.compile(r"\b(?!SAK\b)[A-ZÆØÅ]{2,6}[- ]?\d{3,8}\b")
# Eight digits in pairs or threes, with or without the country's; an extension only where a word says that it rings.
_NUMBER = re.compile(
    r"(?<![\d.])(?:\+47\s?|0047\s?)?[2-9](?:\d{7}|\d(?: \d\d){3}|\d\d \d\d \d{3})(?! ?\d)"
    r"|(?:\b(?:tlf|tel|telefon|calling|ring(?:es|e)?(?: tilbake)?(?: på)?|phone|call)\.?:?\s+)(?P<extension>\d{4,6})(?! ?\d)",
    re.IGNORECASE,
)


def mentioned(words: str) -> dict[str, str]:
    """{field: what stands in the words}, of place, callback_number and equipment_number; the first of each. Pure."""
    place, number, equipment = _PLACE.search(words), _NUMBER.search(words), _EQUIPMENT.search(words)
    found = (
        place[0] if place else "",
        (number["extension"] or number[0]) if number else "",
        equipment[0] if equipment else "",
    )
    return {name: value for name, value in zip(FIELDS, found, strict=True) if value}


def offered(asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """[{name, label, value, chosen}]: what the words hold that has a field of its own, which is still empty."""
    labels = {
        "place": _("Place or room"),
        "callback_number": _("Number to call back"),
        "equipment_number": _("Equipment number"),
    }
    words = "\n".join(str(asked.get(name) or "") for name in ("what", "text"))
    taken = asked.getlist("take") if isinstance(asked, QueryDict) else asked.get("take") or []
    return [
        {"name": name, "label": labels[name], "value": value, "chosen": name in taken}
        for name, value in mentioned(text.strip_controls(words[:10_000])).items()
        if not asked.get(name)
    ]
