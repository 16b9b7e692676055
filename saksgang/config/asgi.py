"""The entry that the web server loads: the stream of changes as ASGI, all other pages as WSGI in threads of their own.

Streams cost a thread each on WSGI, and Django's own ASGI costs every page twice the processor (docs/decisions/0018-live.md).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from a2wsgi import WSGIMiddleware

from saksgang.config.wsgi import application as pages

# Read after the line above, which has set Django up.
from saksgang.console.live.stream import PATH, Receive, Scope, Send, Streams

streams = Streams(pages)


def beside_streams(environ: Any, start_response: Any) -> Iterable[bytes]:
    """A page learns from this that there is a stream to listen to."""
    environ["saksgang.live"] = PATH
    return pages(environ, start_response)


# `serve --threads`, handed on by config/serving.py.
threaded = WSGIMiddleware(beside_streams, workers=int(os.environ.get("SAKSGANG_SERVE_THREADS", "8")))


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http" and scope["path"] == PATH:
        await streams(scope, receive, send)
        return

    async def received() -> dict[str, Any]:
        """a2wsgi takes coroutines only; granian gives something else that can be awaited."""
        return await receive()

    await threaded(scope, received, send)  # type: ignore[arg-type]
