"""`{{ url("name", …) }}` on our pages: Django's `reverse`, save that an address is put together once.

A page of a case names some twenty addresses, and the same case is drawn again and again: after each form, and whenever it changes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.templatetags.static import static as address_of_file
from django.urls import get_script_prefix, get_urlconf, reverse


def url(name: str, *values: Any) -> str:
    if all(isinstance(value, int | str) for value in values):
        return _found(get_urlconf(), get_script_prefix(), name, values)
    return reverse(name, args=values)


@lru_cache(maxsize=4096)
def _found(_urlconf: str | None, _prefix: str, name: str, values: tuple[Any, ...]) -> str:
    return reverse(name, args=values)


@lru_cache(maxsize=256)  # a file's name holds its hash: it is the same as long as the process lives
def static(name: str) -> str:
    return address_of_file(name)
