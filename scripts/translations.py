"""Keeps the translations: gathers messages from the source, compiles, and proves that nothing is missing.

translations.py            gathers new messages into saksgang/locale/*/LC_MESSAGES/django.po and compiles them
translations.py --check    changes nothing; fails when a message is missing or a compiled file is out of date
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "saksgang"
KEYWORDS = {
    "gettext": None, "gettext_lazy": None, "_": None,
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
# Complete in every message; English is the messages' own language.
LANGUAGES = ("nb", "nn")


def gather() -> Catalog:
    """Every message of the code and the templates, with its context."""
    catalog = Catalog(project="Saksgang", charset="utf-8")
    methods = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
    options = {"**/templates/**.html": {"silent": "false"}}  # a template that cannot be read has messages too
    found = extract_from_dir(str(SOURCE), methods, options, keywords=KEYWORDS)
    for name, _line, message, _comments, context in found:
        if "/migrations/" not in f"/{name}":
            catalog.add(message, context=context, locations=[(name, 0)])
    return catalog


def path_of(language: str) -> Path:
    return SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalog: Catalog) -> bytes:
    written = io.BytesIO()
    write_mo(written, catalog)
    return written.getvalue()


def update() -> None:
    source = gather()
    for language in LANGUAGES:
        catalog = read(language)
        catalog.update(source, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=120, sort_output=True, omit_header=False, include_lineno=False)
        path.with_suffix(".mo").write_bytes(compiled(read(language)))


def check() -> list[str]:
    """Sentences about what is missing."""
    source = gather()
    complaints = []
    for language in LANGUAGES:
        catalog = read(language)
        for message in source:
            known = catalog.get(message.id, message.context) if message.id else message
            if known is None or not all(known.string if isinstance(known.string, tuple) else [known.string]):
                complaints.append(f"{language}: no translation of {message.context or ''} {message.id!r}")
        mo = path_of(language).with_suffix(".mo")
        if not mo.exists() or mo.read_bytes() != compiled(catalog):
            complaints.append(f"{language}: {mo.name} is not what {path_of(language).name} gives")
    return complaints


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    if "--check" in sys.argv:
        found_missing = check()
        print("\n".join(found_missing))
        sys.exit(bool(found_missing))
    update()
