"""A PostgreSQL server of one's own on loopback, for tests and measurements; gone when the block ends."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def server_binaries() -> Path | None:
    """The folder with initdb and postgres, where PostgreSQL is installed."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    if folders:
        return folders[-1]
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def server() -> Iterator[str]:
    """Starts a server in a temporary folder and yields its URL, without a database name at the end."""
    binaries = server_binaries()
    if binaries is None:
        raise RuntimeError("PostgreSQL is not installed")
    folder = tempfile.mkdtemp(prefix="saksgang-postgres-")
    as_user = _as_ordinary_user(folder)
    run = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT, **as_user}
    data = f"{folder}/data"
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "saksgang", "-A", "trust", "-E", "UTF8", "--locale=C"], **run
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=60"
    subprocess.run([binaries / "pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start"], **run)
    try:
        yield f"postgresql://saksgang@127.0.0.1:{port}/"
    finally:
        subprocess.run([binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **run)
        shutil.rmtree(folder, ignore_errors=True)


def _as_ordinary_user(folder: str) -> dict:
    """PostgreSQL refuses to run as root; then its own account from the package runs it."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam("postgres")
    os.chown(folder, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "cwd": folder}
