"""What a file adds and changes, in plain words. Secrets are never among them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Model

from saksgang.lib import text
from saksgang.lib.rows import differing

LONGEST = 60


class Told:
    """Lines such as `+ team Nettverk` and `~ mailbox ikt: urgent_phone «» → «12345»`."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def added(self, what: str) -> None:
        self.lines.append(f"+ {what}")

    def changed(self, what: str, how: str) -> None:
        self.lines.append(f"~ {what}: {how}")

    def alter(self, what: str, row: Model, facts: Mapping[str, Any], act: Callable[..., Any]) -> None:
        """Calls the action with the facts if one of them differs from the row, and tells which."""
        if names := differing(row, facts):
            said = [f"{name} «{shown(getattr(row, name))}» → «{shown(facts[name])}»" for name in names]
            self.changed(what, ", ".join(said))
            act(**facts)


def shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(shown(one) for one in value)
    if isinstance(value, Model):
        return str(getattr(value, "name", value.pk))
    return text.one_line(str(value), LONGEST)
