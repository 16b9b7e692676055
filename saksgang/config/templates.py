"""The templates of the pages: Jinja, with the functions that the rooms give them.

Each room tells in its `tags.py` which functions and filters its templates have. Names are the same everywhere: no room's may hide
another's, nor a variable of a page (tests/structure/test_templates.py).
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.backends.jinja2 import Jinja2
from django.template.backends.utils import csrf_input
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from jinja2 import ChainableUndefined, Environment

from saksgang.console import tags as console_tags
from saksgang.ui import tags, words


class Pages(Jinja2):
    """Jinja as Django runs it, from the folder that every room has."""

    app_dirname = "templates"


class Drawing(Environment):
    """Looks for a key of a dict before a method of all dicts: what pages are made of are dicts, and asking for both took twice the time."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        try:
            return obj[attribute] if type(obj) is dict else getattr(obj, attribute)
        except (AttributeError, KeyError):
            return super().getattr(obj, attribute)


def once_a_page(request: HttpRequest) -> dict[str, Any]:
    """Given to each page: the field against forged forms, made once for all its forms, and the words of its language."""
    return {"csrf_input": SimpleLazyObject(lambda: csrf_input(request)), **words.of_page()}


def environment(**options: Any) -> Drawing:
    """What a page asks for and nobody has given is empty, as a page's words must stand also where a fact is lacking."""
    made = Drawing(  # noqa: S701 - Django asks for autoescape in its options
        **(options | {"extensions": ["jinja2.ext.i18n"], "undefined": ChainableUndefined})
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]  # given by the extension
        words.gettext, translation.ngettext, newstyle=False, pgettext=words.pgettext, npgettext=translation.npgettext
    )
    # Called for every fixed word: without the detour by the name `gettext`.
    made.globals |= {"_": words.gettext} | tags.FUNCTIONS | console_tags.FUNCTIONS
    made.filters |= tags.FILTERS
    return made
