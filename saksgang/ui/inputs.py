"""Inputs of forms written as text, as Django's own widgets draw them.

Django draws each through two templates, and a page for a new case holds twelve of them: that cost a tenth of it.
tests/ui/test_inputs.py compares them with Django's, attribute for attribute.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# What is drawn here; anything that is built on these in another way is drawn by Django.
LINES = (
    forms.TextInput,
    forms.NumberInput,
    forms.EmailInput,
    forms.PasswordInput,
    forms.DateTimeInput,
    forms.DateInput,
)


def drawn(bound: BoundField, attrs: dict[str, Any]) -> SafeString:
    """The input of a field; `attrs` come before those of its widget."""
    widget = bound.field.widget
    write = _written(widget)
    if write is None:
        return bound.as_widget(attrs=attrs)
    known = {"id": bound.auto_id} if bound.auto_id else {}
    given = bound.build_widget_attrs({**known, **attrs}, widget)
    return write(bound, format_html(' name="{}"{}', bound.html_name, flatatt(widget.build_attrs(widget.attrs, given))))


def _written(widget: forms.Widget) -> Any:
    kind = type(widget)
    if kind in LINES:
        return _line
    if kind is forms.Textarea:
        return _text
    return _select if kind is forms.Select and _is_flat(widget) else None


def _is_flat(widget: forms.Widget) -> bool:
    """Whether the choices stand in one list, without groups."""
    return all(not isinstance(label, list | tuple) for _key, label in widget.choices)  # type: ignore[attr-defined]


def _line(bound: BoundField, attributes: SafeString) -> SafeString:
    widget: Any = bound.field.widget
    value = None if isinstance(widget, forms.PasswordInput) else widget.format_value(bound.value())
    shown = "" if value is None else format_html(' value="{}"', value)
    return format_html('<input type="{}"{}{}>', widget.input_type, shown, attributes)


def _text(bound: BoundField, attributes: SafeString) -> SafeString:
    value = bound.field.widget.format_value(bound.value())
    # The first line feed after <textarea> is not part of its text.
    return format_html("<textarea{}>\n{}</textarea>", attributes, "" if value is None else value)


# Pure, and the same on nearly every page: the desk's services and teams.
@lru_cache(maxsize=256)
def options(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    """What stands inside a <select>: (value, words) of each, and the value that is chosen."""
    lines = ((key, SafeString(" selected") if key == chosen else "", label) for key, label in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', lines)


def _select(bound: BoundField, attributes: SafeString) -> SafeString:
    widget: Any = bound.field.widget
    chosen = widget.format_value(bound.value())
    keys = (("" if key is None else str(key), label) for key, label in widget.choices)
    lines = ((key, SafeString(" selected") if key in chosen else "", label) for key, label in keys)
    options = format_html_join("", '<option value="{}"{}>{}</option>', lines)
    return format_html("<select{}>{}</select>", attributes, options)
