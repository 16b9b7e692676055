"""What is measured of major incidents: their list, and the page of one with 400 cases."""

from __future__ import annotations

CASES = 400
PAGES = {"majors": "/majors", "major": "/majors/{major}", "major_solution": "/majors/{major}/solution"}


def page_with_cases(name: str) -> str:
    """The address of the page, once there is one with so many cases, among others that are solved."""
    from saksgang.tickets.models import MajorIncident

    major = MajorIncident.objects.filter(state="OPEN").order_by("pk").first() or fill()
    return PAGES[name].format(major=major.pk)


def fill():  # noqa: ANN201 - the models are known only once Django is set up
    from saksgang.catalogue.models import Service
    from saksgang.lib import clock
    from saksgang.people.models import Person
    from saksgang.tickets.models import MajorIncident, MajorMember, MajorUpdate, Ticket

    now, by = clock.now(), Person.objects.filter(account__isnull=False).first()
    service = Service.objects.select_related("owner_team").first()
    facts = {
        "service": service, "impact": "departments", "consequence": "stops", "began_at": now, "team": service.owner_team,
        "started_at": now, "started_by": by,
    }  # fmt: skip
    done = {"state": "SOLVED", "solved_at": now, "solved_by": by, "resolution": "Rettet."}
    MajorIncident.objects.bulk_create(MajorIncident(title=f"Feil {nth}", **facts, **done) for nth in range(200))
    major = MajorIncident.objects.create(title="Ingen får logget på", **facts)
    MajorUpdate.objects.bulk_create(
        MajorUpdate(major=major, words=f"Vi leter {nth}.", at=now, by=by) for nth in range(5)
    )
    cases = list(Ticket.objects.filter(open=1, restricted=False).order_by("pk").values_list("pk", flat=True)[:CASES])
    MajorMember.objects.bulk_create(MajorMember(major=major, ticket_id=pk, joined_at=now, joined_by=by) for pk in cases)
    Ticket.objects.filter(pk__in=cases).update(major=major)
    return major
