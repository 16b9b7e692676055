"""Inputs that are written as text say what Django's own widgets would say."""

from datetime import UTC, datetime

import pytest
from django import forms
from django.test.html import parse_html

from saksgang.ui import inputs

pytestmark = pytest.mark.once

BAD = "\"><script>alert(1)</script>\n'&"


class Sample(forms.Form):
    line = forms.CharField(max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off", "class": "wide"}))
    optional = forms.CharField(required=False)
    number = forms.IntegerField(min_value=1, max_value=9)
    mail = forms.EmailField()
    secret = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    until = forms.DateTimeField(
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"), required=False
    )
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}))
    kind = forms.ChoiceField(choices=[("", "Choose"), (1, "One & only"), ("b", BAD)])
    shut = forms.CharField(disabled=True, required=False)
    grouped = forms.ChoiceField(choices=[("Group", [("a", "A")]), ("b", "B")], required=False)
    several = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], required=False)
    tick = forms.BooleanField(required=False)


class Unasked(Sample):
    use_required_attribute = False


FILLED = {name: BAD for name in Sample.base_fields}
FORMS = {
    "empty": Sample(),
    "with what it begins with": Sample(
        initial={"line": "a", "number": 3, "until": datetime(2026, 3, 3, 13, 5, tzinfo=UTC), "kind": 1, "grouped": "a"}
    ),
    "filled in": Sample(FILLED),
    "chosen": Sample({"kind": "1", "several": ["a", "b"], "tick": "on", "grouped": "b", "number": "2"}),
    "without required": Unasked(prefix="own", auto_id="box-%s"),
    "without ids": Sample(auto_id=False),
}
ATTRS = {"class": "ds-input", "aria-describedby": "some_help", "cols": False, "aria-invalid": True}


@pytest.mark.parametrize("name", Sample.base_fields)
@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
def test_as_django_draws_it(form, name):
    bound = form[name]
    assert parse_html(inputs.drawn(bound, dict(ATTRS))) == parse_html(bound.as_widget(attrs=dict(ATTRS)))


def test_the_kinds_that_pages_use_are_not_left_to_templates(monkeypatch):
    """Else this file would go on passing while every page became slow again."""

    def refused(*_args, **_options):
        raise AssertionError("drawn by a template")

    monkeypatch.setattr(forms.BoundField, "as_widget", refused)
    for name in ("line", "number", "mail", "secret", "until", "text", "kind"):
        assert inputs.drawn(Sample()[name], {})
