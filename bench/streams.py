"""A hundred open streams, and a change on some case each second: what the server takes of a core, and how soon all are told.

`cpu_ms` is the server's processor time in each second (50 is 5 % of a core); `wall_ms` is from the commit until a stream hears.
Through nginx it is the server's and nginx' together: with the part of deploy/nginx.conf that speaks to the server, without TLS.
"""

from __future__ import annotations

import os
import re
import selectors
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.flood import free_port, wait_until_it_listens
from bench.load import cookies, cpu_seconds, memory

STREAMS = 100
SECONDS = 20
SAKSGANG = Path(sys.executable).parent / "saksgang"


def measure() -> dict:
    with serving() as (server, port):
        return _listened([server.pid], _open(port))


def measure_proxied() -> dict:
    with serving() as (server, port), proxying(port) as (nginx, proxy_port):
        return _listened([server.pid, nginx.pid], _open(proxy_port))


@contextmanager
def serving() -> Iterator[tuple[subprocess.Popen, int]]:
    port = free_port()
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "saksgang.config.settings"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([SAKSGANG, "serve", "--port", str(port)], env=environment, **quiet) as server:
        try:
            wait_until_it_listens(port)
            yield server, port
        finally:
            server.terminate()


NGINX = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi; access_log off;
    {upstream}
    server {{ listen 127.0.0.1:{port}; {location} }}
}}
"""


@contextmanager
def proxying(port: int) -> Iterator[tuple[subprocess.Popen, int]]:
    """nginx before the server, as the example of it says."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        raise SystemExit("nginx is not installed here; leave out proxied_streams")
    example = (Path(__file__).parent.parent / "deploy" / "nginx.conf").read_text().replace(":8000", f":{port}")
    upstream = re.search(r"(?ms)^upstream.*?^}", example)
    location = re.search(r"(?ms)^    location / {.*?^    }", example)
    own = free_port()
    with tempfile.TemporaryDirectory(prefix="saksgang-bench-nginx-") as folder:
        written = NGINX.format(folder=folder, upstream=upstream[0], location=location[0], port=own)
        (Path(folder) / "nginx.conf").write_text(written)
        with subprocess.Popen([program, "-c", f"{folder}/nginx.conf"], stderr=subprocess.DEVNULL) as nginx:
            try:
                wait_until_it_listens(own)
                yield nginx, own
            finally:
                nginx.terminate()


def _open(port: int) -> list[socket.socket]:
    sessions = cookies(16)
    opened = []
    for nth in range(STREAMS):
        stream = socket.create_connection(("127.0.0.1", port), timeout=20)
        asked = f"GET /live/ HTTP/1.1\r\nHost: localhost\r\nCookie: {sessions[nth % len(sessions)]}\r\n\r\n"
        stream.sendall(asked.encode())
        if not stream.recv(4096).startswith(b"HTTP/1.1 200"):
            raise RuntimeError("a stream was refused")
        opened.append(stream)
    return opened


def _listened(pids: list[int], streams: list[socket.socket]) -> dict:
    from saksgang.people.models import Account
    from saksgang.tickets.actions.answering import note
    from saksgang.tickets.models import Ticket

    person, cases = Account.objects.earliest("pk").person, iter(Ticket.objects.filter(open=1).order_by("pk")[:100])
    selector = selectors.DefaultSelector()
    for stream in streams:
        selector.register(stream, selectors.EVENT_READ)
    sent: dict[bytes, float] = {}
    _told(selector, sent, time.monotonic() + 3)
    delays, began, used = [], time.monotonic(), sum(map(cpu_seconds, pids))
    for second in range(SECONDS):
        case = next(cases)
        note(ticket=case, by=person, words="Målt.")
        sent[b"case:%d" % case.pk] = time.monotonic()
        delays += _told(selector, sent, began + second + 1)
    cpu = (sum(map(cpu_seconds, pids)) - used) * 1000 / (time.monotonic() - began)
    delays += _told(selector, sent, time.monotonic() + 2)
    if len(delays) < STREAMS * SECONDS * 0.99:
        raise RuntimeError(f"{len(delays)} of {STREAMS * SECONDS} were told")
    return {
        "cpu_ms": cpu,
        "wall_ms": statistics.median(delays),
        "wall_ms_p95": sorted(delays)[int(len(delays) * 0.95)],
        "floor_ratio": None,
        "per_second": STREAMS,
        "rss_mib": memory(pids[0])["resident"],
    }


def _told(selector: selectors.BaseSelector, sent: dict[bytes, float], until: float) -> list[float]:
    """How many milliseconds after it was written each case was heard of on each stream; what comes until then."""
    delays = []
    while (left := until - time.monotonic()) > 0:
        for key, _mask in selector.select(timeout=left):
            heard = set(key.fileobj.recv(65_536).split())
            delays += [(time.monotonic() - at) * 1000 for case, at in sent.items() if case in heard]
    return delays
