"""What lies in deploy/ names only commands and settings that exist, and is taken by the programs that read it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from saksgang import cli
from tests.kill.desk import SAKSGANG
from tests.structure.test_docs import SOURCE

pytestmark = pytest.mark.once

FOLDER = Path(__file__).parents[2] / "deploy"
UNITS = sorted((FOLDER / "systemd").iterdir())
READS = re.compile(r'env\.\w+\("([A-Z_]+)"')
DJANGOS = {"migrate"}


def every_file() -> list[Path]:
    return [path for path in FOLDER.rglob("*") if path.is_file()]


def settings_read() -> set[str]:
    words = (SOURCE / "config" / "settings.py").read_text()
    return {*READS.findall(words), "DATA_DIR", "SMTP_OUT_PASSWORD"}  # the two that are not the first word of their line


def installed(program: str) -> str:
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/bin")
    if found is None and os.environ.get("CI"):
        pytest.fail(f"{program} is missing")
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found or ""


@pytest.mark.parametrize("path", every_file(), ids=lambda path: path.name)
def test_every_setting_named_exists(path):
    named = set(re.findall(r"SAKSGANG_([A-Z_]+[A-Z])", path.read_text()))
    assert named - settings_read() == set()


@pytest.mark.parametrize("path", every_file(), ids=lambda path: path.name)
def test_every_command_named_exists(path):
    lines = path.read_text()
    run = re.findall(r"(?m)^ExecStart=\S*/saksgang (\S+)|^#     docker run .* saksgang(?: ([a-z]+))?", lines)
    commands = {one for found in run for one in found if one}
    assert commands <= {*cli.COMMANDS, *DJANGOS}
    if path.suffix == ".service":
        assert len(commands) == 1


def test_the_units_take_the_options_they_are_given():
    """The command reads its line up to the point where it would start."""
    for path in UNITS:
        if path.suffix != ".service":
            continue
        (line,) = re.findall(r"(?m)^ExecStart=\S*/saksgang (.+)$", path.read_text())
        name, *options = line.split()
        told = subprocess.run(
            [SAKSGANG, name, "--help"],
            env=os.environ | {"SAKSGANG_DEMO": "", "DJANGO_SETTINGS_MODULE": "saksgang.config.settings"},
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        assert [one for one in options if one.startswith("--") and one not in told] == []


def test_systemd_takes_the_units(tmp_path):
    """Beside the real places of the program, which are not on this machine."""
    program = tmp_path / "saksgang"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for path in UNITS:
        (tmp_path / path.name).write_text(path.read_text().replace("/opt/saksgang/venv/bin/saksgang", str(program)))
    done = subprocess.run(
        [installed("systemd-analyze"), "verify", *(tmp_path / path.name for path in UNITS)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = [line for line in done.stderr.splitlines() if "saksgang" in line]
    assert (done.returncode, said) == (0, [])


@pytest.mark.parametrize("path", [path for path in UNITS if path.suffix == ".service"], ids=lambda path: path.name)
def test_every_service_is_locked_in(path):
    words = path.read_text()
    for line in ("User=saksgang", "NoNewPrivileges=yes", "ProtectSystem=strict", "StateDirectory=saksgang", "UMask=0077",
                 "CapabilityBoundingSet=\n", "PrivateTmp=yes", "EnvironmentFile=/etc/saksgang/saksgang.env"):  # fmt: skip
        assert line in words
    assert path.name == "saksgang-backup.service" or "Restart=always" in words


def test_the_image_runs_as_nobody_special_and_names_no_registry():
    words = (FOLDER / "Containerfile").read_text()
    assert set(re.findall(r"(?m)^FROM (\S+)", words)) == {"python:3.11-slim-bookworm"}
    assert re.search(r"(?m)^USER 10001:10001$", words)
    assert words.index("USER 10001") < words.index("ENTRYPOINT")
    assert "--require-hashes" in words
    for source in re.findall(r"(?m)^COPY (?!--from)(.+) \S+$", words):
        for one in source.split():
            assert (FOLDER.parent / one).exists(), one
