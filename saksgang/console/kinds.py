"""The kind of case as it is typed: which one is meant, and what it answers of a form's other questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from saksgang.catalogue import matching, queries
from saksgang.catalogue.kinds import TicketType
from saksgang.catalogue.models import Category
from saksgang.lib import text

LONGEST = 120


def meant(typed: str, own: Category | None = None) -> Category | None:
    """The kind that the words name: in full, or the only one that they fit. `own`: the case's, also when it is retired by now."""
    words = text.one_line(typed, LONGEST)
    if not words:
        return None
    known = [*([own] if own else []), *queries.categories()]
    fitting = matching.meant(known, words, most=2)
    return matching.named(known, words) or (fitting[0] if len(fitting) == 1 else None)


def unclear(typed: str) -> str:
    """Why none is meant."""
    fitting = ", ".join(f"«{one.name}»" for one in matching.meant(queries.categories(), typed))
    if fitting:
        return _("Several kinds fit: %(names)s. Write the whole name.") % {"names": fitting}
    return _("No kind of case is called «%(words)s». Choose one that is offered, or leave it empty.") % {"words": typed}


def filled_in(data: Mapping[str, Any], kind: Category) -> dict[str, Any]:
    """A form's fields, with what the kind says where nothing was chosen."""
    said = {"type": kind.type, "service": str(kind.service_id)}
    return said | {name: value for name, value in data.items() if value}


def misfit(kind: Category, facts: Mapping[str, Any]) -> str:
    """Why type and service are not those of the kind; nothing where they are. What was not understood is told of by itself."""
    service = facts.get("service")
    same_type = "type" not in facts or facts["type"] == kind.type
    same_service = "service" not in facts or (service is not None and service.pk == kind.service_id)
    if same_type and same_service:
        return ""
    words = {"kind": kind.name, "type": TicketType(kind.type).label, "service": kind.service.name}
    return _("«%(kind)s» is: %(type)s, %(service)s. Choose these, or leave the kind empty.") % words
