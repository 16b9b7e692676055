"""Where each room's pages begin."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [path("", include("saksgang.console.urls"))]

if settings.DEMO:
    urlpatterns.append(path("demo/", include("saksgang.demo.urls")))
