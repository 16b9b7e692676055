"""Settings that cannot be used end in one sentence that names them, and exit code 1."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from saksgang.config import environment as env
from saksgang.lib.bad_setting import BadSetting
from tests.upkeep.places import place, server_of_this_run

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


def test_a_database_without_tables_is_told_of_with_the_cure(tmp_path):
    with place(server_of_this_run()) as empty:
        said = empty.run("export", tmp_path / "out", code=1)
    assert said == "The database has not got the tables of this version yet. Run: saksgang migrate\n"


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
