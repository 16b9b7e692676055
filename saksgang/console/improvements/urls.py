"""Improvements: all lists, a team's list, one of them."""

from django.urls import path

from saksgang.console.improvements import views

urlpatterns = [
    path("improvements", views.every_list, name="improvements"),
    path("improvements/like", views.like, name="improvements_like"),
    path("improvements/team/<number:pk>", views.team_list, name="improvements_of_team"),
    path("improvements/<number:pk>", views.one, name="improvement"),
    path("improvements/<number:pk>/facts", views.facts, name="improvement_facts"),
    path("improvements/<number:pk>/redaction", views.redaction, name="improvement_redaction"),
    path("improvements/<number:pk>/place", views.place, name="improvement_place"),
    path("improvements/<number:pk>/cases/<number:number>", views.take_case_out, name="improvement_case"),
]
