"""When two deliveries are one mail: what differs on the way to another mailbox says nothing, what a person wrote does."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest

from saksgang.inbound.decisions import sameness
from saksgang.inbound.reading.mail import ReadMail, read
from tests.inbound.decisions.mails import DAG, MORNING, mail

pytestmark = pytest.mark.once

ID = "<en@sykehus.example>"
BANNER = "EKSTERN: Denne e-posten kommer fra en avsender utenfor sykehuset. Ikke åpne lenker eller vedlegg du ikke venter.\n\n"
WORDS = "Hei, skriveren på sengepost 3 svarer ikke."
FOOTER = "Denne meldingen er sjekket av virusfilteret."
LATER = "Wed, 11 Mar 2026 09:15:01 +0100"


def as_read(words: str = WORDS, *, files: tuple[bytes, ...] = (), **facts: str) -> ReadMail:
    made = mail(words, **({"date": MORNING, "message_id": ID, "subject": "Skriver"} | facts))
    for content in files:
        made.add_attachment(content, maintype="application", subtype="pdf", filename="skann.pdf")
    return read(made.as_bytes())


OTHERS = [
    as_read(subject="Skrivar"),
    as_read(WORDS + " Haster."),
    as_read(files=(b"ny",)),
    as_read(sender=DAG),
    as_read(date=LATER),
    as_read(message_id="<to@sykehus.example>"),
]


@pytest.mark.parametrize("other", OTHERS, ids=["subject", "words", "files", "sender", "second", "id"])
def test_whatever_a_person_could_read_makes_another_mail(other):
    assert sameness.exact(as_read()) != sameness.exact(other)


def test_blanks_line_breaks_and_the_order_of_files_make_none():
    first = as_read("Hei, det\nhaster.", subject="Skriver nå", files=(b"en", b"to"))
    again = as_read("Hei,  det haster. \n\n", subject="Skriver  nå", files=(b"to", b"en"))
    assert sameness.exact(first) == sameness.exact(again)


def test_a_family_is_one_id_sender_and_second_whatever_the_words():
    family = sameness.family(as_read())
    assert [sameness.family(one) == family for one in OTHERS] == [True, True, True, False, False, False]
    assert sameness.family(as_read(message_id="")) != family
    assert family != sameness.exact(as_read())


def test_keys_are_made_as_those_that_lie_in_the_database():
    """Another way of making them would take mails of the last weeks for new ones when they come again."""

    def key(*parts: str) -> str:
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    marks, dateless = ("en@sykehus.example", "nora@sykehus.example"), replace(as_read(), date=None)
    second = "2026-03-11T08:15:00+00:00"
    assert sameness.exact(as_read()) == key("mail", *marks, second, "Skriver", WORDS)
    assert sameness.family(as_read()) == key("id", *marks, second)
    assert sameness.family(as_read(message_id="")) == key("date", "", marks[1], second)
    assert sameness.family(dateless) == key("id", *marks, "")


NOTHING_NEW = [
    as_read(),
    as_read(BANNER + WORDS),
    as_read(f"{WORDS}\n\n{'_' * 40}\n{FOOTER}\n"),
    as_read(f"{BANNER}{WORDS}\n\n{'-' * 10}\n{FOOTER}\n"),
    as_read(f"{WORDS}\n\n{'_' * 40}\n{WORDS}\n"),  # the footer says it again
    as_read(WORDS.upper()),
    as_read("sengepost 3 svarer"),  # it lacks something
    as_read(subject="[EKSTERN] [SPAM] Skriver"),
    as_read(subject="EKSTERN: skriver"),
]
SAYS_MORE = [
    as_read(WORDS + " Haster."),
    as_read(f"Haster. {WORDS}"),
    as_read(f"{WORDS}\n\n{FOOTER}"),  # no line is drawn above it
    as_read(f"Haster.\n\n{WORDS}\n\n{'_' * 40}\n{FOOTER}"),
    as_read("Noe helt annet."),
    as_read(subject="Skriveren"),
    as_read(subject="Skriver [EKSTERN]"),
    as_read(files=(b"ny",)),
    as_read("sengepost 3 svare"),  # half a word
]


@pytest.mark.parametrize("copy", NOTHING_NEW, ids=range(len(NOTHING_NEW)))
def test_banner_tag_footer_and_what_is_lacking_add_nothing(copy):
    assert sameness.adds_nothing(copy, as_read())


@pytest.mark.parametrize("copy", SAYS_MORE, ids=range(len(SAYS_MORE)))
def test_anything_else_adds_something(copy):
    assert not sameness.adds_nothing(copy, as_read())


def test_a_copy_may_lack_a_file_and_bring_none_of_its_own():
    both = as_read(files=(b"en", b"to"))
    assert sameness.adds_nothing(as_read(files=(b"to",)), both)
    assert not sameness.adds_nothing(both, as_read(files=(b"to",)))


def test_a_mail_without_words_adds_nothing():
    assert sameness.adds_nothing(as_read(" \n"), as_read())
    assert sameness.adds_nothing(as_read(f"{'_' * 40}\n{FOOTER}"), as_read(" \n"))
    assert not sameness.adds_nothing(as_read(), as_read(" \n"))
