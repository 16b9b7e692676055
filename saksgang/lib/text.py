"""Plain rules for words: search columns, Norwegian order, one-line values and file names. Nothing here raises."""

import re
import unicodedata

# C0 and C1 controls except line feed and tab, the characters that turn reading direction, and lone surrogates,
# which no database and no UTF-8 encoder takes.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_CARRIAGE_RETURN = re.compile("\r\n?")
_INVISIBLE_IN_NAMES = re.compile("[\u200b-\u200f\u2028\u2029\u2060\ufeff\u061c]")
_BAD_IN_NAMES = re.compile(r"""[<>:|*?"'`]+""")
_RESERVED_ON_WINDOWS = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")

_LONGEST_NAME = 120
_LONGEST_ENDING = 20

# Norwegian order ends ... z æ ø å; Swedish and German letters stand where Norwegian lists put them.
_AFTER_Z = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}", "ü": "y", "ð": "d", "þ": "th", "đ": "d"})


def fold(text: str) -> str:
    """Text as a search column holds it: NFKC, case folded, blanks collapsed. æ, ø and å stay letters of their own."""
    wide = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(strip_controls(unicodedata.normalize("NFKC", wide)).split())


def sort_key(name: str) -> str:
    """A string that sorts as Norwegian lists do, by plain comparison. Accents other than in æ ø å are left out."""
    letters = unicodedata.normalize("NFD", fold(name).translate(_AFTER_Z))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def strip_controls(text: str) -> str:
    """The text without NUL, control characters, direction overrides and lone surrogates.

    Line feed and tab stay; CRLF and a lone carriage return become line feed, so that no two lines run together.
    """
    if "\r" in text:
        text = _CARRIAGE_RETURN.sub("\n", text)
    return _UNWANTED.sub("", text)


def one_line(text: str, limit: int) -> str:
    """The text on one line with single blanks, at most `limit` characters; what was cut ends in «…»."""
    line = " ".join(strip_controls(text).split())
    if len(line) <= limit:
        return line
    return line[: max(limit - 1, 0)].rstrip() + "…" if limit > 0 else ""


def words_in(text: str) -> frozenset[str]:
    """The different words of a text that has only blanks between them, such as a list in the source."""
    return frozenset(text.split())


def with_full_stop(words: str) -> str:
    """The words as a sentence: one full stop at the end, unless they end as a sentence does already. Blank stays blank."""
    words = words.strip()
    ended = words.rstrip("\"'»”’)")
    return words if not words or ended.endswith((".", "!", "?", "…", ":")) else words + "."


def safe_file_name(name: str, default: str) -> str:
    """A name fit for a download header and any file system: the last path part, without quotes, controls and
    direction overrides, at most 120 characters with the ending kept; `default` when nothing is left.
    """
    last = re.split(r"[/\\]", name.rstrip("/\\ "))[-1][:10_000]
    last = _INVISIBLE_IN_NAMES.sub("", strip_controls(last.replace("\n", " ").replace("\t", " ")))
    last = _BAD_IN_NAMES.sub("_", " ".join(last.split())).strip(" ._") if _is_only_marks(last) else _tidy(last)
    if not last:
        return default
    if _RESERVED_ON_WINDOWS.match(last):
        last = "_" + last
    return _shorten(last)


def _is_only_marks(name: str) -> bool:
    return not any(letter.isalnum() for letter in name)


def _tidy(name: str) -> str:
    """Quotes leave without a trace at the ends, and as «_» inside; a name neither starts nor ends with a dot."""
    return _BAD_IN_NAMES.sub("_", " ".join(name.split()).strip("\"'` .")).strip(" .")


def _shorten(name: str) -> str:
    if len(name) <= _LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem or len(ending) > _LONGEST_ENDING:
        return name[:_LONGEST_NAME].rstrip(" .")
    return stem[: _LONGEST_NAME - len(ending) - 1].rstrip(" .") + "." + ending
