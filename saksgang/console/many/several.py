"""Several marked cases, as the forms of one case know it."""

from __future__ import annotations

from saksgang.console.case.case import Case
from saksgang.console.pages import ConsoleRequest
from saksgang.people.models import Person
from saksgang.tickets.models import Ticket


class Several(Case):
    """In the first one's team, and with nothing else known of them yet."""

    def __init__(self, request: ConsoleRequest, cases: list[Ticket]) -> None:
        self.request = request
        self.person: Person = request.person
        self.newest, self.seen, self.stopped = 0, None, False
        self.cases = cases
        first = cases[0] if cases else Ticket()
        # A case that nobody has saved: whatever the forms ask of it is not known.
        self.ticket = Ticket(team_id=first.team_id, pause_count=max((one.pause_count for one in cases), default=0))
