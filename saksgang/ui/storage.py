"""Static files with the content's hash in their names, and with the modules' imports rewritten to those names."""

from __future__ import annotations

from functools import cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Without this flag main.js would import its neighbours by names that a browser keeps after an upgrade."""

    support_js_module_import_aggregation = True

    @cache  # noqa: B019 - one storage lives as long as the process, and a file's name with it
    def url(self, name: str, force: bool = False) -> str:
        return super().url(name, force)
