"""HTML of strangers: cleaned for showing, and read as text. Bounded in time for any input; nothing here raises."""

import html
import re

import nh3

from saksgang.lib.html_tokens import Token, tokens
from saksgang.lib.text import strip_controls

# Raised when `clean` starts to let through less or more, so that stored cleaned HTML can be made again.
CLEANER_VERSION = 1

_TAG_NAMES = (
    "p br div span b i strong em u s a ul ol li blockquote pre code table thead tbody tr td th h1 h2 h3 h4 h5 h6 hr"
)
_TAGS = set(_TAG_NAMES.split())
_DROPPED_BY_NH3 = {"script", "style", "title", "template", "iframe"}
_URL_SCHEMES = {"http", "https", "mailto", "tel"}

# Measured: nh3 needs 4 s and 800 MiB for 10 MB of `<`, and time with the square of the depth (50,000 deep: 8 s).
_LONGEST_CLEANED = 2_000_000
_MOST_TAGS_CLEANED = 60_000
_DEEPEST_CLEANED = 1_000

_MOST_REFERENCES = 300_000
_DEEPEST_QUOTE = 20


_BLOCK_NAMES = (
    "address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5"
    " h6 header html hr legend li main nav ol optgroup option p pre section table tbody tfoot thead tr ul"
)
_BLOCKS = set(_BLOCK_NAMES.split())
_WITH_BLANK_LINE = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "blockquote"}
_VOID = {"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr"}

_ATTRIBUTE = re.compile(r"""([a-zA-Z][\w:-]{0,40})\s{0,20}=\s{0,20}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_OPENING = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,15})")
_SPACES = re.compile(r"[ \t\n\r\f\xa0\u200b]+")
_BLANK_RUNS = re.compile(r"\n{3,}")


def clean(source: str) -> str:
    """HTML that may be shown in our pages: listed tags only, no pictures, styles, classes or events, links marked.

    What is too large or too deep for the cleaner comes back as its text in `<pre>`; words are never lost.
    """
    if not source.strip():
        return ""
    if _is_too_much_to_clean(source):
        return "<pre>" + html.escape(to_text(source)) + "</pre>"
    cleaned = nh3.clean(
        strip_controls(source),
        tags=_TAGS,
        clean_content_tags=_DROPPED_BY_NH3,
        attributes={"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "ol": {"start"}},
        url_schemes=_URL_SCHEMES,
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )
    return cleaned if "\ufffd" in source else cleaned.replace("\ufffd", "")


def _is_too_much_to_clean(source: str) -> bool:
    if len(source) > _LONGEST_CLEANED or source.count("<") > _MOST_TAGS_CLEANED:
        return True
    depth = deepest = 0
    for match in _OPENING.finditer(source):
        if match[2].lower() in _VOID:
            continue
        depth = max(depth - 1, 0) if match[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest > _DEEPEST_CLEANED


def to_text(source: str, *, with_addresses: bool = True) -> str:
    """The words of the HTML as readable plain text, in order and none missing.

    Blocks become lines, list items «- », table cells are parted by tabs, quotes get «> » before each line, and a link
    is its text followed by its address in <> where that differs. `with_addresses=False` leaves addresses and picture
    texts out, for comparing words.
    """
    writer = _Writer(with_addresses)
    for token in tokens(source):
        writer.take(token)
    return writer.finish()


def unescaped(text: str) -> str:
    """HTML character references read, without the U+FFFD that Python puts for impossible ones."""
    if not 0 < text.count("&") < _MOST_REFERENCES:
        return text
    read = html.unescape(text)
    return read if "\ufffd" in text else read.replace("\ufffd", "")


class _Writer:
    """Lines of text out of tokens, with the quote depth as a number instead of recursion."""

    def __init__(self, with_addresses: bool) -> None:
        self.with_addresses = with_addresses
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quotes: list[bool] = []
        self.quote_depth = 0
        self.links: list[tuple[str, int]] = []
        self.preformatted = 0
        self.row_has_cell = False

    def take(self, token: Token) -> None:
        if not token.name:
            self._text(token.text)
        elif token.is_end:
            self._end(token.name)
        else:
            self._start(token.name, token.text)

    def finish(self) -> str:
        while self.links:
            self._end_link()
        self._break()
        while self.lines and not self.lines[-1].strip("> "):
            self.lines.pop()
        text = strip_controls("\n".join(self.lines))
        return _BLANK_RUNS.sub("\n\n", text).strip("\n") + "\n" if text.strip() else ""

    def _text(self, source: str) -> None:
        text = unescaped(source)
        if self.preformatted:
            first, *rest = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            self.line.append(first)
            for line in rest:
                self._break(keep_blank=True)
                self.line.append(line)
            return
        text = _SPACES.sub(" ", text)
        if text.startswith(" ") and (not self.line or self.line[-1].endswith((" ", "\t"))):
            text = text[1:]
        if text:
            self.line.append(text)

    def _start(self, name: str, inner: str) -> None:
        if name == "br":
            self._break(keep_blank=True)
        elif name in ("td", "th"):
            self._cell()
        elif name == "a":
            self._start_link(inner)
        elif name == "img":
            self._picture(inner)
        elif name in _BLOCKS:
            self._start_block(name, inner)

    def _start_block(self, name: str, inner: str) -> None:
        self._block(name)
        if name == "li":
            self.line.append("- ")
        elif name == "tr":
            self.row_has_cell = False
        elif name == "pre":
            self.preformatted += 1
        elif name == "hr":
            self.line.append("-" * 20)
            self._break()
        elif name == "blockquote":
            self._set_quotes([*self.quotes[-_DEEPEST_QUOTE * 5 :], _is_quote(inner)])

    def _end(self, name: str) -> None:
        if name == "a":
            self._end_link()
        elif name in _BLOCKS:
            self._break()
            if name == "blockquote":
                self._set_quotes(self.quotes[:-1])
            elif name == "pre":
                self.preformatted = max(self.preformatted - 1, 0)
            self._block(name)

    def _set_quotes(self, quotes: list[bool]) -> None:
        self.quotes = quotes
        self.quote_depth = min(sum(quotes), _DEEPEST_QUOTE)

    def _block(self, name: str) -> None:
        self._break()
        if name in _WITH_BLANK_LINE and self.lines and self.lines[-1].strip("> "):
            self._break(keep_blank=True)

    def _break(self, *, keep_blank: bool = False) -> None:
        text = "".join(self.line)
        text = text.rstrip("\n") if self.preformatted else text.rstrip(" ")
        self.line = []
        if text.strip() or keep_blank:
            self.lines.append(("> " * self.quote_depth + text).rstrip(" "))

    def _cell(self) -> None:
        if self.row_has_cell and self.line:
            self.line = ["".join(self.line).rstrip(" "), "\t"]
        self.row_has_cell = True

    def _start_link(self, inner: str) -> None:
        self._end_link()
        address = _attribute(inner, "href")
        self.links.append((address if address.lower().startswith(("http:", "https:", "mailto:", "tel:")) else "", 0))
        self.links[-1] = (self.links[-1][0], len(self.line))

    def _end_link(self) -> None:
        if not self.links:
            return
        address, place = self.links.pop()
        # The line may have been broken inside the link; then all of the line now being written is link text.
        shown = "".join(self.line[place if place <= len(self.line) else 0 :]).strip()
        plain = address.removeprefix("mailto:").removeprefix("tel:")
        if self.with_addresses and plain and _same(plain) != _same(shown):
            self.line.append(f" <{plain}>" if shown else f"<{plain}>")

    def _picture(self, inner: str) -> None:
        text = _attribute(inner, "alt")
        if text and self.with_addresses:
            self.line.append(f"[{_SPACES.sub(' ', text).strip()}]")


def _same(address: str) -> str:
    return address.lower().removeprefix("http://").removeprefix("https://").rstrip("/")


def _is_quote(inner: str) -> bool:
    """Whether a blockquote quotes somebody. Outlook and Gmail also use it, with a style and no border, to indent."""
    if "type=" in inner or "class=" in inner or "cite=" in inner:
        return True
    style = _attribute(inner, "style").replace(" ", "").lower()
    return not style or ("border-left" in style and "border-left:none" not in style)


def _attribute(inner: str, name: str) -> str:
    for match in _ATTRIBUTE.finditer(inner):
        if match[1].lower() == name:
            return unescaped(match[2] or match[3] or match[4] or "").strip()
    return ""
