"""What templates/ui/components.html shows: made-up persons and cases, no database. Shown at /components by the console."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Navn", help_text="Fornavn og etternavn.")
    mail = forms.EmailField(label="E-post", required=False)
    team = forms.ChoiceField(label="Team", choices=[("1", "Servicesenter"), ("2", "Drift"), ("3", "Klinisk IKT")])
    text = forms.CharField(label="Hva gjelder det?", widget=forms.Textarea)
    impact = forms.ChoiceField(
        label="Hvem er berørt?",
        choices=[("all", "Hele sykehuset"), ("some", "Enkelte avdelinger"), ("one", "Enkeltbrukere (1–3)")],
        widget=forms.RadioSelect,
    )
    urgent = forms.BooleanField(label="Tidskritisk", help_text="Da må du si når det trengs.", required=False)
    file = forms.FileField(label="Vedlegg", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def shell() -> dict:
    """What ui/console.html draws the frame from."""
    rows = [
        ("Glipper snart", "7", False, True),
        ("Mine saker", "12", False, False),
        ("Mitt team", "42", True, False),
        ("Ikke tatt", "9", False, False),
        ("Trakta", "3", False, False),
        ("Venter", "19", False, False),
        ("Uavklart e-post", "1", False, False),
        ("E-postlogg", "", False, False),
    ]
    return {
        "nav": [{"label": n, "url": "#", "count": c, "current": here, "urgent": u} for n, c, here, u in rows],
        "person": {"name": "Kari Nordmann", "initials": "KN"},
        "urls": {"home": "#", "search": "#", "new": "#", "sign_out": "#", "language": "#"},
    }


def context(now: datetime | None = None) -> dict:
    """Everything the sample page needs. `now` may be given, so that photographs are alike from day to day."""
    now = now or timezone.now()
    return {
        "shell": shell(),
        "now": now,
        "earlier": now - timedelta(minutes=40),
        "yesterday": now - timedelta(days=1),
        "last_year": now - timedelta(days=400),
        "form": SampleForm(prefix="a", initial={"impact": "one"}),
        "wrong": SampleForm({}, prefix="b"),
    }
