"""The demo's pages. They need no sign-in, and exist only where `make demo` made the database."""

from django.urls import path

from saksgang.demo.views import inbox, mail, sending

app_name = "demo"

urlpatterns = [
    path("", sending.show, name="start"),
    path("sent/<slug:sha256>", sending.way, name="way"),
    path("inbox/", inbox.show, name="inbox"),
    path("inbox/<number:pk>", mail.show, name="mail"),
]
