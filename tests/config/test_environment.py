"""Settings that cannot be used end in one sentence that names them, and exit code 1."""

from __future__ import annotations

import os
import re
import runpy
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from saksgang.config import environment as env
from saksgang.lib.bad_setting import BadSetting

pytestmark = pytest.mark.once

SAKSGANG = Path(sys.executable).parent / "saksgang"


@pytest.fixture
def given(monkeypatch):
    return lambda value: monkeypatch.setenv("SAKSGANG_THING", value)


@pytest.mark.parametrize(("value", "meant"), [("", 7), (" 12 ", 12), ("0", 0)])
def test_numbers(given, value, meant):
    given(value)
    assert env.number("THING", 7) == meant


@pytest.mark.parametrize("value", ["x", "1.5", "-1", "1e3", "²", "0x10"])
def test_what_is_no_number(given, value):
    given(value)
    with pytest.raises(BadSetting, match="SAKSGANG_THING is .*; write a whole number, or nothing for 7"):
        env.number("THING", 7)


@pytest.mark.parametrize(
    ("value", "meant"),
    [("1", True), ("Yes", True), ("on", True), ("0", False), ("no", False), (" ", False), ("", False)],
)
def test_flags(given, value, meant):
    given(value)
    assert env.flag("THING") is meant


def test_a_flag_that_is_neither_yes_nor_no_is_not_taken_for_no(given):
    given("ja")
    with pytest.raises(BadSetting, match="write 1 for yes"):
        env.flag("THING")


def test_choices(given):
    given("info")
    assert env.choice("THING", "X", ("INFO", "X")) == "INFO"
    given("loud")
    with pytest.raises(BadSetting, match="write one of INFO, X"):
        env.choice("THING", "X", ("INFO", "X"))


def test_a_database_in_parts(tmp_path):
    found = env.database("postgresql://desk:p%40ss@db.sykehus.example:5433/saksgang?sslmode=require", tmp_path)
    assert (found["USER"], found["PASSWORD"], found["HOST"]) == ("desk", "p@ss", "db.sykehus.example")
    assert (found["NAME"], found["PORT"], found["OPTIONS"]["sslmode"]) == ("saksgang", "5433", "require")
    assert env.database("", tmp_path)["NAME"] == str(tmp_path / "saksgang.sqlite3")


@pytest.mark.parametrize(
    "url", ["mysql://u:hemmelig@h/n", "/var/db", "postgresql://u:hemmelig@h:x/n", "postgresql://u:hemmelig@h",
            "postgresql://u:hemmelig@[h/n"],
)  # fmt: skip
def test_a_database_that_is_none_is_refused_without_its_password(url, tmp_path):
    with pytest.raises(BadSetting) as refusal:
        env.database(url, tmp_path)
    assert "SAKSGANG_DATABASE_URL" in str(refusal.value)
    assert "hemmelig" not in str(refusal.value).replace("postgresql://user:password", "")


def test_a_key_is_made_once_and_closed_to_others(tmp_path):
    first = env.secret("SOME_KEY", tmp_path)
    assert env.secret("SOME_KEY", tmp_path) == first
    assert len(first) >= 32
    assert (tmp_path / "keys" / "some_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"SAKSGANG_SMTP_IN_PORT": "x"}, "SAKSGANG_SMTP_IN_PORT is 'x'; write a whole number, or nothing for 8025."),
        ({"SAKSGANG_SMTP_OUT_STARTTLS": "ja"}, "SAKSGANG_SMTP_OUT_STARTTLS is 'ja'; write 1 for yes"),
        ({"SAKSGANG_LOG_LEVEL": "loud"}, "SAKSGANG_LOG_LEVEL is 'loud'; write one of DEBUG"),
        ({"SAKSGANG_DATABASE_URL": "mysql://x/y"}, "SAKSGANG_DATABASE_URL: unknown scheme 'mysql'"),
        ({"SAKSGANG_DATA_DIR": "{file}/data"}, "SAKSGANG_DATA_DIR: {file}/data cannot be used (Not a directory)"),
        # Nobody can write there, root neither.
        ({"SAKSGANG_DATA_DIR": "/proc/sys"}, "SAKSGANG_DATA_DIR: /proc/sys"),
    ],
)
@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_the_command_says_one_sentence_and_ends_with_1(command, variables, said, tmp_path):
    """Our own commands and Django's alike."""
    file = tmp_path / "file"
    file.touch()
    environment = os.environ | {
        "SAKSGANG_DATA_DIR": str(tmp_path / "data"),
        "SAKSGANG_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "saksgang.config.settings",
    }
    environment |= {name: value.format(file=file) for name, value in variables.items()}
    done = subprocess.run([SAKSGANG, command], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(said.format(file=file))
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["migrate", "serve", "check"])
def test_a_database_that_is_away_is_said_without_a_traceback(command, tmp_path):
    with socket.socket() as nobody:  # bound, and not listening
        nobody.bind(("127.0.0.1", 0))
        environment = os.environ | {
            "SAKSGANG_DATA_DIR": str(tmp_path),
            "SAKSGANG_DATABASE_URL": f"postgresql://desk:hemmelig@127.0.0.1:{nobody.getsockname()[1]}/desk",
            "SAKSGANG_DEMO": "",
            "DJANGO_SETTINGS_MODULE": "saksgang.config.settings",
        }
        command_line = [SAKSGANG, command]
        done = subprocess.run(command_line, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    said = done.stdout + done.stderr
    assert "The database does not answer: " in said
    assert "Traceback" not in said
    assert "hemmelig" not in said


@pytest.mark.parametrize("command", [["serve"], ["work"], ["mail", "listen"]])
def test_nothing_that_serves_starts_with_an_unsafe_setting(command, tmp_path):
    environment = os.environ | {
        "SAKSGANG_DATA_DIR": str(tmp_path),
        "SAKSGANG_DATABASE_URL": "",
        "SAKSGANG_DEMO": "",
        "SAKSGANG_BASE_URL": "http://desk.sykehus.example",
        "DJANGO_SETTINGS_MODULE": "saksgang.config.settings",
    }
    done = subprocess.run(
        [SAKSGANG, *command], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "Write an address with https://" in done.stderr
    assert "Traceback" not in done.stderr


UNUSABLE = {
    "TRUSTED_PROXIES": ["0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/7", "2000::/3", "193.0.0.0/8", "10.0.0.1/8", "x"],
    "LEASE_SECONDS": ["0", "1", "-1", "-300", "99999999999999999999999", "1.5"],
    "UNDO_SECONDS": ["-1", "601", "1e3"],
    "RECEIPTS_PER_ADDRESS": ["-1", "1000001"],
    "RECEIPTS_PER_HOUR": ["-5", "uendelig"],
    "SMTP_IN_PORT": ["0", "65536", "-25", "99999"],
    "SMTP_OUT_PORT": ["0", "70000", "smtp"],
    "SMTP_IN_HOST": ["smtp://127.0.0.1", "127.0.0.1:25", "a b", "999.1.1.1", "-x"],
    "SMTP_OUT_HOST": ["relay.sykehus.example:25", "[relay]", "relay/", "relay..example"],
    "BASE_URL": ["file:///etc/passwd", "sykehus.example", "https://", "https://a b", "ftp://sykehus.example", "https://u:p@x.example",
                 "https://x.example/desk", "https://x.example?a=b", "https://x.example:99999", "javascript:alert(1)"],
    "ALARM_WEBHOOK_URL": ["file:///etc/passwd", "ftp://x.example/a", "https://", "http:///a", "/alarm", "x.example", "gopher://x.example",
                          "https://x.example:0/a", "https://x.example/a b"],
    "MAIL_OWN_DOMAINS": ["no", "@sykehus.example", "a@x.example", "x.example/", "."],
    "ALLOWED_HOSTS": ["https://x.example", "x.example:443", "*.x.example", "x.example/"],
    "TRUSTED_ORIGINS": ["x.example", "https://*", "*", "https://x.example/a", "ftp://x.example"],
    "MAIL_CA_FILE": ["/finnes/ikke.pem", "/dev/null", "/"],
    "SMTP_OUT_USER": ["desk"],
    "SMTP_OUT_PASSWORD": ["hemmelig-nok"],
    "DATABASE_URL": ["postgresql://u:hemmelig@h/n?tull=1", "postgresql://u:hemmelig@h/n?connect_timeout=0",
                     "postgresql://u:hemmelig@h/n?keepalives_idle=-1", "postgresql://u:hemmelig@h:99999/n"],
}  # fmt: skip
USABLE = {
    "TRUSTED_PROXIES": ["127.0.0.1", "10.0.0.0/8", "192.168.0.0/16,::1", "fd00::/8", "172.16.0.0/12", "193.90.0.0/16"],
    "LEASE_SECONDS": ["2", "300", "86400"],
    "UNDO_SECONDS": ["0", "600"],
    "SMTP_IN_PORT": ["1", "65535"],
    "SMTP_IN_HOST": ["0.0.0.0", "::", "localhost", ""],
    "SMTP_OUT_HOST": ["relay.sykehus.example", "10.0.0.25", "post_ut", "blåbær.example"],
    "BASE_URL": ["https://saksgang.sykehus.example", "https://saksgang.sykehus.example/", "http://localhost:8000", "https://[fd00::1]:8443"],
    "ALARM_WEBHOOK_URL": ["https://x.example/a?b=c#d", "http://10.0.0.1:9000", ""],
    "MAIL_OWN_DOMAINS": ["sykehus.example, Helse.example", ""],
    "ALLOWED_HOSTS": ["x.example .y.example", "[::1]", "*", ""],
    "TRUSTED_ORIGINS": ["https://x.example", "http://localhost:8000 https://y.example:8443"],
    "DATABASE_URL": ["postgresql://u:p@h/n?sslmode=verify-full&connect_timeout=5", ""],
}  # fmt: skip


@pytest.fixture
def settings_read(monkeypatch, tmp_path):
    """Reads the settings anew with one of them as it is given."""

    def read(name: str, value: str) -> dict:
        monkeypatch.setenv("SAKSGANG_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("SAKSGANG_DATABASE_URL", "")
        monkeypatch.setenv(f"SAKSGANG_{name}", value)
        return runpy.run_path(str(Path(env.__file__).with_name("settings.py")))

    return read


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in UNUSABLE.items() for value in values])
def test_a_setting_that_cannot_be_used_is_named_with_its_cure(settings_read, name, value):
    with pytest.raises(BadSetting) as refusal:
        settings_read(name, value)
    assert f"SAKSGANG_{name}" in str(refusal.value)
    assert "hemmelig" not in str(refusal.value)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in USABLE.items() for value in values])
def test_a_setting_that_can_be_used_is_taken(settings_read, name, value):
    settings_read(name, value)


def test_every_number_address_and_network_of_the_settings_is_here():
    """A new one needs its bounds tried too; what is free text or tried above stands in the second list."""
    text = Path(env.__file__).with_name("settings.py").read_text()
    read = {name for _kind, name in re.findall(r'env\.(\w+)\("([A-Z_]+)"', text)}
    free = {"SECRET_KEY", "MAIL_TOKEN_KEYS", "MAIL_TOKEN_KEY", "MAILBOX_KEYS", "MAILBOX_KEY", "MAIL_AUTHSERV_ID", "METRICS_TOKEN",
            "BACKUP_DIR", "ALLOW_HTTP", "SMTP_OUT_STARTTLS", "DEMO", "LOG_FORMAT", "LOG_LEVEL"}  # fmt: skip
    assert read - free == set(UNUSABLE) - {"SMTP_OUT_PASSWORD"}


@pytest.mark.parametrize("command", ["serve", "work", "check"])
@pytest.mark.parametrize(("name", "value"), [("TRUSTED_PROXIES", "0.0.0.0/0")])
def test_it_stops_what_serves_and_what_checks(command, name, value, tmp_path):
    environment = os.environ | {"SAKSGANG_DATA_DIR": str(tmp_path), "SAKSGANG_DATABASE_URL": "", f"SAKSGANG_{name}": value,
                                "DJANGO_SETTINGS_MODULE": "saksgang.config.settings"}  # fmt: skip
    done = subprocess.run([SAKSGANG, command], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("SAKSGANG_TRUSTED_PROXIES has 0.0.0.0/0")


@pytest.mark.parametrize("option", ["--port=0", "--port=65536", "--processes=0", "--threads=-1"])
def test_serve_refuses_options_that_cannot_be(option, capsys):
    from saksgang.config import server

    with pytest.raises(SystemExit):
        server.run([option])
    assert "is no number from 1 to" in capsys.readouterr().err
