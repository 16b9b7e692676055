from django.apps import AppConfig
from django.db.models.signals import post_migrate

from saksgang.lib import append_only


class LibConfig(AppConfig):
    name = "saksgang.lib"

    def ready(self) -> None:
        # The only signal in the product: SQLite drops triggers with every rebuilt table, so they are put back here.
        post_migrate.connect(lambda **_: append_only.install(), dispatch_uid="append_only", weak=False)
