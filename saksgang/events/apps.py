from django.apps import AppConfig

from saksgang.lib import append_only


class EventsConfig(AppConfig):
    name = "saksgang.events"

    def ready(self) -> None:
        append_only.protect(
            "events_event",
            (
                "kind", "version", "at", "by_person_id", "by_robot", "subject_kind", "subject_id", "ticket_id",
                "before", "after", "reason",
            ),
        )  # fmt: skip
