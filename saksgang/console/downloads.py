"""Bytes that others wrote, handed out so that no browser ever runs them (S7, S8)."""

from __future__ import annotations

from django.http import FileResponse, Http404

from saksgang.lib import files, text

# All the others go out as bytes without a meaning. Even these are downloaded, never shown inside our pages.
HARMLESS = {"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain"}


def download(sha256: str, *, name: str, content_type: str = "") -> FileResponse:
    """The stored file as an attachment: sandboxed, never guessed at, never cached. Raises Http404 when it is gone or damaged."""
    if not files.is_whole(sha256):
        raise Http404
    content = files.path_of(sha256).open("rb")
    kind = content_type if content_type in HARMLESS else "application/octet-stream"
    response = FileResponse(
        content, as_attachment=True, filename=text.safe_file_name(name, "vedlegg"), content_type=kind
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store, private"
    return response
