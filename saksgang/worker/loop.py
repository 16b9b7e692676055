"""The worker: decides mails, tells followers, sends mails, and does what time brings about; each in a loop of its own.

A loop is a thread with its own database connection. A relay, an address for alarms or a mail that takes long holds up its own loop.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from django.conf import settings
from django.db import close_old_connections, connection
from django.utils import translation

from saksgang.channels.smtp_out.relay import configured
from saksgang.events import life_signs
from saksgang.events.actions import claim, postpone
from saksgang.events.holding import is_held
from saksgang.inbound.actions import decide_pending
from saksgang.lib import clock
from saksgang.outbound.actions import send_due
from saksgang.worker import slots
from saksgang.worker.schedule import FOLLOWERS, JOBS, LEAVE_THE_HOUSE, RELAY_JOBS, Job
from saksgang.worker.sending import Sending

logger = logging.getLogger(__name__)

IDLE_SECONDS = 0.5
LEAVE_SECONDS = 5  # how long a worker that is told to stop waits for what is begun; what is broken off is done again
AT_ONCE = 10  # events that a follower is told in one round

Round = Callable[[], bool]  # True when there may be more to do at once


def run(stop: threading.Event) -> None:
    """Works until `stop` is set. One trouble in one place never ends a loop, nor holds up another."""
    sending = Sending()
    loops: dict[str, Round] = {
        "decide": lambda: bool(decide_pending()),
        **{f"follow_{name}": partial(_follow_some, name) for name in FOLLOWERS},
        "send": sending.round,
        "jobs": partial(_run_jobs, JOBS),
        "test_mails": partial(_run_jobs, RELAY_JOBS),
    }
    life_signs.begin(loops)
    threads = [
        threading.Thread(target=_turn, args=(name, round_, stop), name=name, daemon=True)
        for name, round_ in loops.items()
    ]
    for thread in threads:
        thread.start()
    stop.wait()
    end = time.monotonic() + LEAVE_SECONDS
    for thread in threads:
        thread.join(timeout=max(0.0, end - time.monotonic()))
    sending.stop()
    connection.close()


def _turn(name: str, round_: Round, stop: threading.Event) -> None:
    """One loop. It leaves a sign of life only after a round that came to its end."""
    signed = float("-inf")
    with translation.override(settings.LANGUAGE_CODE):
        while not stop.is_set():
            try:
                busy = round_()
                if time.monotonic() - signed > life_signs.EVERY.total_seconds():
                    life_signs.leave(name)
                    signed = time.monotonic()
            except Exception:
                logger.exception("the worker's loop %s failed", name)
                connection.close()
                busy = False
            if not busy:
                close_old_connections()
                stop.wait(IDLE_SECONDS)
    connection.close()


def run_once() -> bool:
    """One round of everything, one after the other: for tests and for whoever moves the clock. True when there may be more to do."""
    busy = bool(decide_pending())
    for name in FOLLOWERS:
        busy = bool(follow(name)) or busy
    with configured() as transport:
        busy = bool(send_due(transport)) or busy
    run_due_jobs()
    life_signs.leave()
    return busy


def _follow_some(name: str) -> bool:
    return bool(follow(name, limit=AT_ONCE))


def follow(name: str, *, limit: int = 50) -> int:
    """Lets one follower hear of what is due. Returns how many events it was told."""
    if name in LEAVE_THE_HOUSE and is_held():
        return 0
    deliveries = claim(name, limit=limit)
    for delivery in deliveries:
        try:
            FOLLOWERS[name](delivery)
        except Exception as error:
            logger.exception("follower %s failed on event %s", name, delivery.event_id)
            postpone(delivery, f"{type(error).__name__}: {error}")
    return len(deliveries)


def _run_jobs(jobs: tuple[Job, ...]) -> bool:
    run_due_jobs(jobs)
    return False


def run_due_jobs(jobs: tuple[Job, ...] = ()) -> None:
    """Runs each job, or each of these, whose time slot nobody has taken yet."""
    for job in jobs or (*JOBS, *RELAY_JOBS):
        slot = slots.take(job.name, _slot_start(job, clock.now()))
        if slot is None:
            continue
        try:
            job.run()
        except Exception:
            logger.exception("job %s failed", job.name)
        slots.finish(slot)


def _slot_start(job: Job, now: datetime) -> datetime:
    seconds = int(job.every.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=UTC)
