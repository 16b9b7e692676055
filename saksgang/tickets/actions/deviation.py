"""A patient was or could have been harmed: it is reported where deviations are, and the case says under which number, or why not."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from saksgang.lib import text
from saksgang.tickets import policies
from saksgang.tickets.kinds import NOTHING_HAPPENED, Told
from saksgang.tickets.models import Ticket

# A number as such systems give them: no room for a name or a sentence.
NUMBER = re.compile(r"(?=.*\d)[\w/.-]{1,40}")
NOT_A_NUMBER = gettext_lazy("Write the number of the deviation alone, without spaces or other words.")


def is_number(written: str) -> bool:
    return NUMBER.fullmatch(written) is not None


def write(ticket: Ticket, number: str, reason: str) -> None:
    """Keeps what is said now; what was said before stays. The caller stores."""
    number = number.strip()
    if number and not is_number(number):
        raise policies.Refused(str(NOT_A_NUMBER))
    ticket.deviation_number = number or ticket.deviation_number
    ticket.deviation_reason = text.one_line(reason, 500) or ticket.deviation_reason


def lacks_report(ticket: Ticket) -> bool:
    """Whether a patient was or could have been harmed, and neither the deviation's number nor a reason for none is there."""
    return ticket.patient_harm == Told.YES and not (ticket.deviation_number or ticket.deviation_reason)


def check_reported(ticket: Ticket, *, closing: str | None = None) -> None:
    """Raises Refused while it is not. `closing`: the reason with which the case is closed."""
    if lacks_report(ticket) and closing not in NOTHING_HAPPENED:
        raise policies.Refused(
            _("A patient was or could have been harmed. First write the deviation's number, or why none is reported.")
        )
