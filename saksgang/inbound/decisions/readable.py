"""Could the mail be read whole? If not, a person sees it as it came."""

from __future__ import annotations

from saksgang.inbound.decisions.case import Case, Ending
from saksgang.inbound.models import Outcome


def decide(case: Case) -> Ending | None:
    if case.mail.undecoded:
        case.because("readable", "not_all_decoded")
    if case.mail.is_too_long:
        case.because("readable", "too_long")
        return Ending(Outcome.SET_ASIDE, set_aside="too_long")
    if not case.mail.unreadable:
        return None
    case.because("readable", "not_whole")
    return Ending(Outcome.SET_ASIDE, set_aside="unreadable")
