"""Where secrets are read from: an environment variable or a file of their own, never the configuration itself."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from saksgang.upkeep.configuring.document import Wrong


@dataclass(frozen=True)
class Secrets:
    folder: Path  # that of the configuration, from which paths are reckoned

    def of(self, facts: Mapping[str, Any]) -> str | None:
        """The secret that a section points to; None when it points to none. Raises Wrong when there is nothing there."""
        for key, place in facts.items():
            if key.endswith("_env"):
                return self._variable(place)
            if key.endswith("_file"):
                return self._file(place)
        return None

    def _variable(self, name: str) -> str:
        secret = os.environ.get(name, "")
        if not secret:
            raise Wrong(f"The environment variable {name} is empty or not there. Set it and run the command again.")
        return secret

    def _file(self, name: str) -> str:
        try:
            secret = (self.folder / name).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeError) as error:
            raise Wrong(f"The file {name} cannot be read ({type(error).__name__}). Name one that can.") from None
        if not secret:
            raise Wrong(f"The file {name} is empty. Write the secret on its first line.")
        return secret
