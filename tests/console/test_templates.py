"""What templates must never do."""

from __future__ import annotations

from pathlib import Path

import pytest

import saksgang

pytestmark = pytest.mark.once


def test_no_comment_runs_over_two_lines():
    """Such a comment is none: Django prints it on the page."""
    printed = [
        f"{path.name}: {line.strip()[:60]}"
        for path in Path(saksgang.__file__).parent.rglob("templates/**/*.html")
        for line in path.read_text().splitlines()
        if line.count("{#") != line.count("#}")
    ]
    assert printed == []
