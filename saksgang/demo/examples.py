"""Mails that are ready to send from the demo's first page. Norwegian, as the employees write."""

from __future__ import annotations

from dataclasses import dataclass

from saksgang.people.models import PersonAddress


@dataclass(frozen=True)
class Example:
    key: str
    name: str
    mailbox: str
    place: str
    subject: str
    words: str

    def initial(self) -> dict[str, str]:
        """What the form is filled with: the first person at the place writes."""
        people = PersonAddress.objects.filter(person__department__name=self.place, person__kind="person")
        sender = people.order_by("person_id").values_list("address", flat=True).first() or ""
        return {"sender": sender, "mailbox": self.mailbox, "subject": self.subject, "words": self.words}


EXAMPLES = (
    Example(
        "skriver",
        "Skriver som ikke virker",
        "ikt",
        "Medisinsk sengepost 2",
        "Skriveren på vaktrommet virker ikke",
        "Hei!\n\nSkriveren SKR-214 på vaktrommet skriver bare tomme ark. Vi har byttet toner.\nVi bruker den på naboposten så "
        "lenge.\n\nMvh",
    ),
    Example(
        "journal",
        "Ingen får åpnet Journal",
        "ikt",
        "Akuttmottaket",
        "Journal åpner seg ikke",
        "Hei!\n\nIngen av oss får åpnet Journal. Det gjelder hele mottaket, og det haster.\n\nHilsen",
    ),
    Example(
        "tilgang",
        "Ny kollega trenger tilgang",
        "ikt",
        "Barneavdelingen",
        "Tilgang til ny medarbeider",
        "Hei!\n\nVi får en ny sykepleier på mandag. Hva må jeg gjøre for at hun skal få bruker og kort?\n\nVennlig hilsen",
    ),
    Example(
        "begge",
        "Samme e-post til begge postkassene",
        "both",
        "Øyepoliklinikken",
        "Digital dialog: hvem svarer?",
        "Hei!\n\nVi vet ikke om dette er IKT eller E-helse, så vi sender til begge.\nPasientene våre får ikke åpnet meldingene "
        "sine.\n\nMvh",
    ),
)
