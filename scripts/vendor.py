"""Fetches what others made for the pages (scripts/vendor.json says what and which version) and lays it in the tree.

    python scripts/vendor.py            fetches, checks and writes
    python scripts/vendor.py --check    fetches and checks, writes nothing, fails where the tree differs

The result is committed, so nobody needs npm to run or build Saksgang. A tarball whose sha512 is another than the one in
vendor.json stops everything: a version never changes its content.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = json.loads((ROOT / "scripts" / "vendor.json").read_text())
SPRITE = "saksgang/ui/static/ui/icons.svg"

# Priority is shape + number + colour. The four shapes are our own and take the colour of the text around them.
SHAPES = {
    "priority-1": '<circle cx="12" cy="12" r="9" fill="currentColor"/>',
    "priority-2": '<path d="M12 3 22 20.500H2Z" fill="currentColor"/>',
    "priority-3": '<path d="M12 2.500 21.500 12 12 21.500 2.500 12Z" fill="none" stroke="currentColor" '
    'stroke-width="2.600" stroke-linejoin="round"/>',
    "priority-4": '<path d="M4 12h16" stroke="currentColor" stroke-width="3" stroke-linecap="round"/>',
    "priority-none": '<circle cx="12" cy="12" r="8.500" fill="none" stroke="currentColor" stroke-width="2.400" '
    'stroke-dasharray="4 3.500"/>',
}


def fetch(package: dict, folder: Path) -> Path:
    """The tarball of one package, its checksum tried. Asks the npm client, so its settings and mirrors are obeyed."""
    wanted = f"{package['name']}@{package['version']}"
    done = subprocess.run(
        ["npm", "pack", "--silent", "--pack-destination", str(folder), wanted],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{wanted}: npm pack failed\n{done.stderr.strip()}")
    tarball = folder / done.stdout.strip().splitlines()[-1]
    found = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if found != package["sha512"]:
        sys.exit(f"{wanted}: the sha512 is {found}, not the one in vendor.json. Nothing was written.")
    return tarball


def member(tar: tarfile.TarFile, name: str) -> bytes:
    """The content of one file in a package; npm lays everything under `package/`."""
    file = tar.extractfile(f"package/{name}")
    if file is None:
        sys.exit(f"{tar.name} has no file {name}")
    return file.read()


def without_source_map(name: str, content: bytes) -> bytes:
    """Drops the line that points to a source map: the map is not here, and the static storage refuses a dead link."""
    if not name.endswith((".js", ".css")):
        return content
    content = re.sub(rb"\n?//[#@] ?sourceMappingURL=\S+\s*", b"\n", content)
    return re.sub(rb"\n?/\*[#@] ?sourceMappingURL=.*?\*/\s*", b"\n", content)


def note(package: dict) -> bytes:
    """The README beside the files: what this is and on which terms we have it."""
    text = (
        f"{package['name']} {package['version']}: {package['use']}.\n\n"
        f"Licence: {package['licence']}. Fetched by scripts/vendor.py, not changed except that links to source maps\n"
        "are taken out. Do not edit here: change scripts/vendor.json and run the script.\n"
    )
    if not package["files"]:
        text += "\nThe package holds no licence file of its own; its package.json says MIT, and the makers are NAV.\n"
    return text.encode()


def symbol(name: str, svg: str) -> str:
    """One icon of the package as a <symbol>."""
    inner = re.sub(r"\s*\n\s*", "", re.sub(r"</?svg[^>]*>", "", svg))
    return f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>'


def sprite(tar: tarfile.TarFile) -> bytes:
    """All icons that are used, and the shapes of the priorities, in one file."""
    symbols = [
        symbol(name, member(tar, f"dist/svg/{source}.svg").decode()) for name, source in MANIFEST["icons"].items()
    ]
    symbols += [symbol(name, shape) for name, shape in SHAPES.items()]
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg">',
        "<!-- Aksel icons by NAV, MIT licence; the shapes priority-* are Saksgang's own. Made by scripts/vendor.py. -->",
        *symbols,
        "</svg>",
        "",
    ]
    return "\n".join(lines).encode()


def wanted_files() -> dict[str, bytes]:
    """Every file that shall stand in the tree: its path from the root, and its content."""
    files: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as folder:
        for package in MANIFEST["packages"]:
            with tarfile.open(fetch(package, Path(folder))) as tar:
                for source, target in package["files"].items():
                    files[f"{package['into']}/{target}"] = without_source_map(target, member(tar, source))
                if package["name"].endswith("aksel-icons"):
                    files[SPRITE] = sprite(tar)
            files[f"{package['into']}/README.txt"] = note(package)
    return files


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--check", action="store_true", help="write nothing; fail where the tree differs")
    check = arguments.parse_args().check
    wrong = []
    for name, content in wanted_files().items():
        path = ROOT / name
        if path.exists() and path.read_bytes() == content:
            continue
        wrong.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    for name in wrong:
        print(("differs: " if check else "wrote ") + name)
    if check and wrong:
        sys.exit(1)


if __name__ == "__main__":
    main()
