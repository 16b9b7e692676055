"""No page in Norwegian shows a sentence of the source, and no page in English a Norwegian one."""

import re
from html.parser import HTMLParser

import pytest

from scripts import translations
from tests.acceptance.test_everyone_can_use_it import PLAIN, SIGNED_OUT, WITH_FORMS, numbers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

# Written down by the system when it happened, in the words of whoever did it; from then on it is a message like others.
STORED = {"Ringte uten å få svar."}
READ = (
    "aria-label",
    "title",
    "placeholder",
    "alt",
    "data-label",
    "data-none",
    "data-count",
    "data-close",
    "data-failed",
)


def known(language: str) -> dict[str, str]:
    """Every message of the source that is otherwise in `language`, beside its translation."""
    pairs = {}
    for message in translations.read(language):
        if isinstance(message.id, tuple):
            pairs |= dict(zip(message.id, message.string, strict=True))
        elif message.id:
            pairs[message.id] = message.string
    return {source: words for source, words in pairs.items() if source != words}


def pattern(words: str) -> str:
    """A message as it may stand on a page: anything where a name or a number is put in, and no tags."""
    plain = re.sub(r"<[^>]+>", "", words)
    return r"\s*" + r".+?".join(re.escape(part) for part in re.split(r"%\(\w+\)[sd]", plain)) + r"\s*"


class Words(HTMLParser):
    """Each piece of text that a page shows or reads out."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: set[str] = set()
        self._code = ""

    def handle_starttag(self, tag, attrs):
        # What stands there in another language says so, as words to a requester in theirs do.
        says_so = tag in ("textarea", "blockquote") and "lang" in dict(attrs)
        self._code = tag if tag in ("script", "style") or says_so else ""
        self.pieces |= {value.strip() for name, value in attrs if name in READ and value}

    def handle_data(self, data):
        if not self._code and (words := " ".join(data.split())):
            self.pieces.add(words)


def shown(client, address: str) -> set[str]:
    words = Words()
    words.feed(client.get(address).content.decode())
    return words.pieces


def addresses(desk) -> list[str]:
    known_numbers = numbers(desk)
    every = {name: found for name, found in {**PLAIN, **WITH_FORMS}.items() if name != "components"}
    return [*SIGNED_OUT.values(), *(one.format(**known_numbers) for found in every.values() for one in found)]


def foreign(pieces: set[str], messages: set[str]) -> set[str]:
    """The pieces that are one of the messages, whole."""
    # One long word may be the same in both languages, or be somebody's name; a message of placeholders says nothing.
    wanted = [one for one in messages if len(re.sub(r"%\(\w+\)[sd]", "", one).split()) > 1]
    fixed = {one for one in wanted if "%(" not in one}
    moving = re.compile("|".join(f"(?:{pattern(one)})" for one in wanted if "%(" in one))
    return {piece for piece in pieces - STORED if piece in fixed or moving.fullmatch(piece)}


def test_no_page_in_norwegian_shows_a_sentence_of_the_source_and_no_english_page_a_norwegian_one(lively_desk):
    client = lively_desk.client(lively_desk.cast.kari)
    faults = []
    for language in ("nb", "nn", "en"):
        client.cookies["language"] = language
        pairs = known("nb" if language == "en" else language)
        messages = set(pairs.values()) - set(pairs) if language == "en" else set(pairs) - set(pairs.values())
        for address in addresses(lively_desk):
            faults += [f"{language} {address}: {piece}" for piece in foreign(shown(client, address), messages)]
    assert faults == []


# «fre. 20. november», «3. mars»; in what Nora's mail quotes they are hers.
NORWEGIAN_DATE = re.compile(
    r"\b(?:(?:man|tirs?|ons|tors?|fre|lør|søn)(?:dag)?\.? \d|\d{1,2}\.? (?:januar|februar|mars|mai|juni|juli|oktober|desember)\b|kl\. )",
    re.IGNORECASE,
)


def test_dates_and_times_on_english_pages_are_english(lively_desk):
    client = lively_desk.client(lively_desk.cast.kari)
    client.cookies["language"] = "en"
    faults = {
        piece for address in addresses(lively_desk) for piece in shown(client, address) if NORWEGIAN_DATE.search(piece)
    }
    assert {piece for piece in faults if "skrev IKT" not in piece} == set()
