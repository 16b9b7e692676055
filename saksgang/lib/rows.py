"""What differs between a row as it is and the facts that it shall have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model


def differing(row: Model, facts: Mapping[str, Any]) -> list[str]:
    """Names of the facts that the row does not have already."""
    return [name for name, value in facts.items() if getattr(row, name) != value]


def put(row: Model, facts: Mapping[str, Any]) -> list[str]:
    """Puts the facts on the row, unsaved; the names of those that differed."""
    changed = differing(row, facts)
    for name in changed:
        setattr(row, name, facts[name])
    return changed
