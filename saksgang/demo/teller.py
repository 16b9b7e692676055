"""The process that tells the ninety days behind, gently, while the demo is already in use."""

from __future__ import annotations

import os
import signal
import threading

PAUSE = 0.05  # seconds between two cases, in which the pages and the worker write


def main() -> int:
    import django

    django.setup()
    from saksgang.demo import opening, plan
    from saksgang.demo.models import DemoMark

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    os.nice(10)
    mark = DemoMark.objects.get()
    opening.tell_all(plan.rest(mark.seed), mark, pause=PAUSE, stop=stop.is_set)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
