"""Fields of forms as Designsystemet draws them, written as text: drawn by templates they cost a fifth of a page for a new case."""

from __future__ import annotations

from django import forms
from django.forms import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from saksgang.ui import inputs

NONE = SafeString("")


def field(bound: BoundField, hide_label: bool) -> SafeString:
    """Label, help text, input and error; a hidden field is its input only."""
    kind = kind_of(bound)
    if kind == "hidden":
        return bound.as_widget()
    if kind == "choices":
        return _choices(bound, hide_label)
    return _checkbox(bound) if kind == "checkbox" else _input(bound, hide_label)


def kind_of(bound: BoundField) -> str:
    """What a field is drawn as: hidden, choices (radio buttons, several checkboxes), checkbox, input (all others)."""
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
    return inputs.drawn(bound, attrs)


def _input(bound: BoundField, hide_label: bool) -> SafeString:
    return format_html(
        '<div class="ds-field"><label class="ds-label{}" for="{}">{}{}</label>{}{}{}</div>',
        " visually-hidden" if hide_label else "",
        bound.id_for_label,
        bound.label,
        _optional(bound),
        help_of(bound),
        drawn(bound),
        error_of(bound),
    )


def _checkbox(bound: BoundField) -> SafeString:
    return format_html(
        '<div class="ds-field">{}<label class="ds-label" for="{}">{}</label>{}{}</div>',
        drawn(bound),
        bound.id_for_label,
        bound.label,
        help_of(bound),
        error_of(bound),
    )


def _choices(bound: BoundField, hide_label: bool) -> SafeString:
    described = described_by(bound)
    return format_html(
        '<fieldset class="ds-fieldset" id="{}"{}><legend class="ds-label{}">{}{}</legend>{}<div class="choices">{}</div>{}</fieldset>',
        bound.auto_id,
        format_html(' aria-describedby="{}"', described) if described else NONE,
        " visually-hidden" if hide_label else "",
        bound.label,
        _optional(bound),
        help_of(bound),
        format_html_join("", CHOICE, (_choice(one, bound) for one in bound.subwidgets)),
        error_of(bound),
    )


CHOICE = (
    '<div class="ds-field"><input class="ds-input" type="{}" name="{}" id="{}" value="{}"{}>'
    '<label class="ds-label" for="{}">{}</label></div>'
)


def _choice(one: forms.boundfield.BoundWidget, bound: BoundField) -> tuple[object, ...]:
    data = one.data
    said = [" checked"] if data["selected"] else []
    said += [" disabled"] if data["attrs"].get("disabled") else []
    said += [' aria-invalid="true"'] if bound.errors else []
    label, pk = one.choice_label, one.id_for_label
    return data["type"], data["name"], pk, str(data["value"]), SafeString("".join(said)), pk, label


def _optional(bound: BoundField) -> SafeString:
    return NONE if bound.field.required else format_html(' <span class="optional">{}</span>', _("(optional)"))


def help_of(bound: BoundField) -> SafeString:
    if not bound.help_text:
        return NONE
    return format_html('<p data-field="description" id="{}_help">{}</p>', bound.auto_id, bound.help_text)


def error_of(bound: BoundField) -> SafeString:
    if not bound.errors:
        return NONE
    words = " ".join(str(error) for error in bound.errors)
    return format_html(
        '<p class="ds-validation-message" data-field="validation" id="{}_error">{}</p>', bound.auto_id, words
    )
