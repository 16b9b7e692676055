"""Outages and planned downtime."""

from django.urls import path

from saksgang.console.announcements import views

urlpatterns = [
    path("announcements", views.show, name="announcements"),
    path("announcements/<number:pk>/end", views.end, name="announcement_end"),
]
