"""Whether the files in the store are what their names say: some of them, picked at random at each check."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Model, Q

from saksgang.inbound.models import InboundMail
from saksgang.lib import files
from saksgang.outbound.models import OutboundMail
from saksgang.tickets.models import Attachment

SAMPLE = 100  # of each kind
SHOWN = 5

# Model → (the column with the hash, which rows still have their file, what they are).
KEPT: dict[type[Model], tuple[str, Q, str]] = {
    InboundMail: ("raw_sha256", Q(redacted_at__isnull=True), "mails that came in"),
    OutboundMail: ("raw_sha256", Q(), "mails that we sent"),
    Attachment: ("sha256", Q(redacted_at__isnull=True), "attachments"),
}


def check_files() -> Iterator[str]:
    for model, (column, kept, what) in KEPT.items():
        hashes = model._default_manager.filter(kept).order_by("?").values_list(column, flat=True)[:SAMPLE]
        damaged = sorted(sha256 for sha256 in set(hashes) if not files.is_whole(sha256))
        if damaged:
            more = f" and {len(damaged) - SHOWN} more" if len(damaged) > SHOWN else ""
            places = ", ".join(str(files.path_of(sha256)) for sha256 in damaged[:SHOWN])
            yield (
                f"Of {SAMPLE} {what} looked at, {len(damaged)} are missing or damaged on disk: {places}{more}. "
                "Copy these files from the newest backup (files/ in it) to the same places, and look at the disk."
            )
