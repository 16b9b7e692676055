"""Bytes that others wrote, handed out so that no browser ever runs them (S7, S8)."""

from __future__ import annotations

from django.http import FileResponse, Http404

from saksgang.lib import files, pictures, text

# All the others go out as bytes without a meaning. Even these are downloaded; only `picture` hands out what a page shows.
HARMLESS = {"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain"}
# What a picture is shown of; what is larger is only downloaded. The dots count too: a small file may hold a wall of them.
MOST_SHOWN_BYTES = 8_000_000
MOST_SHOWN_DOTS = 50_000_000


def download(sha256: str, *, name: str, content_type: str = "") -> FileResponse:
    """The stored file as an attachment: sandboxed, never guessed at, never cached. Raises Http404 when it is gone or damaged."""
    _check_whole(sha256)
    kind = content_type if content_type in HARMLESS else "application/octet-stream"
    return _handed_out(sha256, name=name, content_type=kind, as_attachment=True)


def picture(sha256: str, *, name: str) -> FileResponse:
    """The stored file to be shown, when its own bytes say that it is a picture of dots; its sender is not believed.
    Raises Http404 for everything else, and for what is too large to show.
    """
    _check_whole(sha256)
    with files.path_of(sha256).open("rb") as content:
        found = pictures.read(content.read(pictures.HEAD))
    if found is None or found.width * found.height > MOST_SHOWN_DOTS:
        raise Http404
    return _handed_out(sha256, name=name, content_type=found.content_type, as_attachment=False)


def _check_whole(sha256: str) -> None:
    if not files.is_whole(sha256):
        raise Http404


def _handed_out(sha256: str, *, name: str, content_type: str, as_attachment: bool) -> FileResponse:
    response = FileResponse(
        files.path_of(sha256).open("rb"),
        as_attachment=as_attachment,
        filename=text.safe_file_name(name, "vedlegg"),
        content_type=content_type,
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store, private"
    return response
