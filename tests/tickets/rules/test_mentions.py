"""Whom a note calls by «@name»: nobody by an address, nobody by half a name, and nobody in doubt."""

from __future__ import annotations

import pytest

from saksgang.tickets.rules.mentions import MOST, called

pytestmark = pytest.mark.once

NAMES = {1: "Jonas Tveit", 2: "Jonas Berg", 3: "Kari Nordmann", 4: "Anne-Lise O'Hara", 5: "Kari", 6: "Åse Moe"}


@pytest.mark.parametrize(
    ("words", "persons"),
    [
        ("@Jonas Tveit, kan du se på den?", [1]),
        ("@jonas berg ser på den", [2]),
        ("Spør @Anne-Lise.", [4]),
        ("(@Åse)", [6]),
        ("@Åse Moe og @Jonas Tveit og @Åse", [6, 1]),
        ("@Kari Nordmann vet det", [3]),
        ("@Anne-Lise O'Hara", [4]),
        ("hei\n@Åse\nhei", [6]),
    ],
)
def test_these_are_called(words, persons):
    assert called(words, NAMES) == ({one: NAMES[one] for one in persons}, {}, [])


@pytest.mark.parametrize(
    "words", ["", "kari@sykehus.example", "a @ Kari", "@3", "Ring Jonas Tveit", "https://x.example/@Kari", "@@Kari"]
)
def test_these_call_nobody(words):
    assert called(words, NAMES) == ({}, {}, [])


def test_a_name_that_several_have_is_unclear():
    assert called("@Jonas ser på den", NAMES) == ({}, {"Jonas": ["Jonas Tveit", "Jonas Berg"]}, [])
    assert called("@Jonas ser", {1: "Jonas", 2: "Jonas Berg"}).names == {1: "Jonas"}, (
        "a whole name counts before a part of one"
    )


def test_a_name_that_nobody_has_is_told_as_it_was_written():
    assert called("@Jona Tveit og @echo, @echo", NAMES) == ({}, {}, ["Jona", "echo"])
    assert called("@Tveit", NAMES).unknown == ["Tveit"], "a surname alone calls nobody"


def test_a_note_of_calls_is_bounded():
    names = dict(enumerate("abcdefghijklmnopqrstuvwxyz"))
    assert len(called(" ".join(f"@{name}" for name in names.values()), names).names) == MOST
