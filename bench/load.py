"""Sixteen people at the pages and fifty mail servers at the door, all at once and as fast as they are answered, for a minute.

    .venv/bin/python -m bench.load
    .venv/bin/python -m bench.load --seconds 60 --people 16 --servers 50 --tickets 2000 --database postgresql
    .venv/bin/python -m bench.load --seconds 20 --people 8 --servers 0 --tickets 10000 --pages /queue    # a closed loop on the list

Every answer that is not the one hoped for is an error. Pages, worker and listener are processes of their own, as in production;
what they hold of memory afterwards is read from /proc, and so is `serve`'s processor time for a page: on a machine that others use too, the cores
divided by it say how many pages a second it would give if it were free. The tree of `serve` counts whole: its parent and each of its processes.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import smtplib
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from bench.flood import Relay, free_port, wait_until_it_listens

PAGES = ("/", "/queue", "/tickets/{nth}", "/search?q=skriver", "/tickets/new", "/mail", "/tickets/{nth}/history")
SAKSGANG = Path(sys.executable).parent / "saksgang"


class Load:
    def __init__(self, seconds: float, pages: list[str]) -> None:
        self.end = time.monotonic() + seconds
        self.pages = pages
        self.counted: Counter[str] = Counter()
        self.slowest: dict[str, float] = {}
        self.lock = threading.Lock()

    def note(self, kind: str, took: float, trouble: str = "") -> None:
        with self.lock:
            self.counted[kind] += 1
            self.slowest[kind] = max(took, self.slowest.get(kind, 0.0))
            if trouble:
                self.counted[f"error: {kind} {trouble}"] += 1

    def person(self, nth: int, port: int, cookie: str, tickets: int) -> None:
        """Somebody who reads one page after the other."""
        luck = random.Random(nth)
        while time.monotonic() < self.end:
            path = luck.choice(self.pages).format(nth=luck.randrange(1, tickets))
            request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Cookie": cookie})
            begun, trouble = time.monotonic(), ""
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    words = answer.read()
                    trouble = "" if b"</html>" in words and "sign-in" not in answer.url else "not the page"
            except (OSError, urllib.error.URLError) as error:
                trouble = f"{path} {error}"
            self.note("page", time.monotonic() - begun, trouble)

    def server(self, nth: int, port: int) -> None:
        """A mail server with one connection, and always another mail."""
        connection = None
        while time.monotonic() < self.end:
            begun, trouble = time.monotonic(), ""
            sender = f"ansatt{nth}@sykehus.example"
            words = f"From: {sender}\r\nSubject: Skriver {nth} {begun}\r\nMessage-ID: <{nth}-{begun}@sykehus.example>\r\n\r\nHei\r\n"
            try:
                connection = connection or smtplib.SMTP("127.0.0.1", port, timeout=60)
                connection.sendmail(sender, ["ikt@sykehus.example"], words.encode())
            except (OSError, smtplib.SMTPException) as error:
                trouble, connection = str(error), None
            self.note("mail", time.monotonic() - begun, trouble)
        if connection:
            connection.quit()


def tree(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in tree(int(child)))]


def memory(pid: int) -> dict[str, float]:
    """MiB of a process and all below it: resident, and the share of it that is theirs alone (what they share counted once)."""
    found = {"resident": 0.0, "share": 0.0}
    for one in tree(pid):
        lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        told = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines[1:]}
        found["resident"] += told["Rss"]
        found["share"] += told["Pss"]
    return {name: round(value, 1) for name, value in found.items()}


def cpu_seconds(pid: int) -> float:
    """Processor time of a process and all below it."""
    ticks = 0
    for one in tree(pid):
        ticks += sum(int(word) for word in Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()[11:13])
    return ticks / os.sysconf("SC_CLK_TCK")


def cookies(people: int) -> list[str]:
    """A session for each person, as signing in makes it."""
    from django.test import Client

    from saksgang.people.models import Account

    found = []
    for account in Account.objects.order_by("pk")[:people]:
        client = Client()
        client.force_login(account)
        found.append(f"sessionid={client.cookies['sessionid'].value}")
    return found


def run(options: argparse.Namespace) -> dict:
    import django

    django.setup()
    from aiosmtpd.controller import Controller
    from django.core.management import call_command
    from django.db import connection

    from bench.fill import fill

    call_command("migrate", verbosity=0)
    fill(options.tickets)
    sessions = cookies(options.people)
    connection.close()
    web, door = free_port(), int(os.environ["SAKSGANG_SMTP_IN_PORT"])
    with ExitStack() as stack:
        catcher = Controller(Relay(), hostname="127.0.0.1", port=int(os.environ["SAKSGANG_SMTP_OUT_PORT"]))
        catcher.start()
        stack.callback(catcher.stop)
        running = {}
        for name, command in (
            ("serve", ["serve", "--processes", "2", "--port", str(web)]),
            ("work", ["work"]),
            ("listen", ["mail", "listen"]),
        ):
            running[name] = subprocess.Popen([SAKSGANG, *command], stdout=sys.stderr)
            stack.callback(running[name].wait)
            stack.callback(running[name].terminate)
        for port in (web, door):
            wait_until_it_listens(port)
        before = {name: memory(process.pid) for name, process in running.items()}
        load = Load(options.seconds, options.pages)
        used = cpu_seconds(running["serve"].pid)
        threads = [
            threading.Thread(target=load.person, args=(nth, web, cookie, options.tickets))
            for nth, cookie in enumerate(sessions)
        ]
        threads += [threading.Thread(target=load.server, args=(nth, door)) for nth in range(options.servers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        used = cpu_seconds(running["serve"].pid) - used
        after = {name: memory(process.pid) for name, process in running.items()}
    return {
        "pages_per_second": round(load.counted["page"] / options.seconds, 1),
        "serve_cpu_ms_per_page": round(used * 1000 / max(load.counted["page"], 1), 2),
        "counted": dict(load.counted),
        "slowest_s": {name: round(value, 2) for name, value in load.slowest.items()},
        "mib_before": before,
        "mib_after": after,
        "errors": sum(number for name, number in load.counted.items() if name.startswith("error")),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--people", type=int, default=16)
    parser.add_argument("--servers", type=int, default=50)
    parser.add_argument("--tickets", type=int, default=2000)
    parser.add_argument("--pages", nargs="+", default=list(PAGES))
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    options = parser.parse_args()
    from bench.__main__ import create_database, postgres

    with ExitStack() as stack:
        os.environ["SAKSGANG_DATA_DIR"] = stack.enter_context(tempfile.TemporaryDirectory(prefix="saksgang-load-"))
        if options.database == "postgresql":
            server = postgres(stack)
            create_database(server, "load")
            os.environ["SAKSGANG_DATABASE_URL"] = server + "load"
        os.environ["DJANGO_SETTINGS_MODULE"] = "saksgang.config.settings"
        os.environ["SAKSGANG_LOG_LEVEL"] = "ERROR"
        os.environ["SAKSGANG_SMTP_IN_PORT"], os.environ["SAKSGANG_SMTP_OUT_PORT"] = str(free_port()), str(free_port())
        figures = run(options)
    print(json.dumps({"database": options.database} | figures, indent=1))
    return 1 if figures["errors"] else 0


if __name__ == "__main__":
    sys.exit(main())
