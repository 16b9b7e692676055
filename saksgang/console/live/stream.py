"""The stream itself (server-sent events), as ASGI: `GET /live/?since=MILLISECONDS`.

Whether somebody may listen is asked of the pages: the request goes through the same middleware and the same view decorator as every
other, at the beginning and each minute. What answers here is only how the words go out.
"""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from a2wsgi.wsgi import build_environ
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections
from django.http.response import HttpResponseBase

from saksgang.console.live.listeners import Listener, Listeners
from saksgang.console.live.watching import Watching
from saksgang.people.models import Person

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

PATH = "/live/"
BEAT = 15.0  # seconds: proxies give up on a stream that is silent for a minute, and pages know by it that they are not forgotten
RETRY = 2000  # milliseconds until the browser comes again
MARGIN = 2.0  # seconds: a page was read from the database a little before it says it was made
# Nobody has so many browsers; a page that opens one after the other takes no more than these.
MOST_OF_ONE = 20
MOST = 2000


class Streams:
    """The ASGI application of one address."""

    def __init__(self, pages: WSGIHandler) -> None:
        self._pages = pages
        self._doors = ThreadPoolExecutor(2, thread_name_prefix="live-door")
        self._listeners = Listeners()
        self._watching: Watching | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._doors, self._ask, scope)
        person = getattr(answer, "listens", None)
        if person is None or scope["method"] != "GET":
            await _answer(answer, send)
            return
        if len(self._listeners) >= MOST or self._listeners.of(person) >= MOST_OF_ONE:
            await _refuse(send)
            return
        if self._watching is None:
            self._watching = Watching(loop, self._listeners)
        ask_again = partial(self._still_listens, scope, person.pk)
        listener = Listener(person, answer.session_key, ask_again)  # type: ignore[attr-defined]
        self._listeners.add(listener)
        self._watching.somebody.set()
        try:
            missed = await loop.run_in_executor(self._doors, self._listeners.missed, person, _since(scope))
            if missed:
                listener.hear(missed)
            await _stream(listener, answer, receive, send)
        finally:
            self._listeners.remove(listener)

    def _ask(self, scope: Scope) -> HttpResponseBase:
        """What the page of this address says to whoever asks."""
        # Nothing is sent with it.
        environ: dict[str, Any] = dict(build_environ(scope, io.BytesIO()))  # type: ignore[arg-type]
        close_old_connections()  # as at the beginning of every request
        answer = self._pages.get_response(self._pages.request_class(environ))
        answer.close()
        return answer

    def _still_listens(self, scope: Scope, person_id: int) -> Person | None:
        person: Person | None = getattr(self._ask(scope), "listens", None)
        return person if person and person.pk == person_id else None


async def _stream(listener: Listener, answer: HttpResponseBase, receive: Receive, send: Send) -> None:
    """Until one of the two goes."""
    kept = [(name, value) for name, value in _headers(answer) if name not in (b"content-length", b"content-type")]
    kept += [(b"content-type", b"text/event-stream"), (b"x-accel-buffering", b"no")]
    await send({"type": "http.response.start", "status": 200, "headers": kept})
    await _write(send, f"retry: {RETRY}\n" + _event("beat", ""))
    leaving = asyncio.ensure_future(_until_gone(listener, receive))
    loop = asyncio.get_running_loop()
    beat = loop.call_later(BEAT, listener.wake.set)
    try:
        while not listener.over:
            await listener.wake.wait()
            words = listener.told()
            if not listener.over:
                await _write(send, _event("told", words) if words else _event("beat", ""))
            beat.cancel()
            beat = loop.call_later(BEAT, listener.wake.set)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        beat.cancel()
        leaving.cancel()


async def _until_gone(listener: Listener, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.end()


def _event(kind: str, words: str) -> str:
    """The id is what the browser brings back as the moment from which it wants to hear."""
    return f"event: {kind}\nid: {int(time.time() * 1000)}\ndata: {words}\n\n"


async def _write(send: Send, words: str) -> None:
    await send({"type": "http.response.body", "body": words.encode(), "more_body": True})


def _since(scope: Scope) -> float:
    """From when on the page wants to hear; what it cannot say is long ago. A browser that comes again says it in a header."""
    again = dict(scope["headers"]).get(b"last-event-id", b"").decode("latin1")
    said = again or parse_qs(scope["query_string"].decode("latin1")).get("since", [""])[0]
    return int(said) / 1000 - MARGIN if said.isascii() and said.isdigit() and len(said) < 16 else 0.0


def _headers(answer: HttpResponseBase) -> list[tuple[bytes, bytes]]:
    found = [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in answer.items()]
    return found + [(b"set-cookie", cookie.output(header="").strip().encode()) for cookie in answer.cookies.values()]


async def _answer(answer: HttpResponseBase, send: Send) -> None:
    await send({"type": "http.response.start", "status": answer.status_code, "headers": _headers(answer)})
    body = b"" if answer.streaming else answer.content  # type: ignore[attr-defined]
    await send({"type": "http.response.body", "body": body})


async def _refuse(send: Send) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"retry-after", b"60"),
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b"Too many streams are open.\n"})
