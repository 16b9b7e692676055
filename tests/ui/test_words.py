"""A fixed word of a template is looked up once a language, and says what Django's own `gettext` says."""

import pytest
from django.template import engines
from django.utils import translation

from saksgang.ui import words

pytestmark = pytest.mark.once

TAKE = '{{ pgettext("button", "Take the case") }}'


@pytest.fixture
def looked_up(monkeypatch):
    """Each time that Django's own catalogue is asked."""
    asked = []
    for name in ("gettext", "pgettext"):
        own = getattr(translation, name)
        monkeypatch.setattr(translation, name, lambda *said, own=own: asked.append(said) or own(*said))
    words._words_in.cache_clear()
    words._known_as.cache_clear()
    return asked


def said(text: str, language: str, **context) -> str:
    with translation.override(language):
        return engines["templates"].from_string(text).render(context)


def test_each_language_gets_its_own_words_looked_up_once(looked_up):
    first = [said(TAKE, language) for language in ("en", "nb", "nn")]
    assert first[0] == "Take the case"
    assert len(set(first)) > 1
    assert [said(TAKE, language) for language in ("en", "nb", "nn")] == first
    assert len(looked_up) == 3


def test_kept_under_a_name_they_stand_there_each_time(looked_up):
    kept = '{% set word = _("Search") %}<{{ word }}>'
    assert said(kept, "en") == said(kept, "en") == "<Search>"
    assert said(kept, "nb") == "<Søk>"
    assert len(looked_up) == 2


def test_what_a_page_brings_is_escaped():
    assert said("{{ _(word) }}", "en", word="<b>") == "&lt;b&gt;"
    assert said("{% trans name=word %}Menu of {{ name }}{% endtrans %}", "nb", word="<b>") == "Menyen til &lt;b&gt;"


def test_one_and_many():
    many = "{% trans number=n %}{{ number }} case{% pluralize %}{{ number }} cases{% endtrans %}"
    assert [said(many, "en", n=n) for n in (1, 2)] == ["1 case", "2 cases"]


def test_percent_signs_stand_as_they_are():
    assert said('{{ _("100%") }}', "en") == "100%"
    assert said("{% trans %}100%{% endtrans %}", "en") == "100%"


def test_what_nobody_has_given_is_empty():
    assert said("<{{ nobody.gave.it }}{% if nobody.gave %}x{% endif %}>", "en") == "<>"
