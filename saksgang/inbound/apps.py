from django.apps import AppConfig

from saksgang.lib import append_only


class InboundConfig(AppConfig):
    name = "saksgang.inbound"

    def ready(self) -> None:
        append_only.protect(
            "inbound_inboundmail",
            ("mailbox_id", "door", "raw_sha256", "size", "envelope_from", "envelope_to", "received_at"),
        )
