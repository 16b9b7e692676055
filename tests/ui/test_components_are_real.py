"""The page of components shows what the product has, and nothing else: its classes are drawn somewhere, and the words on its
buttons, marks and headings are words that the product's pages say."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import saksgang

pytestmark = pytest.mark.once

ROOT = Path(saksgang.__file__).parent
SAMPLES = sorted((ROOT / "ui/templates/ui/samples").glob("*.html"))
DRAWN = "\n".join(
    path.read_text()
    for folder in ("console", "ui")
    for ending in ("*.html", "*.py", "*.js")
    for path in sorted((ROOT / folder).rglob(ending))
    if "samples" not in str(path) and "vendor" not in str(path)
)
# What a button, a mark or a heading says. Subjects, names and what people wrote are made up.
SAID_BY = {"button", "summary", "th", "dt"}
SAID_IN = {"tag", "what", "kind", "live-state", "slip-why", "side-title", "act-button", "toast-undo", "ds-button"}


def said() -> set[str]:
    """Every bokmål word of the product, without what is filled in."""
    with (ROOT / "locale/nb/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file, locale="nb")
    texts = {
        text for one in catalogue if one.id for text in (one.string if isinstance(one.string, tuple) else [one.string])
    }
    return {text.lower() for text in texts} | {"", "r", "i", "o", "v", "t"}


class Words(HTMLParser):
    """The words of the elements that are looked at, and all classes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.words: list[str] = []
        self.classes: set[str] = set()

    def handle_starttag(self, tag, attrs):
        classes = set((dict(attrs).get("class") or "").split())
        self.classes |= classes
        looked_at = tag in SAID_BY or bool(classes & SAID_IN)
        if looked_at and "muted" not in classes:
            self.words.append("")
        if tag not in ("input", "col", "br", "hr"):
            self.open.append((tag, looked_at))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self.open and self.open[-1][1] and self.words:
            self.words[-1] += data


def read(path: Path) -> Words:
    parser = Words()
    parser.feed(re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(), flags=re.S))
    return parser


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_class_is_drawn_by_the_product(path):
    unknown = sorted(
        name for name in read(path).classes if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", DRAWN)
    )
    assert unknown == []


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_button_mark_and_heading_says_what_the_product_says(path):
    known = said()
    made_up = [words for one in read(path).words if (words := " ".join(one.split())) and words.lower() not in known]
    assert made_up == []
