"""What `make check` says of rings of modules and of crowded folders, where a made-up product has them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.check import CHECKS
from scripts.folders import MOST
from tests.structure.code import ROOT

pytestmark = pytest.mark.once

PRODUCT = {
    "outright/one.py": "from saksgang.outright import two",
    "outright/two.py": "import saksgang.outright.one",
    "within/one.py": "from saksgang.within.two import name",
    "within/two.py": "name = 1\ndef later():\n    from saksgang.within import one",
    "typed/one.py": "from saksgang.typed import two",
    "typed/two.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from saksgang.typed.one import Thing",
    # No module of these comes back to itself, but each folder needs the other.
    "between/left/one.py": "from saksgang.between.right import one",
    "between/left/two.py": "",
    "between/right/one.py": "",
    "between/right/two.py": "from saksgang.between.left import two",
    "deep/upper/lower/one.py": "from saksgang.deep.upper.lower import two",
    "deep/upper/lower/two.py": "from saksgang.deep.upper.lower import one",
    "inward/__init__.py": "from saksgang.inward import one\nname = 1",
    "inward/one.py": "from saksgang.inward import name",
    "upward/__init__.py": "name = 1",
    "upward/one.py": "from saksgang.upward import name",
    "calm/one.py": "from saksgang.calm import two, three",
    "calm/two.py": "from saksgang.calm import three",
    "calm/three.py": "",
} | {f"full/n{number}.py": "" for number in range(MOST)} | {
    f"crowded/inner/n{number}.py": "" for number in range(MOST + 1)
} | {f"full/migrations/n{number}.py": "" for number in range(MOST + 1)}  # fmt: skip


@pytest.fixture(scope="module")
def product(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("made_up")
    for name, source in PRODUCT.items():
        path = root / "saksgang" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    for folder in [root / "saksgang", *(root / "saksgang").rglob("*/")]:
        (folder / "__init__.py").touch()
    return root


def told(command: list[str], root: Path) -> tuple[int, str]:
    """How a check ends, and what it says, in the folder of the made-up product."""
    found_there = os.environ | {"PYTHONPATH": str(root)}
    done = subprocess.run(command, cwd=root, env=found_there, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def rings(product) -> tuple[int, str]:
    ours = ["--config", str(ROOT / "pyproject.toml"), "--contract", "rings", "--no-cache"]
    return told([*CHECKS["imports"], *ours], product)


@pytest.fixture(scope="module")
def folders(product) -> tuple[int, str]:
    return told([sys.executable, str(ROOT / CHECKS["folders"][1])], product)


@pytest.mark.parametrize("folder", ["outright", "within", "typed", "between", "deep.upper.lower"])
def test_a_ring_is_found_wherever_its_imports_stand(rings, folder):
    ended, words = rings
    assert ended == 1
    assert f"No cycles are allowed in saksgang.{folder}." in words


def test_no_ring_is_made_of_imports_that_lead_down(rings):
    assert "calm" not in rings[1]


def test_a_ring_of_a_folder_and_what_lies_in_it_is_found(folders):
    ended, words = folders
    assert ended == 1
    assert "saksgang.inward.one imports saksgang.inward, whose __init__ needs it" in words
    assert "upward" not in words


def test_a_folder_of_26_modules_is_named_and_one_of_25_is_not(folders):
    assert "saksgang/crowded/inner: 26 modules" in folders[1]
    assert "full" not in folders[1]
