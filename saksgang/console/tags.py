"""The functions of the agents' templates: drawing the fields of the panels on the page of a case.

The page holds some forty fields, most of them in closed panels. Drawn by templates they would cost more than all the rest of
the page, so they are written here as text. The look is that of `field(…)`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.widgets import Input
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import escape

from saksgang.console import held
from saksgang.console.fields import Suggesting
from saksgang.ui.addresses import url
from saksgang.ui.fields import described_by, error_of, help_of
from saksgang.ui.inputs import options
from saksgang.ui.tags import part
from saksgang.ui.words import gettext

NONE = mark_safe("")  # noqa: S308 - empty


def input_row(bound: BoundField, rows: int = 4, hide_label: bool = False, optional: bool = False) -> SafeString:
    """One field with label, help text and error."""
    widget = bound.field.widget
    if isinstance(widget, forms.HiddenInput):
        return format_html('<input type="hidden" name="{}" value="{}">', bound.html_name, _value(bound))
    if isinstance(widget, forms.RadioSelect):
        return _options(bound)
    if isinstance(widget, forms.CheckboxInput):
        return _checkbox(bound)
    return format_html(
        '<div class="ds-field"><label class="ds-label{}" for="{}">{}{}</label>{}{}{}</div>',
        " visually-hidden" if hide_label else "",
        bound.id_for_label,
        bound.label,
        format_html(' <span class="optional">{}</span>', _("(optional)")) if optional else "",
        help_of(bound),
        _input(bound, rows),
        error_of(bound),
    )


def _value(bound: BoundField) -> Any:
    value = bound.value()
    shown = bound.field.widget.format_value(value) if isinstance(bound.field.widget, Input) else value
    return "" if shown is None else shown


def _attributes(bound: BoundField) -> SafeString:
    described = described_by(bound)
    return format_html(
        'class="ds-input" id="{}" name="{}"{}{}{}',
        bound.auto_id,
        bound.html_name,
        format_html(' aria-describedby="{}"', described) if described else "",
        mark_safe(' aria-invalid="true"') if bound.errors else "",
        # What is written to somebody in their language is read out in it.
        format_html(' lang="{}"', language) if (language := bound.field.widget.attrs.get("lang")) else "",
    )


def _input(bound: BoundField, rows: int) -> SafeString:
    widget, attributes = bound.field.widget, _attributes(bound)
    if isinstance(widget, forms.Textarea):
        # The first line feed after <textarea> is not part of its text.
        return format_html('<textarea {} rows="{}">\n{}</textarea>', attributes, rows, _value(bound))
    if isinstance(widget, forms.Select):
        return format_html("<select {}>{}</select>", attributes, _choices(bound))
    if isinstance(widget, forms.FileInput):
        return format_html('<input type="file" multiple {}>', attributes)
    if isinstance(widget, Suggesting):
        return _suggesting(bound, widget)
    kind = widget.attrs.get("type") or getattr(widget, "input_type", "text")
    return format_html('<input type="{}" {} value="{}">', kind, attributes, _value(bound))


def _suggesting(bound: BoundField, widget: Suggesting) -> SafeString:
    return format_html(
        '<input type="text" {} value="{}" list="{}-known" autocomplete="off"><datalist id="{}-known">{}</datalist>',
        _attributes(bound),
        _value(bound),
        bound.auto_id,
        bound.auto_id,
        format_html_join("", '<option value="{}"></option>', ((one,) for one in widget.suggestions)),
    )


def _asked(bound: BoundField) -> tuple[tuple[str, str], ...]:
    return tuple((str(key), str(label)) for key, label in bound.field.choices)  # type: ignore[attr-defined]


def _chosen(bound: BoundField) -> str:
    value = bound.value()
    return "" if value is None else str(value)


def _choices(bound: BoundField) -> SafeString:
    return options(_asked(bound), _chosen(bound))


# Pure, and the same on nearly every page: the desk's questions.
@lru_cache(maxsize=256)
def _radio_options(name: str, auto_id: str, asked: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    marked = mark_safe(" checked")
    lines = ((name, auto_id, at, key, marked if key == chosen else "", label) for at, (key, label) in enumerate(asked))
    return format_html_join(
        "", '<label class="ask-option"><input type="radio" name="{}" id="{}_{}" value="{}"{}> {}</label>', lines
    )


def _options(bound: BoundField) -> SafeString:
    """A question with short answers side by side."""
    described = described_by(bound)
    return format_html(
        '<fieldset class="ask"{}><legend>{}</legend>{}<div class="ask-options">{}</div>{}</fieldset>',
        format_html(' aria-describedby="{}"', described) if described else "",
        bound.label,
        help_of(bound),
        _radio_options(bound.html_name, bound.auto_id, _asked(bound), _chosen(bound)),
        error_of(bound),
    )


def _checkbox(bound: BoundField) -> SafeString:
    return format_html(
        '<div class="ds-field"><input type="checkbox" {}{}><label class="ds-label" for="{}">{}</label>{}</div>',
        _attributes(bound),
        mark_safe(" checked") if bound.value() else "",
        bound.id_for_label,
        bound.label,
        error_of(bound),
    )


def draft_words(form: Any, show_label: bool = False) -> SafeString:
    """The textarea of a box, with its draft on the server."""
    bound = form["words"]
    return format_html(
        '<draft-box url="{}" {}><label class="{}" for="{}">{}</label>{}{}{}<p class="draft-state"></p></draft-box>',
        url("console:draft", form.case.ticket.pk, form.draft),
        _draft_words(),
        "words-label" if show_label else "visually-hidden",
        bound.auto_id,
        bound.label,
        help_of(bound),
        _input(bound, 4),
        error_of(bound),
    )


def _draft_words() -> SafeString:
    return _draft_words_in(get_language())


@lru_cache(maxsize=8)
def _draft_words_in(_language: str | None) -> SafeString:
    """What a draft says of itself."""
    return format_html(
        'data-saved="{}" data-failed="{}" data-refused="{}" data-ended="{}" data-other="{}"',
        _("Draft saved"),
        _("The draft is not saved. We try again."),
        _("The draft is not saved: it is too long, or the case is no longer yours to see."),
        _("Not saved: sign in again"),
        _("Not saved: somebody else is signed in"),
    )


def draft_of_form(name: str) -> SafeString:
    """Keeps all fields of the form that it stands in, at the address of this name."""
    return format_html('<draft-box url="{}" data-fields {}></draft-box>', reverse(name), _draft_words())


LATE = '<late-panel class="act-panel" url="%s?seen=%s"><a href="%s">%s</a></late-panel>'


@pass_context
def late_panel(context: Context, address: str) -> SafeString:
    """A panel that is seldom opened is fetched when it is. Without script the link leads to the page with the panel open."""
    parts = address, context["mark"], address, gettext("Open the form")
    return mark_safe(LATE % tuple(map(escape, parts)))  # noqa: S308 - each of them is escaped


@pass_context
def writer(context: Context) -> SafeString:
    """Whom the page was made for. Every form that holds words carries it."""
    return format_html('<input type="hidden" name="{}" value="{}">', held.WRITER, context["shell"]["writer"])


@pass_context
def made_for(context: Context, box: str = "") -> SafeString:
    """What every form on a case carries: whom the page was made for. In a form that was held back, why."""
    told = NONE
    if box and box == context["held_box"]:
        told = part("console/case/held.html", {"held": context["held"]})
    return format_html("{}{}", writer(context), told)


@pass_context
def seen_mark(context: Context, box: str = "") -> SafeString:
    """The same for a form that changes the case, and what its page has seen. In a form that was just stopped, what came."""
    came, told = context["came"], NONE
    if box and came and came["box"] == box:
        told = part("console/case/came.html", came | {"level": 3})
    seen = format_html('<input type="hidden" name="seen" value="{}">', context["mark"])
    return format_html("{}{}{}", made_for(context, box), seen, told)


FUNCTIONS: dict[str, Any] = {
    "input_row": input_row,
    "draft_words": draft_words,
    "late_panel": late_panel,
    "draft_of_form": draft_of_form,
    "writer": writer,
    "made_for": made_for,
    "seen_mark": seen_mark,
}
