from django.apps import AppConfig
from django.urls import register_converter

from saksgang.lib.numbers import NumberConverter


class UiConfig(AppConfig):
    name = "saksgang.ui"

    def ready(self) -> None:
        """Addresses say `<number:pk>`: Django's own `int` lets numbers through that no database takes."""
        register_converter(NumberConverter, "number")
