"""The example of a proxy, with the real nginx before the real server."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

from tests.deploy.test_files import FOLDER, installed
from tests.dovecot import free_ports
from tests.kill.desk import listens, wait_for
from tests.upkeep.places import migrated

pytestmark = pytest.mark.once

SAKSGANG = Path(sys.executable).parent / "saksgang"
NAME = "saksgang.sykehus.example"
MAIN = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def certificate(folder: Path) -> None:
    subprocess.run(
        [installed("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
         "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def site():
    """(port of HTTP, port of HTTPS, port of the server itself), with the example's own settings."""
    nginx = installed("nginx")
    with tempfile.TemporaryDirectory(prefix="saksgang-nginx-") as name:
        folder = Path(name)
        certificate(folder)
        http_port, https_port, own_port = free_ports(3)
        words = (FOLDER / "nginx.conf").read_text()
        words = re.sub(r"(?m)^ *listen \[::\].*\n", "", words)  # IPv6 is not everywhere
        words = words.replace("listen 80;", f"listen 127.0.0.1:{http_port};")
        words = words.replace("listen 443 ssl", f"listen 127.0.0.1:{https_port} ssl")
        words = words.replace("127.0.0.1:8000", f"127.0.0.1:{own_port}").replace("/etc/ssl/saksgang", name)
        (folder / "site.conf").write_text(words)
        (folder / "nginx.conf").write_text(MAIN.format(folder=name))
        tried = subprocess.run(
            [nginx, "-t", "-c", folder / "nginx.conf"], capture_output=True, text=True, check=False
        )  # fmt: skip
        assert tried.returncode == 0, tried.stderr
        settings = dict(re.findall(r"(?m)^(SAKSGANG_\w+)=(.*)$", (FOLDER / "saksgang.env").read_text()))
        environment = os.environ | settings | {
            "SAKSGANG_DATA_DIR": str(folder / "data"),
            "SAKSGANG_DATABASE_URL": "",
            "SAKSGANG_DEMO": "",
            "SAKSGANG_LOG_FORMAT": "json",
            "DJANGO_SETTINGS_MODULE": "saksgang.config.settings",
        }  # fmt: skip
        shutil.copytree(migrated("").folder, folder / "data")
        with (folder / "serve.log").open("wb") as log:
            started = [
                subprocess.Popen(
                    [SAKSGANG, "serve", "--port", str(own_port)],
                    env=environment, start_new_session=True, stdout=log, stderr=log,
                ),
                subprocess.Popen([nginx, "-c", folder / "nginx.conf"], start_new_session=True, stdout=log, stderr=log),
            ]  # fmt: skip
        try:
            for port in (own_port, https_port):
                wait_for(lambda port=port: listens(port), (folder / "serve.log").read_text(), seconds=40)
            yield http_port, https_port, own_port, folder, environment
        finally:
            for process in started:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def ask(port: int, path: str, *, https: bool = True, method: str = "GET", body: bytes | None = None, **headers: str):
    """(status, headers, text) of one request, as a browser that knows the name asks."""
    if https:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=context)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body, {"Host": NAME} | {k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode(errors="replace")
    finally:
        connection.close()


def test_http_leads_to_https(site):
    status, headers, _text = ask(site[0], "/queue?show=mine", https=False)
    assert (status, headers["Location"]) == (308, f"https://{NAME}/queue?show=mine")


def test_pages_come_with_hsts_once_and_secure_cookies(site):
    status, headers, text = ask(site[1], "/sign-in")
    assert status == 200
    assert headers.get_all("Strict-Transport-Security") == ["max-age=31536000"]
    assert "; Secure" in headers["Set-Cookie"]
    style = re.search(r'href="(/static/[^"]+\.css)"', text)[1]
    status, headers, _text = ask(site[1], style)
    assert (status, headers.get_all("Strict-Transport-Security")) == (200, ["max-age=31536000"])


def test_a_page_is_compressed_unless_a_link_chose_words_on_it(site):
    """BREACH: the length of a compressed answer tells whether words from its address stand elsewhere in it."""
    for path, coding in (("/sign-in", "gzip"), ("/sign-in?next=/queue", None)):
        status, headers, _bytes = ask(site[1], path, Accept_Encoding="gzip")
        assert (status, headers["Content-Encoding"]) == (200, coding), path
        assert headers["Strict-Transport-Security"] == "max-age=31536000"
        assert "; Secure" in headers["Set-Cookie"], "what the proxy says of a request arrives all the same"


def test_files_come_compressed_with_and_without_the_proxy(site):
    style = re.search(r'href="(/static/[^"]+\.css)"', ask(site[1], "/sign-in")[2])[1]
    for port, https in ((site[1], True), (site[2], False)):
        status, headers, _bytes = ask(port, style, https=https, Accept_Encoding="gzip")
        assert (status, headers["Content-Encoding"], headers["Vary"]) == (200, "gzip", "Accept-Encoding")


def test_a_form_sent_through_the_proxy_is_taken_without_another_setting(site):
    _status, headers, text = ask(site[1], "/sign-in")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)[1]
    body = f"csrfmiddlewaretoken={token}&username=finnes-ikke&password=feil".encode()
    sent = {
        "Cookie": headers["Set-Cookie"].partition(";")[0],
        "Content_Type": "application/x-www-form-urlencoded",
        "Origin": f"https://{NAME}",
        "X_Forwarded_For": "10.66.66.66",
    }
    assert ask(site[1], "/sign-in", method="POST", body=body, **sent)[0] == 422
    assert ask(site[1], "/sign-in", method="POST", body=body, **(sent | {"Origin": "https://evil.example"}))[0] == 403
    log = (site[3] / "serve.log").read_text()
    assert "a sign-in from 127.0.0.1 failed" in log, "the client's address, as nginx knows it"
    assert "10.66.66.66" not in log


def test_health_is_told_and_metrics_are_not(site):
    assert ask(site[1], "/health")[::2] == (200, "OK\n")
    assert ask(site[1], "/metrics")[0] == 404
    assert ask(site[2], "/metrics", https=False)[0] == 200, "monitoring on the machine itself asks the server"
    assert ask(site[2], "/metrics", https=False, X_Forwarded_For="192.0.2.1")[0] == 404
    assert ask(site[2], "/metrics", https=False, Via="1.1 proxy")[0] == 404


def test_every_line_of_the_log_is_json(site):
    ask(site[1], "/no-such-page")
    lines = [json.loads(line) for line in (site[3] / "serve.log").read_text().splitlines()]
    assert {"_granian", "django.request"} <= {line["logger"] for line in lines}


def test_s28_a_running_server_has_no_demo_and_no_set_up(site):
    for path in ("/demo/", "/demo/inbox/", "/admin/", "/setup", "/install"):
        assert ask(site[1], path)[0] == 404


SOMEBODY = """
import django; django.setup()
from django.test import Client
from tests.cast import make_cast
client = Client()
client.force_login(make_cast().kari.account)
print(client.cookies["sessionid"].value)
"""
SOMETHING = """
import django; django.setup()
from django.db import transaction
from saksgang.events.actions import record
from saksgang.people.models import Team
from tests.cast import SETUP
with transaction.atomic():
    record("team_changed", by=SETUP, subject=Team.objects.first())
"""


def test_the_stream_of_changes_comes_through_without_waiting_for_more(site):
    def run(words: str) -> str:
        environment = site[4] | {"PYTHONPATH": str(FOLDER.parent)}
        return subprocess.run(
            [sys.executable, "-c", words], env=environment, check=True, capture_output=True, text=True
        ).stdout.strip()

    asked = f"GET /live/ HTTP/1.1\r\nHost: {NAME}\r\nCookie: sessionid={run(SOMEBODY)}\r\n\r\n"
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", site[1]), timeout=20) as plain,
        context.wrap_socket(plain) as secure,
        secure.makefile("rb") as lines,
    ):
        secure.sendall(asked.encode())
        assert lines.readline() == b"HTTP/1.1 200 OK\r\n"
        until(lines, b"data: *")
        run(SOMETHING)
        until(lines, b"data: lists")


def until(lines, words: bytes) -> None:
    """Reads on to a line; the socket's patience is the limit."""
    while (line := lines.readline().strip()) != words:
        assert line != b"0", "the stream ended"


def test_40_mb_and_no_more(site):
    with socket.create_connection(("127.0.0.1", site[1]), timeout=20) as plain:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with context.wrap_socket(plain) as secure:
            head = f"POST /sign-in HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: {41 * 1024 * 1024}\r\n\r\n"
            secure.sendall(head.encode())
            assert secure.recv(100).startswith(b"HTTP/1.1 413 ")
