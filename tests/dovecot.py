"""A real IMAP server of one's own on loopback (Dovecot, from Debian), and a made-up server of tokens; gone when the block ends."""

from __future__ import annotations

import contextlib
import grp
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from imap_tools import BaseMailBox, MailBoxUnencrypted

DOVECOT = next((path for path in ("/usr/sbin/dovecot", shutil.which("dovecot")) if path and Path(path).exists()), None)
PASSWORD = 'blåbær "og" fløte'  # noqa: S105
PLAIN_PASSWORD = 'blaabar\\ "og" flote'  # noqa: S105
USERS = {"ikt": PASSWORD, "e-helse": PASSWORD, "enkel": PLAIN_PASSWORD}


def missing() -> str:
    """A sentence when there is no Dovecot to test with."""
    return "" if DOVECOT else "Dovecot is not installed here (Debian: apt install dovecot-imapd)"


def free_port() -> int:
    return free_ports(1)[0]


def free_ports(number: int) -> list[int]:
    """So many different ports that nobody uses just now."""
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(number)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


class Dovecot:
    """Users ikt and e-helse, and «enkel» with a password in plain letters. `settings` are lines of dovecot.conf."""

    def __init__(
        self, *settings: str, token_port: int = 0, separator: str = "/", prefix: str = "", rawlog: bool = False
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="saksgang-dovecot-"))
        self.port, self.tls_port = free_ports(2)
        self.ca_file = self.folder / "cert.pem"
        self.process: subprocess.Popen | None = None
        listening_in = [f"rawlog_dir = {self.folder}/rawlog"] if rawlog else []
        self._write([*settings, *listening_in], token_port, separator, prefix)

    def __enter__(self) -> Dovecot:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        log = (self.folder / "start.log").open("ab")
        self.process = subprocess.Popen(
            [DOVECOT, "-F", "-c", self.folder / "dovecot.conf"], stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        end = time.monotonic() + 20
        while not self._listens():
            if time.monotonic() > end or self.process.poll() is not None:
                raise AssertionError(f"Dovecot does not start:\n{self.log()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Its connections are cut, as when a server is restarted."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    @staticmethod
    def next_second() -> None:
        """A folder that is made anew gets its UIDVALIDITY from the clock, in seconds."""
        begun = int(time.time())
        while int(time.time()) == begun:
            time.sleep(0.01)

    def empty(self) -> None:
        """As when it was started, whatever a test before did with it: no mail, no folder, no connection's delay for a wrong password."""
        for name in ("mail", "users.d"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        if self.process is None:
            self.start()

    def log(self) -> str:
        return "\n".join(path.read_text(errors="replace")[-3000:] for path in self.folder.glob("*.log"))

    def spoken(self) -> str:
        """Every command that the server heard, when it was started with `rawlog`."""
        return "\n".join(path.read_text(errors="replace") for path in (self.folder / "rawlog").glob("*.in"))

    @contextlib.contextmanager
    def mailbox(self, user: str = "ikt", folder: str = "INBOX") -> Iterator[BaseMailBox]:
        """A person's own mail program."""
        with MailBoxUnencrypted("127.0.0.1", self.port, timeout=10) as box:
            box.login_utf8(user, PASSWORD, initial_folder=folder)
            yield box

    def deliver(self, *raws: bytes, user: str = "ikt", folder: str = "INBOX", flags: tuple[str, ...] = ()) -> None:
        with self.mailbox(user, folder="INBOX") as box:
            for raw in raws:
                box.append(raw, folder, flag_set=flags)

    def uids(self, user: str = "ikt", folder: str = "INBOX") -> list[int]:
        """What lies in a folder; nothing when there is no such folder."""
        with self.mailbox(user) as box:
            if not box.folder.exists(folder):
                return []
            box.folder.set(folder, readonly=True)
            return [int(uid) for uid in box.uids()]

    def kept(self, user: str = "ikt") -> list[int]:
        return self.uids(user, "Saksgang/Lagret")

    def _listens(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=0.5) as probe:
                probe.settimeout(5)
                return probe.recv(64).startswith(b"* OK")
        except OSError:
            return False

    def _write(self, settings: list[str], token_port: int, separator: str, prefix: str) -> None:
        make_certificate(self.folder)
        (self.folder / "rawlog").mkdir()
        (self.folder / "users").write_text(
            "".join(f"{user}:{{PLAIN}}{password}::::::\n" for user, password in USERS.items())
        )
        token = ""
        if token_port:
            (self.folder / "oauth2.conf").write_text(
                f"introspection_url = http://127.0.0.1:{token_port}/introspection\nintrospection_mode = auth\n"
                "username_attribute = user\nactive_attribute = active\nactive_value = true\n"
            )
            token = f"passdb {{\n driver = oauth2\n mechanisms = xoauth2\n args = {self.folder}/oauth2.conf\n}}\n"
        words = CONFIGURATION.format(
            folder=self.folder, port=self.port, tls_port=self.tls_port, separator=separator, prefix=prefix, token=token,
            mechanisms="plain login xoauth2" if token_port else "plain login", accounts=self._accounts(),
        )  # fmt: skip
        (self.folder / "dovecot.conf").write_text(words + "\n".join(settings) + "\n")

    def _accounts(self) -> str:
        """As root, mails belong to somebody else: Dovecot serves no mail of root's. Otherwise everything is one's own."""
        if os.geteuid() == 0:
            owner = pwd.getpwnam("nobody")
            for path in (self.folder, self.folder / "rawlog"):
                os.chown(path, owner.pw_uid, owner.pw_gid)
                path.chmod(0o755)
            return f"mail_uid = {owner.pw_uid}\nmail_gid = {owner.pw_gid}\n"
        me, group = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name
        return (
            f"default_internal_user = {me}\ndefault_internal_group = {group}\ndefault_login_user = {me}\n"
            f"mail_uid = {os.geteuid()}\nmail_gid = {os.getegid()}\n"
        )


CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
first_valid_uid = 1
first_valid_gid = 1
{accounts}
auth_mechanisms = {mechanisms}
auth_failure_delay = 0 secs
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
mail_location = maildir:{folder}/mail/%u:LAYOUT=fs
mailbox_list_index = no
mail_max_userip_connections = 50
shutdown_clients = yes
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
  mechanisms = plain login
}}
{token}
userdb {{
  driver = static
  args = home={folder}/users.d/%u
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


def make_certificate(folder: Path) -> None:
    """key.pem and cert.pem for 127.0.0.1, its own authority."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True,
    )  # fmt: skip


class TokenServer:
    """Gives tokens for a client's secret, and tells a mail server whether one is good. Tokens end when `expire` is called."""

    SECRET = "hemmeligheten-til-klienten"  # noqa: S105

    def __init__(self) -> None:
        self.given: list[str] = []
        self.good: set[str] = set()
        self.asked: list[dict[str, str]] = []
        self.seconds = 3600
        self.answer: tuple[int, dict[str, str], bytes] | None = None  # said instead of a token

        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                words = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                outer._give(self, dict(urllib.parse.parse_qsl(words)))

            def do_GET(self) -> None:
                token = self.headers.get("Authorization", "").removeprefix("Bearer ")
                active = token in outer.good
                outer._say(self, 200 if active else 401, {"active": str(active).lower(), "user": "ikt"})

            def log_message(self, *_words: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        self.url = f"http://127.0.0.1:{self.port}/token"
        self._thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})

    def __enter__(self) -> TokenServer:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()

    def expire(self) -> None:
        self.good.clear()

    def _give(self, request: BaseHTTPRequestHandler, form: dict[str, str]) -> None:
        self.asked.append(form)
        if self.answer:
            status, headers, body = self.answer
            self._say(request, status, body, headers)
        elif form.get("client_secret") != self.SECRET:
            said = {"error": "invalid_client", "error_description": f"wrong: {form.get('client_secret')}"}
            self._say(request, 401, said)
        else:
            token = f"token-{len(self.given)}"
            self.given.append(token)
            self.good.add(token)
            self._say(request, 200, {"access_token": token, "expires_in": self.seconds, "token_type": "Bearer"})

    def _say(
        self, request: BaseHTTPRequestHandler, status: int, words: object, headers: dict[str, str] | None = None
    ) -> None:
        body = words if isinstance(words, bytes) else json.dumps(words).encode()
        request.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | (headers or {})).items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)
