"""The product's files as trees, read once for all structure tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ROOT / "saksgang"
# Others' files, and what is made by running.
FOREIGN = {
    ".venv",
    ".git",
    "var",
    "vendor",
    "__pycache__",
    "node_modules",
    "build",
    "mutants",
    ".hypothesis",
    ".import_linter_cache",
    ".ruff_cache",
    ".mypy_cache",
    ".pytest_cache",
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def own_files(folder: Path = ROOT) -> list[Path]:
    """Every file of ours below a folder."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not FOREIGN & set(path.relative_to(ROOT).parts) and path.suffix != ".pyc"
    )


def product_files() -> list[Path]:
    """The product's Python files, migrations apart: those are written by Django."""
    return [path for path in own_files(PRODUCT) if path.suffix == ".py" and "migrations" not in path.parts]


def room_of(path: Path) -> str:
    parts = path.relative_to(PRODUCT).parts
    return parts[0] if len(parts) > 1 else parts[0].removesuffix(".py")


@lru_cache(maxsize=2000)
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything a file imports, also inside functions."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, one.name) for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            for one in node.names:
                yield node.lineno, f"{node.module}.{one.name}"


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
