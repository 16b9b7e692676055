from django.apps import AppConfig


class OutboundConfig(AppConfig):
    name = "saksgang.outbound"
