"""Nothing in the repository names a machine's folders or a package registry's host."""

from __future__ import annotations

import pytest

from tests.structure.code import ROOT, name_of, own_files

pytestmark = pytest.mark.once

PATTERNS = ["/wor" + "k/", "pypi" + ".org", "npm" + "js", "deb." + "debian", "/home" + "/", "/roo" + "t/"]
# Vendored files keep their authors' words.
OTHERS_WORDS = ("LICENSE", "LICENCE", "scripts/vendor.json")
READABLE = {
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".in",
    ".html",
    ".css",
    ".js",
    ".json",
    ".po",
    ".yml",
    ".yaml",
    ".cfg",
    ".sql",
    "",
}


def test_no_file_names_a_registry_or_a_machines_folder():
    wrong = []
    for path in own_files(ROOT):
        if (
            not path.exists()
            or path.suffix not in READABLE
            or path.name.startswith(OTHERS_WORDS)
            or name_of(path) in OTHERS_WORDS
        ):
            continue
        words = path.read_text(encoding="utf-8", errors="replace")
        wrong += [f"{name_of(path)}: {pattern}" for pattern in PATTERNS if pattern in words]
    assert wrong == []
