"""Faults that many report."""

from django.urls import path

from saksgang.console.major.views import cases, facts, major, majors, redaction, solution, start, tie, update

urlpatterns = [
    path("tickets/<number:number>/major", tie.change, name="ticket_major"),
    path("majors", majors.show, name="majors"),
    path("majors/new", start.show, name="major_start"),  # ?case=NUMBER, several times, or ?announcement=PK
    path("majors/<number:pk>", major.show, name="major"),
    path("majors/<number:pk>/update", update.change, name="major_update"),
    path("majors/<number:pk>/solution", solution.change, name="major_solution"),
    path("majors/<number:pk>/facts", facts.change, name="major_facts"),
    path("majors/<number:pk>/redaction", redaction.change, name="major_redaction"),  # ?update=PK: of that one
    path("majors/<number:pk>/cases", cases.change, name="major_cases"),
]
