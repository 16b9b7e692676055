"""What a long command says while it works, and how it ends when it is stopped.

All of it goes to standard error: on a terminal a bar with the rate and the time that is left, elsewhere a line a minute. Standard
output holds the answer and nothing else.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps

from tqdm import tqdm

STOPPED = 130  # what a shell expects of a command that Ctrl+C has ended
BAR_SECONDS = 0.5
LINE_SECONDS = 60

Run = Callable[[list[str]], int]
Step = Callable[[int], None]

_told: list[str] = []  # what was done, and what was left of it, for whoever stops the command


@contextmanager
def progress(what: str, *, total: int | None = None, unit: str = "rows") -> Iterator[Step]:
    """Tells of one part of the work for as long as the block lasts. It yields what is called when so many more are done.

    A thread of its own speaks: a part that is one long step of the database's says that it goes on, too.
    """
    part = _Part(what, total, unit)
    speaker = threading.Thread(target=part.speak, daemon=True)
    speaker.start()
    try:
        yield part.step
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # putting away what is half must not be stopped again
        note(f"{what}: {part.done} of {total} {unit} were done." if total else f"{what}: not finished.")
        raise
    finally:
        part.over.set()
        speaker.join()


def note(sentence: str) -> None:
    """For whoever stops the command: what holds from now on."""
    _told.append(sentence)


def stoppable(run: Run) -> Run:
    """Ctrl+C ends the command with what was done, and without a traceback."""

    @wraps(run)
    def ends_in_words(arguments: list[str]) -> int:
        _told.clear()
        before = signal.getsignal(signal.SIGINT)
        try:
            return run(arguments)
        except KeyboardInterrupt:
            for sentence in ("Stopped.", *_told):
                print(sentence, file=sys.stderr)  # noqa: T201 - to the person at the command line
            return STOPPED
        finally:
            if threading.current_thread() is threading.main_thread():
                signal.signal(signal.SIGINT, before)

    return ends_in_words


class _Part:
    def __init__(self, what: str, total: int | None, unit: str) -> None:
        self.what, self.total, self.unit = what, total, unit
        self.done, self.begun, self.over = 0, time.monotonic(), threading.Event()

    def step(self, number: int = 1) -> None:
        self.done += number

    def speak(self) -> None:
        if sys.stderr.isatty():
            self._draw()
        while not self.over.wait(LINE_SECONDS):
            passed = time.monotonic() - self.begun
            line = tqdm.format_meter(self.done, self.total, passed, prefix=self.what, unit=f" {self.unit}", ncols=0)
            print(line, file=sys.stderr, flush=True)  # noqa: T201

    def _draw(self) -> None:
        width = os.get_terminal_size(sys.stderr.fileno()).columns or 80  # some terminals say that they have none
        with tqdm(
            total=self.total, desc=self.what, unit=f" {self.unit}", leave=False, ncols=width, nrows=24, file=sys.stderr
        ) as bar:
            while not self.over.wait(BAR_SECONDS):
                bar.n = self.done
                bar.refresh()
