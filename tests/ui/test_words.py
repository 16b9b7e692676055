"""A fixed word of a template is looked up once a language, and says what Django's own tag says."""

import pytest
from django.template import Context, Template
from django.templatetags import i18n
from django.utils import translation

from saksgang.ui.words import FixedWords

pytestmark = pytest.mark.once

TAKE = '{% translate "Take the case" context "button" %}'


@pytest.fixture
def looked_up(monkeypatch):
    """Each time that Django's own tag is asked."""
    asked = []
    own = i18n.TranslateNode.render
    monkeypatch.setattr(i18n.TranslateNode, "render", lambda node, context: asked.append(node) or own(node, context))
    return asked


def said(template: Template, language: str, **context) -> str:
    with translation.override(language):
        return template.render(Context(context))


def of(text: str) -> Template:
    return Template("{% load i18n %}" + text)


def test_each_language_gets_its_own_words_looked_up_once(looked_up):
    button = of(TAKE)
    first = [said(button, language) for language in ("en", "nb", "nn")]
    assert first[0] == "Take the case"
    assert len(set(first)) > 1
    assert [said(button, language) for language in ("en", "nb", "nn")] == first
    assert len(looked_up) == 3


def test_kept_under_a_name_they_stand_there_each_time(looked_up):
    kept = of('{% translate "Search" as word %}<{{ word }}>')
    assert said(kept, "en") == said(kept, "en") == "<Search>"
    assert said(kept, "nb") == "<Søk>"
    assert len(looked_up) == 2


def test_what_a_page_brings_is_never_remembered():
    open_words = of("{% translate word %}")
    assert said(open_words, "en", word="one") == "one"
    assert said(open_words, "en", word="<b>") == "&lt;b&gt;"
    assert not any(isinstance(node, FixedWords) for node in open_words.nodelist)


def test_a_filter_or_a_context_of_the_pages_own_is_asked_each_time():
    for text in ('{% translate "Search"|lower %}', '{% translate "Search" context where %}'):
        assert not any(isinstance(node, FixedWords) for node in of(text).nodelist)


def test_percent_signs_are_as_in_djangos_own():
    assert said(of('{% translate "100%" %}'), "en") == "100%"
