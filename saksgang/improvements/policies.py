"""Who decides on an improvement, and what can become of it from where it stands."""

from __future__ import annotations

from django.utils.translation import gettext as _

from saksgang.access.queries import NotAllowed, may
from saksgang.access.roles import Permission
from saksgang.improvements.kinds import LEADS_TO, OPEN, Step
from saksgang.improvements.models import Improvement
from saksgang.people.models import Person, TeamKind
from saksgang.tickets.policies import Refused


def may_decide(person: Person, team_id: int) -> bool:
    """Whoever works in the team, and the managers of the triage team on every list."""
    return may(person, Permission.WORK_TICKETS, team=team_id) or may(person, Permission.DECIDE_IMPROVEMENTS)


def check_may_decide(person: Person, team_id: int) -> None:
    """Raises NotAllowed unless `may_decide` says yes."""
    if not may_decide(person, team_id):
        raise NotAllowed(Permission.DECIDE_IMPROVEMENTS)


def is_open(improvement: Improvement) -> bool:
    """Whether it stands on the ranked list."""
    return improvement.step in OPEN


def check_takes_cases(improvement: Improvement) -> None:
    if not is_open(improvement):
        raise Refused(_("This improvement is over. Take it up again first, or make a new one."))


def check_leads_to(improvement: Improvement, step: str) -> None:
    if step not in LEADS_TO[Step(improvement.step)]:
        raise Refused(
            _("It is %(step)s now. Load the page again to see what can become of it.")
            % {"step": str(Step(improvement.step).label).lower()}
        )


def check_has_list(team: TeamKind | str, *, active: bool) -> None:
    """Raises Refused for a team that has no list: the managers' own, and one that is closed."""
    if team == TeamKind.TRIAGE or not active:
        raise Refused(_("Choose the team."))
