"""The one thread of a process that listens to the database and tells the open streams. It rests while nobody listens."""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
import time

from django.contrib.sessions.models import Session
from django.db import connection

from saksgang.console.live.changes import EVERYTHING, News, Watch
from saksgang.console.live.listeners import CHECKED_EVERY, Listener, Listeners, words_for
from saksgang.console.live.sources import Call, Source, open_source
from saksgang.events.models import Listening
from saksgang.lib import clock

logger = logging.getLogger(__name__)

LOOK_UP = 1.0  # seconds: how often it looks whether somebody's right to listen must be asked for again
AFTER_TROUBLE = 2.0
# Whoever goes from page to page is away for a moment: what happens then is told when they are back.
LINGERS = 60.0
SIGNS_EVERY = 30.0


class Watching:
    """Made in the event loop, with the first stream."""

    def __init__(self, loop: asyncio.AbstractEventLoop, listeners: Listeners) -> None:
        self._loop, self.listeners = loop, listeners
        self.somebody = threading.Event()
        self.process = secrets.token_hex(8)
        self.lag_ms = 0
        self._signed = float("-inf")
        threading.Thread(target=self._run, name="live", daemon=True).start()

    def _run(self) -> None:
        while True:
            self.somebody.wait()
            try:
                source = open_source()
                try:
                    self._listen(source)
                finally:
                    source.close()
            except Exception:
                logger.exception("listening to the database failed")
                time.sleep(AFTER_TROUBLE)
            finally:
                connection.close()

    def _listen(self, source: Source) -> None:
        """Until nobody has listened for a while. What happened before is not known."""
        watch = Watch()
        self.listeners.forget()
        self._tell(EVERYTHING)
        alone_since = time.monotonic()
        while time.monotonic() - alone_since < LINGERS:
            if call := source.wait(LOOK_UP):
                self._heard(call, watch)
            self._check_rights()
            self._sign()
            if len(self.listeners):
                alone_since = time.monotonic()
        self.somebody.clear()

    def _heard(self, call: Call, watch: Watch) -> None:
        if "sessions" in call.kinds:
            self._end_signed_out()
        news = watch.news(call.events, mails="mails" in call.kinds, presence="presence" in call.kinds)
        if news:
            self.listeners.remember(news)
            self._tell(news)

    def _tell(self, news: News) -> None:
        told = [(one, words) for one in self.listeners.all() if (words := words_for(one.person, news))]
        if told:
            self._loop.call_soon_threadsafe(_say, told)
        if news.since:
            self.lag_ms = max(0, int((clock.now() - news.since).total_seconds() * 1000))

    def _end_signed_out(self) -> None:
        """Signing out deletes the session: its streams end with it."""
        streams = self.listeners.all()
        keys = {one.session_key for one in streams}
        alive = (
            set(Session.objects.filter(session_key__in=keys).values_list("session_key", flat=True)) if keys else set()
        )
        for one in streams:
            if one.session_key not in alive:
                self._loop.call_soon_threadsafe(one.end)

    def _check_rights(self) -> None:
        """A person who was shut out, a role that was taken back, a session that is too old: asked anew each minute."""
        now = time.monotonic()
        for one in self.listeners.all():
            if now - one.checked_at >= CHECKED_EVERY:
                one.checked_at = now
                if person := one.ask_again():
                    one.person = person
                else:
                    self._loop.call_soon_threadsafe(one.end)

    def _sign(self) -> None:
        """For the monitoring: how many listen here, and how late the last change was told."""
        if time.monotonic() - self._signed >= SIGNS_EVERY:
            self._signed = time.monotonic()
            told = {"streams": len(self.listeners), "lag_ms": self.lag_ms, "seen_at": clock.now()}
            Listening.objects.update_or_create(process=self.process, defaults=told)


def _say(told: list[tuple[Listener, set[str]]]) -> None:
    for listener, words in told:
        listener.hear(words)
