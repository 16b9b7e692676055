"""When two deliveries are one mail (mail.md 2). Pure: mails as read come in, keys and answers go out.

In one mailbox the same mail has the same words and files. On its way to another mailbox a mail may have been given a banner, a tag in
its subject, a footer or another encoding: those say nothing of their own.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable

from saksgang.inbound.reading.mail import ReadMail

_WORD = re.compile(r"[^\W_]+")
# «[EKSTERN]», «*** SPAM ***», «EKSTERN:» and the like, which mail systems put before a subject.
_TAG = re.compile(
    r"(?i)\s*(?:\[[^\[\]]{1,40}\]|\*{2,5}[^*]{1,40}\*{2,5}|(?:ekstern|external|extern|spam|mistenkelig|sikker)\b\s*[:>|–-]+)\s*"
)
_RULE = re.compile(r"(?m)^[ \t]*[-_=*~–—]{2,200}[ \t]*$")  # noqa: RUF001 - dashes as footers are drawn with them
_MOST_RULES = 50


def hashes(mail: ReadMail) -> tuple[str, ...]:
    """The sha256 of each attachment, in order of value."""
    return tuple(sorted(hashlib.sha256(one.content).hexdigest() for one in mail.attachments))


def exact(mail: ReadMail) -> str:
    """A key that two deliveries share when nothing that a person could read differs. Needs a Date."""
    return _key("mail", *_marks(mail), " ".join(mail.subject.split()), " ".join(mail.text.split()), *hashes(mail))


def family(mail: ReadMail) -> str:
    """A key that a mail shares with its copies, whatever was done to their words on the way. Needs a Date."""
    return _key("id" if mail.message_id else "date", *_marks(mail))


def adds_nothing(copy: ReadMail, first: ReadMail) -> bool:
    """Whether a copy says nothing that `first` does not say: only banner, tag, footer or encoding differ, or it lacks something."""
    if _words(_untagged(copy.subject)) != _words(_untagged(first.subject)):
        return False
    if not set(hashes(copy)) <= set(hashes(first)):
        return False
    said, known = _words(copy.text), _words(first.text)
    if _within(said, known) is not None:
        return True
    start = _within(known, said)
    if start is None:
        return False
    return _words(copy.visible_text) == _words(first.visible_text) or _is_banner_and_footer(copy, first, start)


def _is_banner_and_footer(copy: ReadMail, first: ReadMail, start: int) -> bool:
    """Whether what stands around the words of `first` is a banner that was folded above them, and a footer below a drawn line."""
    said, known = _words(copy.text), _words(first.text)
    above, below = said[:start], said[start + len(known) :]
    if above and _words(copy.folded_text)[: len(above)] != above:
        return False
    rules = list(_RULE.finditer(copy.text))[-_MOST_RULES:]
    return not below or any(_words(copy.text[rule.end() :]) == below for rule in rules)


def _marks(mail: ReadMail) -> tuple[str, ...]:
    return mail.message_id, mail.from_address, mail.date.isoformat() if mail.date else ""


def _key(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _untagged(subject: str) -> str:
    place = 0
    while match := _TAG.match(subject, place):
        place = match.end()
    return subject[place:]


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _within(wanted: list[str], words: list[str]) -> int | None:
    """Where `wanted` stands in `words` as one run; None when it does not. Sought in text, with a blank around each word."""
    if not wanted:
        return 0
    place = _run(words).find(_run(wanted))
    return None if place < 0 else _run(words)[:place].count(" ")


def _run(words: Iterable[str]) -> str:
    return f" {' '.join(words)} "
