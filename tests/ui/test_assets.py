"""What lies in static/: no dead links, no inline anything, every icon that a template names is in the sprite."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

UI = Path(__file__).resolve().parents[2] / "saksgang" / "ui"
STATIC = UI / "static" / "ui"
# Mail is read without our stylesheets, so `outbound` may write styles into its templates.
TEMPLATES = [path for path in sorted(UI.parent.glob("*/templates/**/*.html")) if "outbound" not in path.parts]


def test_every_icon_is_in_the_sprite():
    there = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    named = {name for path in TEMPLATES for name in re.findall(r'\bicon\("([\w-]+)"', path.read_text())}
    assert named - there == set()


def test_no_template_has_inline_script_style_or_handlers():
    faults = [
        path.name
        for path in TEMPLATES
        if re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|hx-on|javascript:", path.read_text())
    ]
    assert faults == []


def test_no_source_map_is_named():
    files = [*STATIC.rglob("*.js"), *STATIC.rglob("*.css")]
    assert [path.name for path in files if "sourceMappingURL" in path.read_text()] == []


def test_every_stylesheet_is_imported_and_lies_in_the_layer():
    css = STATIC / "css"
    imported = set(re.findall(r'url\("([\w.]+)"\)', (css / "app.css").read_text()))
    assert imported == {path.name for path in css.glob("*.css")} - {"app.css"}
    assert all("@layer app" in (css / name).read_text() for name in imported)


def test_every_module_is_loaded():
    js = STATIC / "js"
    named = {name for path in js.glob("*.js") for name in re.findall(r'"\./([\w.]+)"', path.read_text())}
    assert named == {path.name for path in js.glob("*.js")} - {"main.js"}


def test_licences_lie_beside_what_we_took():
    for folder in (STATIC / "vendor").iterdir():
        assert "Licence:" in (folder / "README.txt").read_text()
