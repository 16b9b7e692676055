"""`saksgang serve` as a process: nodes that start at the same moment all come up, and what they hold of memory."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from tests.dovecot import free_port
from tests.kill.desk import SAKSGANG, listens, wait_for
from tests.upkeep import places

NODES = 5
COLLECT = "import django; django.setup(); from saksgang.config.server import collect_static; collect_static()"


@pytest.mark.once
def test_nodes_that_start_at_once_copy_the_static_files_once(tmp_path):
    environment = os.environ | {
        "SAKSGANG_DATA_DIR": str(tmp_path),
        "SAKSGANG_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "saksgang.config.settings",
    }
    nodes = [
        subprocess.Popen([sys.executable, "-c", COLLECT], env=environment, stderr=subprocess.PIPE, text=True)
        for _ in range(NODES)
    ]
    told = [node.communicate(timeout=120)[1] for node in nodes]
    assert [node.returncode for node in nodes] == [0] * NODES, "\n".join(told)
    copies = [path.name for path in (tmp_path / "static" / "ui" / "css").glob("queue*.css")]
    assert len(copies) == 2, "the file, and its copy under a hashed name"


def tree(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in tree(int(child)))]


def resident_mib(pid: int) -> float:
    """Of a process and all below it, what they share counted each time."""
    rollups = [Path(f"/proc/{one}/smaps_rollup").read_text() for one in tree(pid)]
    return sum(int(re.search(r"^Rss:\s+(\d+)", one, re.MULTILINE)[1]) for one in rollups) / 1024


def test_two_processes_of_eight_threads_hold_what_the_pages_need_and_no_more():
    """The process that started them keeps nothing of the product, and neither does what they begin with."""
    server = places.server_of_this_run()
    with places.place(server, like=places.migrated(server)) as place:
        port = free_port()
        with subprocess.Popen(
            [SAKSGANG, "serve", "--processes", "2", "--port", str(port)],
            env=place.environment,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            try:
                wait_for(lambda: listens(port), "nothing listens", seconds=60)
                assert process.pid in tree(process.pid)
                readers = [threading.Thread(target=read_pages, args=(port,)) for _ in range(16)]
                for reader in readers:
                    reader.start()
                for reader in readers:
                    reader.join()
                assert len(tree(process.pid)) >= 3
                assert resident_mib(process.pid) < 200
                process.terminate()
                assert process.wait(timeout=20) == 0
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)


def read_pages(port: int) -> None:
    for path in ("/sign-in", "/health", "/accessibility", "/nowhere") * 5:
        with contextlib.suppress(urllib.error.HTTPError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30).read()


@pytest.mark.once
@pytest.mark.parametrize("line", ["text", "json"])
def test_the_servers_own_lines_look_like_all_others(line):
    with places.place("", like=places.migrated("")) as place:
        port = free_port()
        environment = place.environment | {"SAKSGANG_LOG_FORMAT": line, "SAKSGANG_LOG_LEVEL": "INFO"}
        with subprocess.Popen(
            [SAKSGANG, "serve", "--port", str(port)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            wait_for(lambda: listens(port), "nothing listens", seconds=60)
            process.terminate()
            told = [one for one in process.communicate(timeout=30)[0].splitlines() if "_granian" in one]
    assert told
    if line == "json":
        assert all(json.loads(one)["logger"].startswith("_granian") for one in told)
    else:
        assert all(re.match(r"\d{4}-\d\d-\d\d [\d:,]+ (INFO|WARNING) _granian", one) for one in told)


def test_what_is_sent_to_a_page_comes_whole_and_long_answers_too():
    """Pages stand behind a bridge from ASGI: a form, a file of many megabytes, and a stream of bytes back."""
    with places.place("") as place:
        place.run("migrate", "--verbosity", "0")
        port = free_port()
        with subprocess.Popen(
            [SAKSGANG, "serve", "--port", str(port)], env=place.environment, stdout=subprocess.DEVNULL
        ) as process:
            try:
                wait_for(lambda: listens(port), "nothing listens", seconds=60)
                opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
                page = opener.open(f"http://127.0.0.1:{port}/sign-in", timeout=30).read().decode()
                token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
                for longest in (0, 4_000_000):
                    fields = {"csrfmiddlewaretoken": token, "username": "æøå", "password": "x", "more": "x" * longest}
                    with pytest.raises(urllib.error.HTTPError) as refused:
                        opener.open(
                            f"http://127.0.0.1:{port}/sign-in", data=urllib.parse.urlencode(fields).encode(), timeout=60
                        )
                    with refused.value as answer:
                        assert (answer.code, "æøå" in answer.read().decode()) == (422, True)
            finally:
                process.terminate()
