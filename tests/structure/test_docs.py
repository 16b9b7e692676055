"""The documents tell the truth: every setting, room and decision is mentioned, and nothing that is gone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "saksgang"
READS = re.compile(r'env\.\w+\("([A-Z_]+)"')


def test_every_setting_stands_in_the_operations_guide():
    read = set(READS.findall((SOURCE / "config" / "settings.py").read_text()))
    told = set(re.findall(r"`([A-Z_]+)`", (ROOT / "docs" / "operations.md").read_text()))
    assert len(read) > 10
    assert read - told == set()


def test_every_room_stands_in_the_architecture_and_no_other():
    rooms = {path.parent.name for path in SOURCE.glob("*/__init__.py")} | {"cli"}
    table = (ROOT / "ARCHITECTURE.md").read_text().partition("| room |")[2].partition("\n\n")[0]
    told = {
        room for cell in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE) for room in re.findall(r"`(\w+)`", cell)
    }
    assert told == rooms


def test_every_decision_is_listed():
    folder = ROOT / "docs" / "decisions"
    pages = {path.name for path in folder.glob("0*.md")}
    assert set(re.findall(r"\((0[^)]+\.md)\)", (folder / "README.md").read_text())) == pages


def test_links_between_documents_lead_somewhere():
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_every_command_stands_in_a_document():
    commands = set(re.findall(r'^    "(\w+)": "saksgang\.', (SOURCE / "cli.py").read_text(), re.MULTILINE))
    told = (ROOT / "docs" / "operations.md").read_text() + (ROOT / "README.md").read_text()
    assert commands >= {"serve", "work", "mail", "check"}
    assert {name for name in commands if not re.search(rf"(saksgang|make) {name}\b", told)} == set()
