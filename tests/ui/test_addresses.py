"""`url` puts an address together once, and says what Django's own `reverse` would."""

import pytest
from django.template import engines
from django.urls import NoReverseMatch, reverse

from saksgang.ui import addresses

pytestmark = pytest.mark.once


def drawn(text: str, **context) -> str:
    return engines["templates"].from_string(text).render(context)


def test_each_case_has_its_own_address():
    page = "{{ url('console:ticket', number) }}"
    for number in (1, 2, 1):
        assert drawn(page, number=number) == reverse("console:ticket", args=[number])


def test_the_same_address_is_put_together_once(monkeypatch):
    addresses._found.cache_clear()
    asked = []
    monkeypatch.setattr(addresses, "reverse", lambda *args, **named: asked.append(args) or reverse(*args, **named))
    for _time in range(3):
        drawn("{{ url('console:ticket', 4711) }}{% set here = url('console:ticket', 4711) %}{{ here }}")
    assert len(asked) == 1


def test_an_address_that_is_not_there_is_a_fault():
    with pytest.raises(NoReverseMatch):
        drawn("{{ url('console:no_such_page') }}")


def test_a_value_that_nobody_has_given_is_a_fault():
    with pytest.raises(NoReverseMatch):
        drawn("{{ url('console:ticket', nobody) }}")
