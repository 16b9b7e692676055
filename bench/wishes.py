"""What is measured of the lists of improvements: filled once, past the actions, with a case behind each."""

from __future__ import annotations

MANY = 2000  # on all lists together; a team's page shows 50
PAGES = {
    "improvements": "/improvements",
    "improvements_of_team": "/improvements/team/{team}",
    "improvement": "/improvements/{improvement}",
}


def page_with_many(name: str) -> str:
    """The address of the page, once there are many to list."""
    from saksgang.improvements.models import Improvement
    from saksgang.people.models import Team, TeamKind

    teams = list(Team.objects.exclude(kind=TeamKind.TRIAGE).order_by("id"))
    if not Improvement.objects.exists():
        fill(teams)
    return PAGES[name].format(team=teams[0].pk, improvement=Improvement.objects.earliest("pk").pk)


def fill(teams: list) -> None:
    from saksgang.improvements.kinds import Step
    from saksgang.improvements.models import Improvement, ImprovementCase, ImprovementStep
    from saksgang.lib import clock
    from saksgang.people.models import Person
    from saksgang.tickets.models import Ticket

    now, by = clock.now(), Person.objects.filter(account__isnull=False).first()
    made = Improvement.objects.bulk_create(
        Improvement(
            team=teams[nth % len(teams)], title=f"Ønske nummer {nth}", folded=f"ønske nummer {nth}", step=Step.TAKEN_IN,
            rank=nth // len(teams) + 1, due_at=now, made_at=now, made_by=by,
        )
        for nth in range(MANY)
    )  # fmt: skip
    facts = {"step": Step.TAKEN_IN, "decided_at": now, "decided_by": by}
    ImprovementStep.objects.bulk_create(ImprovementStep(improvement=one, **facts) for one in made)
    cases = Ticket.objects.filter(open=0).order_by("id").values_list("id", flat=True)[: 2 * MANY]
    ImprovementCase.objects.bulk_create(
        ImprovementCase(improvement=made[nth % MANY], ticket_id=pk, joined_at=now, joined_by=by)
        for nth, pk in enumerate(cases)
    )
