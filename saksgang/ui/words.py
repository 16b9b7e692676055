"""`{% load i18n %}` on our pages (settings.TEMPLATES): Django's own, save that a word is looked up once.

A page holds a hundred fixed words, and looking them all up anew for each page cost a tenth of it. What stands in quotes in a
template says the same in a language for as long as the process lives.
"""

from __future__ import annotations

from django import template
from django.template.base import Parser, Token
from django.templatetags import i18n
from django.utils.translation import get_language

register = template.Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class FixedWords(i18n.TranslateNode):
    """`{% translate "…" %}`: remembers what the words are in each language."""

    def __init__(self, node: i18n.TranslateNode) -> None:
        super().__init__(node.filter_expression, node.noop, node.asvar, node.message_context)
        self._known: dict[tuple[str | None, bool], str] = {}

    def render(self, context: template.Context) -> str:
        key = (get_language(), context.autoescape)
        if key not in self._known:
            said = super().render(context)
            self._known[key] = str(context[self.asvar]) if self.asvar else said
        if not self.asvar:
            return self._known[key]
        context[self.asvar] = self._known[key]
        return ""


@register.tag("translate")
def translate(parser: Parser, token: Token) -> i18n.TranslateNode:
    node: i18n.TranslateNode = i18n.do_translate(parser, token)
    return FixedWords(node) if _is_fixed(node) else node


def _is_fixed(node: i18n.TranslateNode) -> bool:
    """Whether it is text in quotes and nothing else: no variable, and no filter behind it."""
    said = [one for one in (node.filter_expression, node.message_context) if one is not None]
    return not any(one.filters or getattr(one.var, "lookups", None) for one in said)
