"""Which kind of case is meant by the first letters."""

from __future__ import annotations

import pytest

from saksgang.catalogue.matching import meant, named
from saksgang.catalogue.models import Category, Service

pytestmark = pytest.mark.once


def kind(name: str, *words: str, service: str = "DIPS", **names: str) -> Category:
    return Category(name_nb=name, words=list(words), service=Service(name_nb=service), **names)


KINDS = [
    kind("Glemt passord", "låst konto", "får ikke logget på", name_en="Forgotten password"),
    kind("Ny bruker", "nyansatt"),
    kind("Skriver tom for papir", service="Utskrift"),
    kind("Åpne port i brannmur", service="Nett"),
]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("glemt pas", 0), ("GLEMT", 0), ("pass", 0), ("forgotten", 0), ("låst", 0), ("logget på", 0), ("konto lås", 0),
        ("dips ny", 1), ("utskr", 2), ("åpn", 3), ("port brann", 3),
    ],
)  # fmt: skip
def test_the_beginnings_of_words_are_enough(typed, first):
    assert meant(KINDS, typed)[0] is KINDS[first]


@pytest.mark.parametrize("typed", ["", "   ", "assord", "glemt skriver", "xyz", "%", "\x00"])
def test_what_no_kind_is_called_finds_none(typed):
    assert meant(KINDS, typed) == []


def test_those_named_so_stand_before_those_called_so():
    kinds = [kind("Adgangskort", "nøkkel"), kind("Nøkkelboks")]
    assert [one.name_nb for one in meant(kinds, "nøkkel")] == ["Nøkkelboks", "Adgangskort"]


def test_not_more_than_one_can_look_through():
    assert len(meant([kind(f"Kort {n}") for n in range(30)], "kort")) == 8


def test_a_name_in_full_is_that_kind():
    assert named(KINDS, " glemt PASSORD ") is KINDS[0]
    assert named(KINDS, "Forgotten password") is KINDS[0]
    assert named(KINDS, "Glemt") is None
    assert named(KINDS, "") is None
