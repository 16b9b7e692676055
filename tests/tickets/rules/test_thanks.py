"""When a mail says thanks and nothing else. Where it errs, a case stays closed that somebody still waits for (mail.md 11)."""

from __future__ import annotations

import pytest

from saksgang.tickets.rules import thanks

pytestmark = pytest.mark.once

ONLY_THANKS = [
    "Takk!",
    "TUSEN TAKK",
    "Hei. Det virker nå, tusen takk for hjelpen. Ha en fin dag!",
    "Hjarteleg takk, no verkar alt igjen.",
    "Thank you so much, it works now",
    "  \n\n Takk \n\n ",
]
MORE_THAN_THANKS = [
    "",
    "   ",
    "Flott, det virker nå.",  # nobody is thanked
    "Takk, det virker ikke",
    "Takk! Kan dere flytte skriveren også",
    "Takk, virker det nå?",  # a question
    "Takk for 2 svar",  # numbers tell of something
    "Takk. Nora",  # who that is nobody said
]


def is_only_thanks(words: str, sender: str = "") -> bool:
    return thanks.is_only_thanks(words, sender=sender)


@pytest.mark.parametrize("words", ONLY_THANKS)
def test_thanks_and_nothing_else(words):
    assert is_only_thanks(words)


@pytest.mark.parametrize("words", MORE_THAN_THANKS)
def test_anything_more_opens_the_case_again(words):
    assert not is_only_thanks(words)


def test_the_senders_own_name_adds_nothing_and_anothers_does():
    assert is_only_thanks("Takk! nora åsen", sender="Nora Åsen")
    assert is_only_thanks("Takk! Nora", sender="Nora Åsen")
    assert not is_only_thanks("Takk! Ola", sender="Nora Åsen")


@pytest.mark.parametrize(
    "closing",
    [
        "Med vennlig hilsen",
        "Vennleg helsing",
        "Beste hilsen",
        "Mange hilsen",
        "Hilsen",
        "MVH",
        "  vh",
        "-- mvh",
        "Kind regards,",
        "Regards",
    ],
)
def test_whoever_greets_may_sign_with_name_title_and_telephone(closing):
    signature = f"{closing}\nOla Sykepleier, Sengepost 3\nTlf 55 12 34"
    assert is_only_thanks(f"Takk for hjelpen.\n\n{signature}")
    assert not is_only_thanks(f"Takk for hjelpen. Ola Sykepleier\n\n{signature}")


def test_a_greeting_inside_a_sentence_ends_nothing():
    assert not is_only_thanks("Takk og hilsen fra Ola på sengeposten")
    assert is_only_thanks("Takk\nhilsen fra Ola på sengeposten")


def test_a_word_that_wants_more_counts_below_the_greeting_too():
    assert is_only_thanks("Takk!\nHilsen Ola\nSkriveren står der")
    assert not is_only_thanks("Takk!\nHilsen Ola\nSkriveren står der fortsatt")


def test_thanks_in_the_signature_alone_are_thanks_too():
    assert is_only_thanks("Hei\nHilsen Ola, takk for alt")
    assert not is_only_thanks("Hei\nHilsen Ola")


def test_below_the_greeting_stand_twelve_words_at_most():
    assert is_only_thanks("Takk!\nHilsen" + " ord" * 11)
    assert not is_only_thanks("Takk!\nHilsen" + " ord" * 12)


def test_no_thanks_has_more_than_forty_words():
    assert is_only_thanks("takk " * 40)
    assert not is_only_thanks("takk " * 41)


def test_no_thanks_is_longer_than_600_letters_and_blanks_around_it_do_not_count():
    assert is_only_thanks("Takk" + "!" * 596)
    assert is_only_thanks("\n" * 300 + "Takk" + "!" * 596 + " " * 300)
    assert not is_only_thanks("Takk" + "!" * 597)
