"""What lies around the program: its settings, its folder, its keys and its copies."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import CommandError, call_command
from django.http.request import validate_host

from saksgang.events.models import Listening
from saksgang.lib import clock, disk
from saksgang.lib.readiness import insecure_settings
from saksgang.upkeep.backup_folder import MANIFEST

LEAST_FREE_BYTES = 2 * 1024**3
LEAST_FREE_SHARE = 0.05
TOLD_LATE = timedelta(seconds=10)  # an open page is told within a second, where nothing is in the way
BACKUP_AGE = timedelta(hours=26)  # a copy each night, and two hours for it to take


def check_settings() -> Iterator[str]:
    try:
        call_command("check", fail_level="ERROR", stdout=StringIO())
    except CommandError as error:
        yield f"The settings are not whole: {error} Mend what is named."
    yield from insecure_settings()
    yield from _addresses()


def _addresses() -> Iterator[str]:
    """What people type, what the pages answer to, and where forms may come from must be the same name."""
    address = urlsplit(settings.BASE_URL)
    host = address.hostname or ""
    if not host:
        yield f"SAKSGANG_BASE_URL is {settings.BASE_URL!r}, and no address. Write https:// and the name that people use."
    elif not validate_host(f"[{host}]" if ":" in host else host, settings.ALLOWED_HOSTS):
        yield (
            f"The pages do not answer to {host}, which SAKSGANG_BASE_URL names. "
            f"Add it to SAKSGANG_ALLOWED_HOSTS: {' '.join([*settings.ALLOWED_HOSTS, host])}"
        )
    origin = f"{address.scheme}://{address.netloc}"
    if address.scheme == "https" and origin not in settings.CSRF_TRUSTED_ORIGINS:
        yield (
            "Behind a proxy with HTTPS every form would be refused, signing in too. "
            f"Set SAKSGANG_TRUSTED_ORIGINS={origin}"
        )
    if address.scheme == "https" and not settings.TRUSTED_PROXIES:
        yield (
            "No proxy is trusted, so everybody seems to sign in from one address, and browsers are not told to keep to HTTPS. "
            "Set SAKSGANG_TRUSTED_PROXIES to the proxy's address: 127.0.0.1 when it runs on this machine"
        )


def check_streams() -> Iterator[str]:
    """Whether pages that stand open hear of changes in time. They look by the clock all the same."""
    alive = Listening.objects.filter(seen_at__gt=clock.now() - Listening.LASTS)
    if late := alive.filter(lag_ms__gt=TOLD_LATE.total_seconds() * 1000).order_by("-lag_ms").first():
        yield (
            f"Open pages hear of changes late: {late.lag_ms / 1000:.0f} seconds the last time, in a process with "
            f"{late.streams} of them open. Look at its load and at the database's."
        )


def check_folder() -> Iterator[str]:
    folder = Path(settings.DATA_DIR)
    if reason := disk.trouble():
        yield (
            f"{folder} cannot be written to ({reason}), so mails stay with their senders. Make room, mount it for writing, or "
            f"give it to the user who runs Saksgang: chown -R saksgang {folder}"
        )
    usage = shutil.disk_usage(folder)
    if usage.free < LEAST_FREE_BYTES or usage.free < LEAST_FREE_SHARE * usage.total:
        yield (
            f"Only {usage.free / 1024**3:.1f} GB of {usage.total / 1024**3:.0f} GB are free where {folder} lies. "
            "Make room or a larger disk: a full one stops the mail."
        )


def check_keys() -> Iterator[str]:
    folder = Path(settings.DATA_DIR) / "keys"
    for path in sorted(folder.glob("*")):
        if path.is_file() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield f"The key {path} can be read by others than its owner. Run: chmod 600 {path}"


def check_backups() -> Iterator[str]:
    if not settings.BACKUP_DIR:
        yield "No folder for backups is set. Set SAKSGANG_BACKUP_DIR, and run each night: saksgang backup --to that folder"
        return
    newest = newest_backup()
    if newest is None:
        yield f"There is no finished backup in {settings.BACKUP_DIR}. Run: saksgang backup --to {settings.BACKUP_DIR}"
    elif newest < clock.now() - BACKUP_AGE:
        when = clock.local(newest)
        yield (
            f"The newest backup in {settings.BACKUP_DIR} is of {when:%Y-%m-%d %H:%M}. "
            f"See why no newer one was made, and run: saksgang backup --to {settings.BACKUP_DIR}"
        )


def newest_backup() -> datetime | None:
    """When the newest whole backup in BACKUP_DIR was finished; None when there is none."""
    if not settings.BACKUP_DIR:
        return None
    found = (_finished(path) for path in Path(settings.BACKUP_DIR).glob(f"[0-9]*/{MANIFEST}"))
    return max((moment for moment in found if moment), default=None)


def _finished(manifest: Path) -> datetime | None:
    """When a backup was finished; None for one that was broken off."""
    try:
        moment = datetime.fromisoformat(json.loads(manifest.read_text(encoding="utf-8"))["finished_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.OSLO)
