"""Whom somebody must phone."""

from django.urls import path

from saksgang.console.calls import views

urlpatterns = [path("calls", views.calls, name="calls")]
