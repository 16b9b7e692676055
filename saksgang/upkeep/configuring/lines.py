"""On which line of a TOML file a section or a key stands: the standard library reads the values and forgets their places.

The file is known to be TOML by then. Strings and comments are taken out, so that what looks like a section inside a text is none.
"""

from __future__ import annotations

import re
from collections import Counter

# (section, its number among those of the same name) → key → line; the section's own line stands under "".
Places = dict[tuple[str, int], dict[str, int]]

_STRINGS_AND_COMMENTS = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})|' + r"'''.*?'''(?:'{0,2})|" + r'"(?:\\.|[^"\\\n])*"|' + r"'[^'\n]*'|#[^\n]*",
    re.DOTALL,
)
_HEADER = re.compile(r"\s*(\[{1,2})([^\[\]]+)\]{1,2}\s*$")
_KEY = re.compile(r"\s*([\w-]+)[\w\s.-]*=")


def places(toml: str) -> Places:
    found: Places = {("", 0): {}}
    here, depth = ("", 0), 0
    seen: Counter[str] = Counter()
    for number, line in enumerate(_bare(toml).split("\n"), start=1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if depth == 0 and header:
            here = _section(header[2].replace(" ", ""), many=header[1] == "[[", seen=seen)
            found[here] = {"": number}
        elif depth == 0 and key:
            found[here].setdefault(key[1], number)
        # Inside a list or an inline table that goes over several lines, nothing begins.
        depth += sum(line.count(sign) for sign in "[{") - sum(line.count(sign) for sign in "]}")
    return found


def _bare(toml: str) -> str:
    """The file without strings and comments, with all its line ends."""
    return _STRINGS_AND_COMMENTS.sub(lambda match: "\n" * match[0].count("\n"), toml.replace("\r\n", "\n"))


def _section(name: str, *, many: bool, seen: Counter[str]) -> tuple[str, int]:
    if many:
        seen[name] += 1
        return name, seen[name] - 1
    # A table within a table, `[mailbox.imap]`, belongs to the mailbox above it.
    return name, max(seen[name.partition(".")[0]] - 1, 0)
