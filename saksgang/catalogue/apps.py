from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "saksgang.catalogue"
