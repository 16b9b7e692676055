"""Where each room's pages begin."""

from django.conf import settings
from django.urls import include, path

from saksgang.config import health, metrics

urlpatterns = [
    path("health", health.show, name="health"),
    path("metrics", metrics.show, name="metrics"),
    path("", include("saksgang.console.urls")),
]

handler500 = "saksgang.config.unavailable.show"

if settings.DEMO:
    urlpatterns.append(path("demo/", include("saksgang.demo.urls")))

handler404 = "saksgang.console.views.lost.not_found"
handler403 = "saksgang.console.views.lost.not_allowed"
