"""The attachments of an import: found inside the folder, checked against their hash, kept."""

from __future__ import annotations

import hashlib
from pathlib import Path

from saksgang.tickets.actions.messages import KeptFile, keep_file
from saksgang.tickets.actions.unattended.importing import OldFile
from saksgang.upkeep.importing.lines import Row, Wrong, past, words, yes


class Files:
    def __init__(self, folder: Path, *, dry_run: bool) -> None:
        self.folder, self.dry_run = folder.resolve(), dry_run

    def take(self, row: Row) -> OldFile:
        """The attachment that a row tells of, with its bytes safely kept. Raises Wrong when they are not there, or are others."""
        name, kind = words(row, "name", 200), words(row, "type", 100)
        sha256 = words(row, "sha256", 64).lower()
        redacted_at = past(row, "redacted_at")
        if redacted_at:
            return OldFile(KeptFile(name, kind, 0, sha256), redacted_at)
        content = self._content(words(row, "path", 1000) or f"files/{sha256}")
        found = hashlib.sha256(content).hexdigest()
        if sha256 and found != sha256:
            raise Wrong(f"the attachment «{name}» has the sha256 {found}, not {sha256}. Fetch the file anew.")
        inline = yes(row, "inline")
        if self.dry_run:
            return OldFile(KeptFile(name, kind, len(content), found, inline))
        return OldFile(keep_file(name=name, content_type=kind, content=content, inline=inline))

    def _content(self, written: str) -> bytes:
        path = (self.folder / written).resolve()
        if not path.is_relative_to(self.folder):
            raise Wrong(f"the attachment «{written}» lies outside the folder. Put it inside, under files/.")
        try:
            return path.read_bytes()
        except (OSError, ValueError) as error:
            raise Wrong(f"the attachment «{written}» cannot be read. Put the file there.") from error
