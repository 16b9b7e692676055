"""What open pages ask for by themselves."""

from django.urls import path

from saksgang.console.live.views import counts, presence, stream

urlpatterns = [
    path("live/", stream.show, name="live"),  # the stream itself: console/live/stream.py
    path("counts", counts.show, name="counts"),  # ?here=NAME of the list one is on
    path("tickets/<number:number>/presence", presence.change, name="presence"),
]
