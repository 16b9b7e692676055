"""text/enriched (RFC 1896) and its elder text/richtext (RFC 1341) as plain words. Never raises; linear."""

import re

_NOT_SHOWN = re.compile(r"(?is)<param>[^<]{0,5000}</param>|<comment>[^<]{0,5000}</comment>")
_COMMAND = re.compile(r"</?[A-Za-z0-9-]{1,60}>")
_LINE_ENDS = re.compile(r"\n+")
_RICHTEXT_BREAK = re.compile(r"(?i)<nl>|</paragraph>|<np>")
_RICHTEXT_SIGN = re.compile(r"(?i)<lt>")
_LESS_THAN = "\0"  # stands for a sign that begins no command


def to_text(source: str, *, is_richtext: bool) -> str:
    """The words. Lines are joined where the sender's program broke them and nothing shows that they meant it."""
    text = _NOT_SHOWN.sub("", source.replace(_LESS_THAN, ""))
    if is_richtext:
        text = text.replace("\n", " ") if _RICHTEXT_BREAK.search(text) else text
        text = _RICHTEXT_SIGN.sub(_LESS_THAN, _RICHTEXT_BREAK.sub("\n", text))
    else:
        if "\n\n" in text.strip("\n") and "<nofill>" not in text.lower():
            text = _LINE_ENDS.sub(lambda ends: "\n" * (len(ends[0]) - 1) or " ", text)
        text = text.replace("<<", _LESS_THAN)
    return _COMMAND.sub("", text).replace(_LESS_THAN, "<")
