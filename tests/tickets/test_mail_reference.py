"""Our marks in strangers' hands: a mark is ASCII and whole, or it is none. Nothing raises."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saksgang.tickets import mail_reference as reference

LARGEST = 2**63 - 1
FOLDING = {"s": "ſ", "k": "\u212a", "1": "¹", "2": "²", "3": "٣", "4": "４", "7": "७"}
MARKS = {
    "subject": reference.subject_mark(4711),
    "old": "[Sak ID# 4711]",
    "id": reference.message_id(4711, 12, 1, "sykehus.example"),
    "address": reference.return_address("i@sykehus.example", reference.message_id(1, 2, 1, "sykehus.example")),
    "loop": reference.loop_mark(4711),
    "heartbeat": reference.heartbeat_mark(3, 1_800_000_000),
    "words": f"heartbeat {reference.heartbeat_mark(3, 1_800_000_000)}",
}
PIECES = st.sampled_from([*"[]#-@+.\n ", "SAK-", "sak-", "sak-1-2-3-", "Sak ID", "heartbeat ", "aaaaaaaſ", "aaaaaaa\u212a",
                          "²", "٣", "१", "𝟙", "99999999999999999999", "9" * 5_000, "\udcc3", "\0", *MARKS.values()])  # fmt: skip


def asked_everything(words: str) -> dict[str, object]:
    claims = reference.claims_in_subject(words)
    sent = reference.sent_mail(words)
    numbers = [one.number for one in claims] + list(sent or ()) + [reference.number_in_message_id(words) or 0]
    assert all(0 <= number <= LARGEST for number in numbers)
    assert all(one.isascii() for one in reference.old_numbers_in(words))
    reference.with_plain_numbers(words), reference.without_mark(words)
    return {
        "subject": any(one.proven for one in claims),
        "old": bool(reference.old_numbers_in(words)),
        "id": bool(reference.number_in_message_id(words)),
        "address": bool(reference.id_in_return_address(words)),
        "loop": reference.is_loop_mark(words),
        "heartbeat": reference.is_heartbeat_mark(words, 3),
        "words": any(reference.is_heartbeat_mark(one, 3) for one in reference.heartbeat_marks_in_text(words)),
        "quoted": reference.ids_in_text(words),
    }


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join)))
def test_nothing_raises(words):
    asked_everything(words)


@pytest.mark.parametrize("kind", MARKS)
def test_our_own_marks_are_known(kind):
    assert asked_everything(MARKS[kind])[kind]


@settings(deadline=None)
@given(st.sampled_from(list(MARKS)), st.data())
def test_a_mark_with_one_other_letter_is_none(kind, data):
    mark = MARKS[kind]
    foldable = [place for place, letter in enumerate(mark) if letter.lower() in FOLDING and "@" not in mark[:place]]
    place = data.draw(st.sampled_from(foldable or [0]))
    other = data.draw(st.sampled_from([FOLDING.get(mark[place].lower(), "ø"), "²", "ø", "\udcc3"]))
    assert not asked_everything(mark[:place] + other + mark[place + 1 :])[kind]


@pytest.mark.parametrize("kind", ["loop", "heartbeat", "id"])
def test_numbers_that_no_database_holds_are_none(kind):
    mark = MARKS[kind]
    assert not asked_everything(mark.replace("4711", "9" * 4_500).replace("3-18", "9" * 20 + "-18"))[kind]
    assert reference.claims_in_subject("[SAK-99999999999999999999]") == []


def test_capital_letters_and_blanks_are_forgiven():
    assert reference.claims_in_subject(MARKS["subject"].replace("[", "[ ").upper()) == [reference.Claim(4711, True)]
    assert reference.is_loop_mark(f" {MARKS['loop'].upper()} ")
