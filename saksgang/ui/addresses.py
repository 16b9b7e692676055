"""`{% url %}` on our pages (settings.TEMPLATES): Django's own, save that an address is put together once.

A page of a case names some twenty addresses, and the same case is drawn again and again: after each form, and whenever it changes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.template import defaulttags
from django.template.base import Parser, Token
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import escape

register = template.Library()


class PlainAddress(defaulttags.URLNode):
    """`{% url "name" … %}` with nothing but the values that stand in the address."""

    def render(self, context: template.Context) -> str:
        values = tuple(one.resolve(context) for one in self.args)
        if not all(isinstance(value, int | str) for value in values):
            return str(super().render(context))
        found = _found(get_urlconf(), get_script_prefix(), self.view_name.resolve(context), values)
        if not self.asvar:
            return escape(found)
        context[self.asvar] = found
        return ""


@lru_cache(maxsize=4096)
def _found(_urlconf: str | None, _prefix: str, name: str, values: tuple[Any, ...]) -> str:
    return reverse(name, args=values)


@register.tag
def url(parser: Parser, token: Token) -> defaulttags.URLNode:
    node: defaulttags.URLNode = defaulttags.url(parser, token)
    # With `as` Django answers nothing where there is no such address; ours always are.
    return node if node.kwargs else PlainAddress(node.view_name, node.args, node.kwargs, node.asvar)
