"""Template tags of the pages: `{% load ui %}`. templates/ui/components.html shows each of them in use."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django import forms, template
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from saksgang.ui import dates

register = template.Library()

COLOUR_SCHEMES = ("auto", "light", "dark")


@register.simple_tag
@lru_cache(maxsize=256)  # the same ornament on every page, as long as the process lives
def icon(name: str, size: str = "") -> SafeString:
    """An ornament from the sprite; screen readers never hear it, so the words stand beside it. `size`: "" or "lg"."""
    css = f"icon icon-{size}" if size else "icon"
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        css,
        static("ui/icons.svg"),
        name,
    )


@register.simple_tag
def when(dt: datetime | None, now: datetime | None = None) -> SafeString | str:
    """A <time> with short words and the exact moment on hover. Nothing for None."""
    if dt is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        dt.isoformat(timespec="seconds"),
        dates.full_when(dt),
        dates.short_when(dt, now or timezone.now()),
    )


@register.filter
def spaced(number: int | None) -> str:
    """12345 → «12 345»; the blank is a narrow no-break space, so a number never falls apart at a line's end."""
    return "" if number is None else f"{number:,}".replace(",", "\u202f")


@register.filter
def minutes(number: int | None) -> str:
    """125 → «2 t 5 min»."""
    return "" if number is None else dates.minutes_words(number)


@register.simple_tag
def priority(number: int | None, show: str = "") -> SafeString:
    """Shape + number + colour + a word for those who hear the page. `show="words"` lets everyone see the word."""
    if number is None:
        key, mark, word = "none", "?", pgettext("priority", "Not assessed")
    else:
        key, mark, word = str(number), str(number), priority_word(number)
    return format_html(
        '<span class="priority" data-priority="{}">'
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#priority-{}"></use></svg>'
        '<span class="priority-number" aria-hidden="true">{}</span><span class="{}">{}</span></span>',
        key,
        static("ui/icons.svg"),
        key,
        mark,
        "priority-word" if show == "words" else "visually-hidden",
        word,
    )


def priority_word(number: int) -> str:
    """«Prioritet 1, kritisk»."""
    words = {
        1: pgettext("priority", "Priority 1, critical"),
        2: pgettext("priority", "Priority 2, high"),
        3: pgettext("priority", "Priority 3, ordinary"),
        4: pgettext("priority", "Priority 4, low"),
    }
    return words[number]


@register.filter
def color_scheme(cookie: str | None) -> str:
    """What the cookie `color_scheme` may say; anything else follows the system."""
    return cookie if cookie in COLOUR_SCHEMES else "auto"


@register.filter
def undo_url(message: object) -> str:
    """The address in `messages.success(request, text, extra_tags=f"undo:{url}")`, or nothing.

    Only an address on this site counts: a message is made by our own code, but the form it becomes carries a CSRF token.
    """
    url, _blank, _seconds = _undo(message).partition(" ")
    return url if url.startswith("/") and not url.startswith("//") else ""


@register.filter
def undo_seconds(message: object) -> str:
    """For how long it can be undone, where the message says so: `extra_tags=f"undo:{url} {seconds}"`."""
    seconds = _undo(message).partition(" ")[2]
    return seconds if seconds.isascii() and seconds.isdigit() else ""


def _undo(message: object) -> str:
    extra = getattr(message, "extra_tags", "") or ""
    return extra.removeprefix("undo:") if extra.startswith("undo:") else ""


# --- forms -----------------------------------------------------------------------------------------------------------


def kind_of(bound: BoundField) -> str:
    """Which drawing in ui/field.html a field gets."""
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    return "checkbox" if isinstance(widget, forms.CheckboxInput) else "input"


def described_by(bound: BoundField) -> str:
    """The ids of the help text and the error, in the order they are read."""
    ids = [f"{bound.auto_id}_help"] if bound.help_text else []
    return " ".join([*ids, f"{bound.auto_id}_error"] if bound.errors else ids)


def first_input(bound: BoundField) -> str:
    """The id that a link to the field goes to: something that takes the focus."""
    return f"{bound.auto_id}_0" if kind_of(bound) == "choices" else bound.id_for_label


def drawn(bound: BoundField) -> SafeString:
    """The input itself, with what ties it to its label, help text and error."""
    attrs: dict[str, str | bool] = {"class": f"{bound.field.widget.attrs.get('class', '')} ds-input".strip()}
    described = described_by(bound)
    if described:
        attrs["aria-describedby"] = described
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if isinstance(bound.field.widget, forms.Textarea):
        attrs["cols"] = False  # the width comes from the CSS
        if bound.field.widget.attrs.get("rows") == "10":  # Django's own default, not a choice of the form's author
            attrs["rows"] = "5"
    return bound.as_widget(attrs=attrs)


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, hide_label: bool = False) -> dict:
    """A form field as Designsystemet draws it: label, help text, input, error. `hide_label=True` keeps it for the ear."""
    kind = kind_of(bound)
    return {
        "field": bound,
        "kind": kind,
        "id": bound.auto_id,
        "described_by": described_by(bound),
        "input": "" if kind == "choices" else drawn(bound),
        "hide_label": hide_label,
        "optional": not bound.field.required and kind in {"input", "choices"},
    }


@register.inclusion_tag("ui/error_summary.html")
def error_summary(form: BaseForm, focus: bool = True) -> dict:
    """What is wrong in the whole form, each line a link to its field; nothing when nothing is wrong.

    It takes the focus when the page is loaded; `focus=False` where a page shows more than one form.
    """
    lines = [
        {"href": f"#{first_input(bound)}", "label": bound.label, "text": text}
        for bound in form.visible_fields()
        for text in bound.errors
    ]
    hidden = [text for bound in form.hidden_fields() for text in bound.errors]
    general = [*form.non_field_errors(), *hidden]
    return {"lines": lines, "general": general, "title": _("Something is missing or wrong"), "focus": focus}
