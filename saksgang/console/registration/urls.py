"""Registering a case."""

from django.urls import path

from saksgang.console.registration.views import draft, kind_lookup, person_lookup, registration, tallies

urlpatterns = [
    path("persons", person_lookup.show, name="person_lookup"),
    path("kinds", kind_lookup.show, name="kind_lookup"),
    path("tallies", tallies.show, name="tallies"),
    path("tickets/new", registration.show, name="registration"),
    path("tickets/new/draft", draft.save, name="registration_draft"),
]
