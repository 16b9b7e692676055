"""What the triage team is asked, and what it decides."""

from django.urls import path

from saksgang.console.triage import views

urlpatterns = [
    path("triage", views.agenda, name="triage"),
    path("triage/<number:pk>", views.question, name="triage_question"),
]
