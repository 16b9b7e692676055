from django.apps import AppConfig

from saksgang.lib import append_only


class TicketsConfig(AppConfig):
    name = "saksgang.tickets"

    def ready(self) -> None:
        # ticket_id may change: a message that joined the wrong case is detached from it.
        append_only.protect(
            "tickets_message",
            (
                "kind", "visibility", "channel", "at", "author_id", "author_name", "author_address", "sender_role",
                "text", "segments", "outcome", "inbound_id", "header_id",
            ),
        )  # fmt: skip
        append_only.protect("tickets_attachment", ("message_id", "name", "content_type", "size", "sha256"))
