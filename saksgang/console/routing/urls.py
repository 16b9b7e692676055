"""Routing rules."""

from django.urls import path

from saksgang.console.routing import views

urlpatterns = [
    path("routing", views.show, name="routing"),
    path("routing/<number:pk>", views.rule, name="routing_rule"),
    path("routing/<number:pk>/place", views.place, name="routing_place"),
]
