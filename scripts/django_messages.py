"""Finds the messages of Django templates for Babel: {% translate %}, {% blocktranslate %} and _("…") inside tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any

from django.template.base import Lexer, TokenType
from django.utils.text import smart_split
from django.utils.translation import trim_whitespace

CONSTANT = re.compile(r"""_\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\)""")


def unquote(word: str) -> str:
    return word[1:-1].replace('\\"', '"').replace("\\'", "'")


def option(words: list[str], name: str) -> str | None:
    """The quoted word after `name`, such as the one after `context`."""
    return unquote(words[words.index(name) + 1]) if name in words[:-1] else None


def extract(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[tuple[int, str, Any, list]]:
    """Yields (line, function name, messages, comments) as Babel asks."""
    block: list | None = None  # [line, context, trimmed, texts so far]
    for token in Lexer(file.read().decode()).tokenize():
        words = list(smart_split(token.contents)) if token.token_type == TokenType.BLOCK else []
        name = words[0] if words else ""
        if block is None:
            if name in ("blocktranslate", "blocktrans"):
                block = [token.lineno, option(words, "context"), "trimmed" in words, [""]]
            else:
                yield from single(token, name, words)
        elif name in ("endblocktranslate", "endblocktrans"):
            yield finished(block)
            block = None
        elif name == "plural":
            block[3].append("")
        else:
            block[3][-1] += inner(token)


def single(token: Any, name: str, words: list[str]) -> Iterator[tuple[int, str, Any, list]]:
    """The messages of a token outside a block."""
    if name in ("translate", "trans"):
        yield message(token.lineno, option(words, "context"), unquote(words[1]))
    elif token.token_type in (TokenType.BLOCK, TokenType.VAR):
        for constant in CONSTANT.findall(token.contents):
            yield token.lineno, "gettext", unquote(constant), []


def inner(token: Any) -> str:
    """A piece of a block as it stands in the message: text as it is, variables as %(name)s."""
    if token.token_type == TokenType.VAR:
        return f"%({token.contents.strip()})s"
    return token.contents.replace("%", "%%") if token.token_type == TokenType.TEXT else ""


def finished(block: list) -> tuple[int, str, Any, list]:
    line, context, trimmed, texts = block
    texts = [trim_whitespace(text) if trimmed else text for text in texts]
    if len(texts) == 2:
        if context:
            return line, "npgettext", (context, *texts), []
        return line, "ngettext", tuple(texts), []
    return message(line, context, texts[0])


def message(line: int, context: str | None, text: str) -> tuple[int, str, Any, list]:
    return (line, "pgettext", (context, text), []) if context else (line, "gettext", text, [])
