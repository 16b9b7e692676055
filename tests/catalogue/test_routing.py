"""Which rule a case falls under: pure, so every way of it can be tried."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saksgang.catalogue.routing import Arrival, Rule, first_hit, holds, in_words, parts_of, text_of

pytestmark = pytest.mark.once


def rule(pk=1, **when):
    return Rule(pk=pk, team_id=9, **when)


@pytest.mark.parametrize(
    ("words", "text", "said"),
    [
        (("prøve",), "Prøven er borte", False),
        (("prøve",), "En PRØVE er borte", True),
        (("prøve*",), "Prøvesvarene mangler", True),
        (("prøve*",), "Blodprøve mangler", False),
        (("glemt pass*",), "Jeg har glemt\npassordet mitt", True),
        (("glemt pass*",), "Passord glemt", False),
        (("glemt passord",), "glemt passordet", False),
        (("e-resept",), "Får ikke sendt e-resept.", True),
        (("e-resept",), "Får ikke sendt e-resepter.", False),
        (("resept",), "Får ikke sendt e-resept.", True),
        (("labsvar", "prøve*"), "Hvor er labsvar?", True),
        (("ﬁl",), "FIL", True),  # one sign for two letters
        (("ære",), "aere", False),
    ],
)  # fmt: skip
def test_words_are_whole_or_begin_so_whatever_their_case(words, text, said):
    assert holds(rule(words=tuple(in_words(", ".join(words)))), Arrival(text=text)) is said


@pytest.mark.parametrize(
    ("sender", "address", "there"),
    [
        ("ola@lab.example", "ola@lab.example", True),
        ("ola@lab.example", "kari@lab.example", False),
        ("lab.example", "ola@lab.example", True),
        ("lab.example", "ola@blod.lab.example", True),
        ("lab.example", "ola@collab.example", False),
        ("lab.example", "", False),
    ],
)
def test_a_sender_is_an_address_or_a_domain_with_those_below_it(sender, address, there):
    assert holds(rule(sender=sender), Arrival(address=address)) is there


ONE_BY_ONE = {
    "mailbox_id": 3, "channel": "PHONE", "department_id": 4, "service_id": 5, "category_id": 6,
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), ONE_BY_ONE.items())
def test_each_condition_that_is_given_must_hold(name, value):
    whole = Arrival(**ONE_BY_ONE)
    assert holds(rule(**ONE_BY_ONE), whole)
    assert holds(rule(), Arrival())
    assert not holds(rule(**ONE_BY_ONE), Arrival(**(ONE_BY_ONE | {name: "" if name == "channel" else None})))
    assert holds(rule(**{name: value}), whole)


def test_what_is_kept_of_the_words_is_folded_and_each_once():
    assert in_words("  Prøve* , PRØVE*, labSVAR; e-resept,  ,*,!") == ["prøve*", "labsvar", "e resept"]


def test_quotes_and_signatures_are_not_read():
    segments = [[False, "Hei, hjelp."], [True, "-- \nLaboratoriet"]]
    assert text_of("Skriver", "Hei, hjelp.-- \nLaboratoriet", segments) == "Skriver\nHei, hjelp."
    assert text_of("Skriver", "Laboratoriet", [[True, "Laboratoriet"]]) == "Skriver\nLaboratoriet"


WORD = st.text("aæøåABxé7-", min_size=1, max_size=5).filter(lambda word: parts_of(word))
RULES = st.lists(
    st.builds(
        Rule,
        pk=st.integers(1, 99),
        team_id=st.integers(1, 5),
        channel=st.sampled_from(["", "EMAIL", "PHONE"]),
        sender=st.sampled_from(["", "lab.example", "ola@lab.example"]),
        department_id=st.sampled_from([None, 1, 2]),
        words=st.lists(
            st.builds(lambda word, star: in_words(word + star)[0], WORD, st.sampled_from(["", "*"])), max_size=3
        ).map(tuple),
    ),
    max_size=6,
)
ARRIVALS = st.builds(
    Arrival,
    text=st.lists(WORD, max_size=5).map(" ".join),
    channel=st.sampled_from(["EMAIL", "PHONE"]),
    address=st.sampled_from(["", "ola@lab.example", "kari@blod.lab.example", "x@b.example"]),
    department_id=st.sampled_from([None, 1, 2]),
)


def plainly(word, arrival):
    """The same question asked the slow way."""
    said, parts = parts_of(arrival.text), parts_of(word)
    for at in range(len(said) - len(parts) + 1):
        here = said[at : at + len(parts)]
        if here == parts or (word.endswith("*") and here[:-1] == parts[:-1] and here[-1].startswith(parts[-1])):
            return True
    return False


@given(RULES, ARRIVALS)
def test_the_first_rule_that_holds_decides_and_those_below_it_say_nothing(rules, arrival):
    hit = first_hit(rules, arrival)
    holding = [one for one in rules if holds(one, arrival)]
    assert hit == (holding[0] if holding else None)
    if hit:
        above = rules[: next(nth for nth, one in enumerate(rules) if one is hit)]
        assert first_hit([*above, hit], arrival) is hit
        assert first_hit(above, arrival) is None


@given(WORD, st.sampled_from(["", "*"]), ARRIVALS)
def test_a_word_is_found_as_the_slow_way_finds_it(word, star, arrival):
    (kept,) = in_words(word + star)
    assert holds(rule(words=(kept,)), arrival) is plainly(kept, arrival)


@given(ARRIVALS)
def test_upper_and_lower_case_say_the_same(arrival):
    loud = Arrival(text=arrival.text.upper())
    for word in parts_of(arrival.text):
        assert holds(rule(words=(word,)), loud)
