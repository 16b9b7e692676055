"""What becomes of a mail: one small decision a module, asked in the order that stands here.

Each looks at the case so far, leaves its reason, and either ends the matter or passes it on.
"""

from saksgang.inbound.decisions import bounce, heartbeat, readable, robot, seen_before, sender, team, ticket, voice
from saksgang.inbound.decisions.case import Case, Decision, Ending

ORDER: tuple[Decision, ...] = (
    heartbeat.decide,
    seen_before.decide,
    readable.decide,
    robot.decide,
    bounce.decide,
    sender.decide,
    ticket.decide,
    voice.decide,
    team.decide,
)

__all__ = ["ORDER", "Case", "Ending"]
