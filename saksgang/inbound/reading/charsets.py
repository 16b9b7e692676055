"""Bytes of strangers as text: the declared charset, then UTF-8, then cp1252. Never raises, never adds U+FFFD.

Charset guessers are not used: they read «blåbær» as Chinese.
"""

import codecs
import re

# cp1252 with the C1 control of latin-1 in its five holes, so that every byte has a character.
_WESTERN = "".join(bytes([n]).decode("cp1252", "ignore") or chr(n) for n in range(256))

# Labels that mean «western, more or less»: what is sent under them is cp1252, as browsers read it too.
_LABELS_FOR_WESTERN = {"iso8859-1", "cp1252", "latin-1", "latin1"}
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "ks_c_5601-1987": "cp949", "shift_jis": "cp932"}
# Other codecs of Python are no charsets of text (zlib, rot13, idna), or let anything hide in plain ASCII (utf-7).
_TRUSTED = re.compile(
    r"(?:utf-(?:8|16|32)(?:-[bl]e)?|utf-8-sig|cp\d+|iso8859-\d+|koi8-[rut]|mac-[a-z]+|gb18030|gb2312|gbk|big5(?:hkscs)?"
    r"|euc_(?:jp|kr|jis_2004|jisx0213)|shift_jis\w*|iso2022_\w+|johab|tis-620|ptcp154|kz1048)"
)
_ISO_2022_JP = re.compile(rb"\x1b\$[@B]")
_MOST_TO_MEND = 200_000


def decode(data: bytes, declared: str) -> str:
    """The text of the bytes. `declared` is the charset label as sent; "" or nonsense is no trouble."""
    name = _codec(declared)
    if name in _LABELS_FOR_WESTERN:
        return _western(data)
    for attempt in (name, "utf-8"):
        text = _strictly(data, attempt)
        if text is not None:
            return text.removeprefix("\ufeff")
    if name == "utf-8" and len(data) <= _MOST_TO_MEND:
        # Mostly UTF-8 with some stray bytes, for example cut within a letter: only those are read as cp1252.
        return data.decode("utf-8", "saksgang_western").removeprefix("\ufeff")
    return codecs.charmap_decode(data, "strict", _WESTERN)[0]


def is_utf_8(data: bytes) -> bool:
    return _strictly(data, "utf-8") is not None


def cut(data: bytes, most: int) -> bytes:
    """At most so many bytes, not ending within a letter of UTF-8: one torn letter would make the others unreadable."""
    end = most
    while max(most - 4, 0) < end < len(data) and data[end] & 0xC0 == 0x80:
        end -= 1
    return data[:end]


def _codec(declared: str) -> str:
    """Python's name of a charset that may be trusted, or ""."""
    label = declared.strip().strip("\"'").lower()
    label = _WIDER.get(label, label)
    try:
        name = codecs.lookup(label).name if 0 < len(label) <= 40 and label.isascii() else ""
    except (LookupError, ValueError):
        return ""
    if name == "cp1252" or not _TRUSTED.fullmatch(name):
        return name if name == "cp1252" else ""
    return _WIDER.get(name, name)


def _western(data: bytes) -> str:
    """cp1252. UTF-8 under a latin-1 label shows itself by bytes that cp1252 has no letter for."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        text = _strictly(data, "utf-8")
        return text if text is not None else codecs.charmap_decode(data, "strict", _WESTERN)[0]


def _strictly(data: bytes, name: str) -> str | None:
    if not name:
        return _strictly(data, "iso2022_jp") if _ISO_2022_JP.search(data) else None
    if name.startswith(("utf-16", "utf-32")) and b"\0" not in data and _strictly(data, "utf-8") is not None:
        return None
    try:
        text = data.decode(name)
    except (UnicodeError, ValueError):
        return None
    # A charset that decodes to «unknown» has not decoded; and in UTF-8 the character is the sender's own.
    return None if "\ufffd" in text and name != "utf-8" else text


def _as_western(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return codecs.charmap_decode(error.object[error.start : error.end], "strict", _WESTERN)[0], error.end


codecs.register_error("saksgang_western", _as_western)
