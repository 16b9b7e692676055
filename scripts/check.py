"""`make check`: everything about the source that a program can judge. Runs all, reports each, fails if one does."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BIN = Path(sys.executable).parent

CHECKS: dict[str, list[str]] = {
    "format": [f"{BIN}/ruff", "format", "--check", "--quiet", "."],
    "lint": [f"{BIN}/ruff", "check", "--quiet", "--output-format", "concise", "."],
    "types": [f"{BIN}/mypy", "--no-error-summary", "saksgang"],
    "imports": [f"{BIN}/lint-imports"],
    "folders": [sys.executable, "scripts/folders.py"],
    "templates": [f"{BIN}/djlint", "--lint", "--quiet", "saksgang"],
    "migrations": [f"{BIN}/saksgang", "makemigrations", "--check", "--dry-run", "--verbosity", "1"],
    "settings": [sys.executable, "-m", "django", "check"],
    "translations": [sys.executable, "scripts/translations.py", "--check"],
    "vendored": [sys.executable, "scripts/vendor.py", "--check"],
}


def main(only: list[str]) -> int:
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "saksgang.config.settings",
            "SAKSGANG_DATA_DIR": folder,
            "SAKSGANG_DATABASE_URL": "",
            "SAKSGANG_DEMO": "1",
        }
        for name, command in CHECKS.items():
            if only and name not in only:
                continue
            started = time.monotonic()
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            print(
                f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name:13} {time.monotonic() - started:5.1f} s",
                flush=True,
            )
            if done.returncode:
                failed.append(name)
                print(done.stdout[-6000:] + done.stderr[-3000:])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
