"""Looking a requester up as one types, among 50,000 people: what is common, what is rare, and what names nobody."""

from __future__ import annotations

PEOPLE = 50_000
FIRST = [
    "Anne",
    "Ola",
    "Kari",
    "Per",
    "Ingrid",
    "Jonas",
    "Silje",
    "Lars",
    "Marit",
    "Sindre",
    "Åse",
    "Øyvind",
    "Ragnhild",
    "Torbjørn",
    "Ellinor",
    "Håkon",
]
LAST = [
    "Hansen",
    "Berg",
    "Lie",
    "Nordmann",
    "Moen",
    "Solberg",
    "Dahl",
    "Haugen",
    "Åsen",
    "Østby",
    "Fjeld",
    "Bakken",
    "Lund",
    "Vik",
    "Tveit",
    "Myhre",
    "Næss",
    "Strand",
]
TYPED = {
    "lookup_common": "an",  # nearly everybody
    "lookup_name": "torbjørn næss",
    "lookup_one": "håkon solberg 49327",
    "lookup_extension": "71232",
    "lookup_address": "ellinor.nordmann.49022@sykehus.example",
    "lookup_ward": "dialyse åse",
    "lookup_nobody": "xyzzy qq",
}


def page_of(name: str) -> str:
    """The address that the field asks when these words stand in it, once there are so many people."""
    from urllib.parse import quote

    from saksgang.people.models import PersonAddress

    if PersonAddress.objects.count() < PEOPLE:
        fill()
    return f"/persons?q={quote(TYPED[name])}"


def fill() -> None:
    from django.db import connection, transaction

    from saksgang.lib import clock
    from saksgang.people.actions import drawn_up
    from saksgang.people.models import Department, Person, PersonAddress

    places, now = list(Department.objects.order_by("pk")), clock.now()
    with transaction.atomic():
        rows = []
        for nth in range(PEOPLE):
            first, last = FIRST[nth % len(FIRST)], LAST[nth // len(FIRST) % len(LAST)]
            address = f"{first}.{last}.{nth}@sykehus.example".lower()
            one = drawn_up(
                name=f"{first} {last} {nth}", addresses=(address,), phone=str(70_000 + nth) if nth % 4 == 0 else "",
                department=places[nth % len(places)], external_id=f"bench-{nth}",
            )  # fmt: skip
            rows.append((one, address))
        Person.objects.bulk_create([one for one, _address in rows], batch_size=2000)
        PersonAddress.objects.bulk_create(
            [PersonAddress(person=one, address=address, verified_at=now) for one, address in rows], batch_size=2000
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
