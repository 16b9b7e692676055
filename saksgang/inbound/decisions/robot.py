"""A loop or a machine? Our own mail that comes back, absence replies and receipts join their case and wake nobody."""

from __future__ import annotations

from saksgang.inbound.decisions import ticket as ticket_decision
from saksgang.inbound.decisions.case import Case, Ending
from saksgang.inbound.models import Outcome

WAKES_NOBODY = {"absence", "receipt", "calendar"}


def decide(case: Case) -> Ending | None:
    verdict = case.verdict
    if verdict.kind == "human":
        return None
    case.because("robot", verdict.reason)
    if verdict.kind == "loop":
        return _joins_or_waits(case, "loop")
    if verdict.kind == "automatic" and verdict.sub in WAKES_NOBODY:
        return _joins_or_waits(case, "automatic_without_case")
    return None


def _joins_or_waits(case: Case, set_aside: str) -> Ending | None:
    ticket_decision.decide(case)
    if case.ticket is None:
        return Ending(Outcome.SET_ASIDE, set_aside=set_aside)
    case.quiet = True
    return None
