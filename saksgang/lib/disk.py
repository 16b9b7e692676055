"""Whether this process can write where the desk keeps its files."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.conf import settings


def trouble() -> str:
    """Why nothing can be written to DATA_DIR or its folder of files, in the system's words; empty when all is well.

    It really writes: rights say nothing of a full disk or of one that went read-only.
    """
    folder = Path(settings.DATA_DIR)
    files = folder / "files"
    try:
        for place in (folder, files) if files.exists() else (folder,):
            with tempfile.TemporaryFile(dir=place, prefix=".try-") as file:
                file.write(bytes(4096))
                file.flush()
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""
