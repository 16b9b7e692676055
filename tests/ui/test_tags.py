"""The functions of the templates: what they write, and that nothing from outside gets out of its quotes."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django import forms
from django.template import engines
from django.utils import translation

from saksgang.ui import tags

pytestmark = pytest.mark.once

NOW = datetime(2026, 3, 3, 13, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def plain(settings):
    """No manifest of hashed names is needed to draw an icon."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with translation.override("en"):
        yield


class Sample(forms.Form):
    name = forms.CharField(label="Name", help_text="Both names.")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    tick = forms.BooleanField(label="Tick", required=False)
    secret = forms.IntegerField(widget=forms.HiddenInput, required=False)


def draw(text: str, **context) -> str:
    return engines["templates"].from_string(text).render(context)


def test_icon_is_silent_and_from_the_sprite():
    html = draw('{{ icon("plus") }}')
    assert 'aria-hidden="true"' in html
    assert 'icons.svg#plus"' in html


def test_when_has_short_words_and_the_exact_moment():
    html = draw("{{ when(dt, dt) }}", dt=NOW)
    assert html == ('<time datetime="2026-03-03T13:05:00+00:00" title="Tuesday 3 March 2026 at 14:05">at 14:05</time>')


def test_when_of_nothing_is_nothing():
    assert draw("{{ when(dt) }}", dt=None) == ""


@pytest.mark.parametrize(("number", "text"), [(0, "0"), (999, "999"), (12345, "12\u202f345"), (None, "")])
def test_spaced(number, text):
    assert tags.spaced(number) == text


def test_minutes():
    assert tags.minutes(125) == "2 h 5 min"
    assert tags.minutes(None) == ""


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_priority_is_shape_number_and_word(number):
    html = draw("{{ priority(n) }}", n=number)
    assert f"#priority-{number}" in html
    assert f">{number}</span>" in html
    assert f'visually-hidden">Priority {number}, ' in html


def test_priority_that_nobody_assessed():
    html = draw('{{ priority(None, "words") }}')
    assert 'data-priority="none"' in html
    assert 'class="priority-word">Not assessed' in html


@pytest.mark.parametrize(("cookie", "scheme"), [("dark", "dark"), ("light", "light"), (None, "auto"), ('"><x', "auto")])
def test_color_scheme_believes_only_known_words(cookie, scheme):
    assert tags.color_scheme(cookie) == scheme


@pytest.mark.parametrize(
    ("extra", "url"),
    [("undo:/sak/1", "/sak/1"), ("", ""), (None, ""), ("undo://evil.example", ""), ("undo:javascript:x", "")],
)
def test_undo_stays_on_this_site(extra, url):
    assert tags.undo_url(SimpleNamespace(extra_tags=extra)) == url


def test_field_ties_help_and_error_to_the_input():
    html = draw("{{ field(f.name) }}", f=Sample({}))
    assert 'aria-describedby="id_name_help id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_error"' in html
    assert 'for="id_name"' in html


def test_field_without_faults_says_nothing_of_faults():
    html = draw("{{ field(f.name) }}", f=Sample())
    assert "aria-invalid" not in html
    assert "id_name_error" not in html


def test_optional_field_says_so():
    assert "(optional)" in draw("{{ field(f.note) }}", f=Sample())
    assert "(optional)" not in draw("{{ field(f.name) }}", f=Sample())


def test_choices_are_a_fieldset_with_a_legend():
    html = draw("{{ field(f.kind) }}", f=Sample({"kind": "b"}))
    assert "<legend" in html
    assert html.count('type="radio"') == 2
    assert html.count(" checked") == 1


def test_hidden_field_is_only_its_input():
    assert "label" not in draw("{{ field(f.secret) }}", f=Sample())


def test_what_was_typed_is_escaped():
    bad = '"><script>alert(1)</script>'
    html = draw(
        "{{ field(f.name) }}{{ field(f.note) }}{{ field(f.kind) }}", f=Sample({"name": bad, "note": bad, "kind": bad})
    )
    assert "<script" not in html


def test_error_summary_links_to_each_field():
    html = draw("{{ error_summary(f) }}", f=Sample({}))
    assert 'href="#id_name"' in html
    assert "data-focus-on-load" in html


def test_error_summary_tells_of_hidden_fields_too():
    assert "whole number" in draw("{{ error_summary(f) }}", f=Sample({"name": "x", "kind": "a", "secret": "x"}))


def test_error_summary_of_a_right_form_is_empty():
    assert draw("{{ error_summary(f) }}", f=Sample({"name": "x", "kind": "a"})).strip() == ""
