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
from functools import partial
from pathlib import Path


def server_binaries() -> Path | None:
    """The folder with initdb and postgres, where PostgreSQL is installed."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    if folders:
        return folders[-1]
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def server(*, durable: bool = True) -> Iterator[str]:
    """Starts a server in a temporary folder and yields its URL, without a database name at the end.

    Tests kill our processes and never the server, so they run it without flushing to disk (`durable=False`).
    """
    binaries = server_binaries()
    if binaries is None:
        raise RuntimeError("PostgreSQL is not installed")
    folder = tempfile.mkdtemp(prefix="saksgang-postgres-")
    run = partial(
        subprocess.run, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, **_as_ordinary_user(folder)
    )
    data = f"{folder}/data"
    run([binaries / "initdb", "-D", data, "-U", "saksgang", "-A", "trust", "-E", "UTF8", "--locale=C"])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=60"
    if not durable:
        options += " -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
    run([binaries / "pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start"])
    try:
        yield f"postgresql://saksgang@127.0.0.1:{port}/"
    finally:
        run([binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"])
        shutil.rmtree(folder, ignore_errors=True)


def _as_ordinary_user(folder: str) -> dict:
    """PostgreSQL refuses to run as root; then its own account from the package runs it."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam("postgres")
    os.chown(folder, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "cwd": folder}
