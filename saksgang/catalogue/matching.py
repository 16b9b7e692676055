"""Which kinds of case somebody means by what they have typed so far. No database."""

from __future__ import annotations

from collections.abc import Iterable

from saksgang.catalogue.models import Category
from saksgang.lib import text

MOST = 8  # kinds offered at once


def named(categories: Iterable[Category], typed: str) -> Category | None:
    """The one that is called just that, in any language."""
    wanted = text.fold(typed).strip()
    return next((one for one in categories if wanted in map(text.fold, _names(one))), None)


def meant(categories: Iterable[Category], typed: str, *, most: int = MOST) -> list[Category]:
    """Those that have every word typed, or its beginning: first those whose name has them, then those called so."""
    words = text.fold(typed).split()
    if not words:
        return []
    by_name, by_other_words = [], []
    for one in categories:
        names = _words(_names(one))
        if _begin(words, names):
            by_name.append(one)
        elif _begin(words, names + _words([*one.words, one.service.name_nb])):
            by_other_words.append(one)
    return [*by_name, *by_other_words][:most]


def _names(category: Category) -> list[str]:
    return [name for name in (category.name_nb, category.name_nn, category.name_en) if name]


def _words(phrases: Iterable[str]) -> list[str]:
    return text.fold(" ".join(phrases)).split()


def _begin(typed: list[str], known: list[str]) -> bool:
    return all(any(word.startswith(one) for word in known) for one in typed)
