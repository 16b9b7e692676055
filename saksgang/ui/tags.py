"""The functions and filters of every template. templates/ui/components.html shows each of them in use."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from saksgang.lib.links import Piece, pieces
from saksgang.ui import dates, fields
from saksgang.ui.addresses import static, url

COLOUR_SCHEMES = ("auto", "light", "dark")


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


def when(dt: datetime | None, now: datetime | None = None) -> SafeString | str:
    """A <time> with short words and the exact moment on hover. Nothing for None."""
    if dt is None:
        return ""
    now = now or timezone.now()
    return _when(dt, now.astimezone(dates.OSLO).date(), get_language())


# A page of a case holds a score of them. The same moment told in another zone is the same key, and stands as it was first told.
@lru_cache(maxsize=4096)
def _when(dt: datetime, today: date, _language: str | None) -> SafeString:
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        dt.isoformat(timespec="seconds"),
        dates.full_when(dt),
        dates.short_on(dt, today),
    )


def spaced(number: int | None) -> str:
    """12345 → «12 345»; the blank is a narrow no-break space, so a number never falls apart at a line's end."""
    return "" if number is None else f"{number:,}".replace(",", "\u202f")


def minutes(number: int | None) -> str:
    """125 → «2 t 5 min»."""
    return "" if number is None else dates.minutes_words(number)


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


def linked(words: str) -> SafeString:
    """What strangers wrote, its addresses as links. One that is dressed up as another place says where it goes.

    The other side is not told where it was pressed, and gets no hold of our page.
    """
    return format_html_join("", "{}", ((_piece(one),) for one in pieces(words)))


def _piece(one: Piece) -> SafeString | str:
    if not one.url:
        return one.words
    outside = mark_safe(' target="_blank"') if one.url[:4].lower() == "http" else ""
    told = (
        format_html(' <span class="goes-to">{}</span>', _("(goes to %(host)s)") % {"host": one.host})
        if one.host
        else ""
    )
    return format_html(
        '<a href="{}" title="{}" rel="noopener noreferrer nofollow" referrerpolicy="no-referrer"{}>{}</a>{}',
        one.url, one.url, outside, one.words, told,
    )  # fmt: skip


def color_scheme(cookie: str | None) -> str:
    """What the cookie `color_scheme` may say; anything else follows the system."""
    return cookie if cookie in COLOUR_SCHEMES else "auto"


def undo_url(message: object) -> str:
    """The address in `messages.success(request, text, extra_tags=f"undo:{url}")`, or nothing.

    Only an address on this site counts: a message is made by our own code, but the form it becomes carries a CSRF token.
    """
    url, _blank, _seconds = _undo(message).partition(" ")
    return url if url.startswith("/") and not url.startswith("//") else ""


def undo_seconds(message: object) -> str:
    """For how long it can be undone, where the message says so: `extra_tags=f"undo:{url} {seconds}"`."""
    seconds = _undo(message).partition(" ")[2]
    return seconds if seconds.isascii() and seconds.isdigit() else ""


def _undo(message: object) -> str:
    extra = getattr(message, "extra_tags", "") or ""
    return extra.removeprefix("undo:") if extra.startswith("undo:") else ""


# --- forms -----------------------------------------------------------------------------------------------------------


def field(bound: BoundField, hide_label: bool = False) -> SafeString:
    """A form field as Designsystemet draws it: label, help text, input, error. `hide_label=True` keeps it for the ear."""
    return fields.field(bound, hide_label)


def part(name: str, context: dict[str, Any]) -> SafeString:
    """A template as it is put into another one."""
    return mark_safe(render_to_string(name, context))  # noqa: S308 - what it was given it has escaped


def error_summary(form: BaseForm, focus: bool = True) -> SafeString | str:
    """What is wrong in the whole form, each line a link to its field; nothing when nothing is wrong.

    It takes the focus when the page is loaded; `focus=False` where a page shows more than one form.
    """
    if not form.errors:
        return ""
    lines = [
        {"href": f"#{fields.first_input(bound)}", "label": bound.label, "text": text}
        for bound in form.visible_fields()
        for text in bound.errors
    ]
    hidden = [text for bound in form.hidden_fields() for text in bound.errors]
    general = [*form.non_field_errors(), *hidden]
    told = {"lines": lines, "general": general, "title": _("Something is missing or wrong"), "focus": focus}
    return part("ui/error_summary.html", told)


FUNCTIONS: dict[str, Any] = {
    "icon": icon,
    "when": when,
    "priority": priority,
    "field": field,
    "error_summary": error_summary,
    "url": url,
    "static": static,
    "get_language": get_language,
    "languages": settings.LANGUAGES,
}
FILTERS: dict[str, Any] = {
    "spaced": spaced,
    "minutes": minutes,
    "linked": linked,
    "color_scheme": color_scheme,
    "undo_url": undo_url,
    "undo_seconds": undo_seconds,
}
