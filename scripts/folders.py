"""`make check`: what import-linter does not look at. No folder has more modules than one can know, and none forms a ring
with the modules in it: a folder's `__init__` that uses them is not used by them.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import grimp

MOST = 25


def crowded(root: Path) -> Iterator[str]:
    """Folders below `root` with too many modules. `__init__` is the folder itself, and migrations are read by nobody."""
    modules = (path for path in root.rglob("*.py") if path.name != "__init__.py" and path.parent.name != "migrations")
    for folder, count in sorted(Counter(path.parent for path in modules).items()):
        if count > MOST:
            yield f"{folder.relative_to(root.parent)}: {count} modules, {MOST} at most: make folders of what its readers know"


def rings(graph: grimp.ImportGraph) -> Iterator[str]:
    """Modules that use the folder they lie in, while its `__init__` uses them."""
    for module in sorted(graph.modules):
        for used in sorted(graph.find_modules_directly_imported_by(module)):
            if module.startswith(f"{used}.") and graph.chain_exists(importer=used, imported=module):
                yield f"{module} imports {used}, whose __init__ needs it: a ring"


def main() -> int:
    product = find_spec("saksgang")
    root = Path(str(product and product.origin)).parent
    wrong = [*crowded(root), *rings(grimp.build_graph("saksgang", cache_dir=None))]
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
