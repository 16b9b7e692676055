"""Fixed words, of templates and of code: `{{ _("…") }}`, `{{ pgettext("…", "…") }}` and `{% trans %}`.

A page holds hundreds of them, and Django looks each up anew. What stands in quotes says the same in a language for as long as the
process lives, so it is looked up once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from django.utils import translation

MOST = 4096  # words with a context, in all languages
T = TypeVar("T")


class _Words(dict[str, str]):
    """The fixed words in one language, each looked up when it is first asked for."""

    def __missing__(self, words: str) -> str:
        self[words] = translation.gettext(words)
        return self[words]


@lru_cache(maxsize=8)
def _words_in(_language: str | None) -> _Words:
    return _Words()


def gettext(words: str) -> str:
    return _words_in(translation.get_language())[words]


def of_page() -> dict[str, Callable[[str], str]]:
    """`_` and `gettext` of a page, without asking for its language at each word."""
    said = _words_in(translation.get_language()).__getitem__
    return {"_": said, "gettext": said}


def pgettext(context: str, words: str) -> str:
    return _known_as(translation.get_language(), context, words)


@lru_cache(maxsize=MOST)
def _known_as(_language: str | None, context: str, words: str) -> str:
    return translation.pgettext(context, words)


def once_a_language(make: Callable[[], T]) -> Callable[[], T]:
    """For labels that are the same on every page: made when they are first asked for in a language. Nobody may change what it gives."""
    known: dict[str | None, T] = {}

    @wraps(make)
    def made() -> T:
        language = translation.get_language()
        if language not in known:
            known[language] = make()
        return known[language]

    return made
