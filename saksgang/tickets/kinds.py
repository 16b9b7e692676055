"""Every enumerated value of a case. Keys of other rooms name these, so they lie apart from the models."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    NEW = "NEW", pgettext_lazy("state", "New")
    IN_PROGRESS = "IN_PROGRESS", pgettext_lazy("state", "In progress")
    WAITING_REQUESTER = "WAITING_REQUESTER", pgettext_lazy("state", "Waiting for requester")
    WAITING_THIRD_PARTY = "WAITING_THIRD_PARTY", pgettext_lazy("state", "Waiting for others")
    PLANNED = "PLANNED", pgettext_lazy("state", "Planned")
    RESOLVED = "RESOLVED", pgettext_lazy("state", "Solved")
    CLOSED = "CLOSED", pgettext_lazy("state", "Closed")


class Channel(models.TextChoices):
    EMAIL = "EMAIL", pgettext_lazy("channel", "E-mail")
    PHONE = "PHONE", pgettext_lazy("channel", "Phone")
    NOTE = "NOTE", pgettext_lazy("channel", "Sticky note")
    CHAT = "CHAT", pgettext_lazy("channel", "Chat")
    WALK_IN = "WALK_IN", pgettext_lazy("channel", "In person")
    FORM = "FORM", pgettext_lazy("channel", "Form")
    API = "API", pgettext_lazy("channel", "API")
    IMPORT = "IMPORT", pgettext_lazy("channel", "Imported")


# So many hand-overs between teams mark a case: somebody must look at where it belongs.
PINGPONG = 3


class Impact(models.TextChoices):
    ORGANISATION = "organisation", pgettext_lazy("impact", "The whole hospital is affected")
    DEPARTMENTS = "departments", pgettext_lazy("impact", "Some departments are affected")
    INDIVIDUALS = "individuals", pgettext_lazy("impact", "Single users are affected (1–3)")
    UNKNOWN = "unknown", pgettext_lazy("impact", "Don't know")


class Consequence(models.TextChoices):
    STOPS = "stops", pgettext_lazy("consequence", "The work stops")
    DEGRADED = "degraded", pgettext_lazy("consequence", "It works, but slowly or with a detour")
    NUISANCE = "nuisance", pgettext_lazy("consequence", "A nuisance")
    UNKNOWN = "unknown", pgettext_lazy("consequence", "Don't know")


class Told(models.TextChoices):
    """What was said to a question that one need not know the answer to."""

    NO = "no", pgettext_lazy("answer", "No")
    YES = "yes", pgettext_lazy("answer", "Yes")
    UNKNOWN = "unknown", pgettext_lazy("answer", "Don't know")


# What is known of a fault when it is solved.
KNOWN_IMPACTS = ["organisation", "departments", "individuals"]
KNOWN_CONSEQUENCES = ["stops", "degraded", "nuisance"]


class MajorState(models.TextChoices):
    """Of one fault that many report."""

    OPEN = "OPEN", pgettext_lazy("major incident", "Going on")
    SOLVED = "SOLVED", pgettext_lazy("major incident", "Solved")


class StaysOpen(models.TextChoices):
    """Why a case stays open when the fault that it hangs under is solved."""

    AT_TRIAGE = "AT_TRIAGE", pgettext_lazy("stays open", "The triage team decides it first")
    PARTS = "PARTS", pgettext_lazy("stays open", "A sub-case of another team is not done")
    WHO_ASKS = "WHO_ASKS", pgettext_lazy("stays open", "We do not know yet who asks")
    NOT_REPORTED = "NOT_REPORTED", pgettext_lazy("stays open", "The deviation is not reported yet")
    NO_ADDRESS = "NO_ADDRESS", pgettext_lazy("stays open", "Somebody has no e-mail address and must be phoned")
    NEW_MESSAGE = "NEW_MESSAGE", pgettext_lazy("stays open", "There is a message that nobody has seen to")


class NextStep(models.TextChoices):
    ASSESS = "ASSESS", pgettext_lazy("next step", "Assess")
    TAKE = "TAKE", pgettext_lazy("next step", "Take the case")
    ANSWER = "ANSWER", pgettext_lazy("next step", "Answer")
    SOLVE = "SOLVE", pgettext_lazy("next step", "Solve")
    SET_DATE = "SET_DATE", pgettext_lazy("next step", "Set a date")
    FOLLOW_UP = "FOLLOW_UP", pgettext_lazy("next step", "Follow up")
    CHECK_WITH_REQUESTER = "CHECK_WITH_REQUESTER", pgettext_lazy("next step", "Check with the requester")
    START = "START", pgettext_lazy("next step", "Start as planned")
    GIVE_STATUS = "GIVE_STATUS", pgettext_lazy("next step", "Tell how far it has come")
    CALL_AGAIN = "CALL_AGAIN", pgettext_lazy("next step", "Call again")
    CONFIRM_SENDER = "CONFIRM_SENDER", pgettext_lazy("next step", "Confirm the sender")
    ANSWER_AGAIN = "ANSWER_AGAIN", pgettext_lazy("next step", "The answer did not arrive: answer again")
    CLARIFY = "CLARIFY", pgettext_lazy("next step", "To be clarified")
    CALL = "CALL", pgettext_lazy("next step", "Phone")


class CloseReason(models.TextChoices):
    MERGED = "MERGED", pgettext_lazy("close reason", "Merged")
    DUPLICATE = "DUPLICATE", pgettext_lazy("close reason", "Duplicate of another case")
    SPAM = "SPAM", pgettext_lazy("close reason", "Spam")
    MISTAKE = "MISTAKE", pgettext_lazy("close reason", "Registered by mistake")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("close reason", "Withdrawn by the requester")
    NO_REPLY = "NO_REPLY", pgettext_lazy("close reason", "No reply after two reminders")
    REFERRED = "REFERRED", pgettext_lazy("close reason", "Referred to somebody else")
    DECLINED = "DECLINED", pgettext_lazy("close reason", "Declined")
    BECAME_IMPROVEMENT = "BECAME_IMPROVEMENT", pgettext_lazy("close reason", "Became an improvement")
    BECAME_PROJECT = "BECAME_PROJECT", pgettext_lazy("close reason", "Became a project")
    UNREACHABLE = "UNREACHABLE", pgettext_lazy("close reason", "The requester could not be reached")
    ANSWERED_ORALLY = "ANSWERED_ORALLY", pgettext_lazy("close reason", "Answered orally")
    IMPORTED = "IMPORTED", pgettext_lazy("close reason", "Imported as closed")


# These reasons say themselves why nobody is owed an answer. All the others are told, or the requester's claim moves elsewhere.
# A case that was none: whatever was answered on it needs no deviation.
NOTHING_HAPPENED = ["SPAM", "MISTAKE", "DUPLICATE", "IMPORTED"]
NOBODY_IS_OWED = (
    CloseReason.MERGED,
    CloseReason.DUPLICATE,
    CloseReason.SPAM,
    CloseReason.MISTAKE,
    CloseReason.UNREACHABLE,
    CloseReason.ANSWERED_ORALLY,
    CloseReason.IMPORTED,
)
# These tell the requester in the same action.
REQUESTER_IS_TOLD = (
    CloseReason.WITHDRAWN,
    CloseReason.NO_REPLY,
    CloseReason.REFERRED,
    CloseReason.DECLINED,
    CloseReason.BECAME_IMPROVEMENT,
    CloseReason.BECAME_PROJECT,
)


class EndsAs(models.TextChoices):
    """What a case ends as once those have been phoned whom no mail reaches; it stays open until then."""

    RESOLVED = "RESOLVED", State.RESOLVED.label
    REFERRED = "REFERRED", CloseReason.REFERRED.label
    DECLINED = "DECLINED", CloseReason.DECLINED.label
    BECAME_IMPROVEMENT = "BECAME_IMPROVEMENT", CloseReason.BECAME_IMPROVEMENT.label
    BECAME_PROJECT = "BECAME_PROJECT", CloseReason.BECAME_PROJECT.label


class Decision(models.TextChoices):
    """What the triage team makes of a question."""

    TO_TEAM = "TO_TEAM", pgettext_lazy("decision", "To a team")
    ANSWERED = "ANSWERED", pgettext_lazy("decision", "Back with an answer")
    DECLINED = "DECLINED", pgettext_lazy("decision", "Declined")
    IMPROVEMENT = "IMPROVEMENT", pgettext_lazy("decision", "Improvement")
    PROJECT = "PROJECT", pgettext_lazy("decision", "Project")
    REFERRED = "REFERRED", pgettext_lazy("decision", "Other department or supplier")


# These end the case, each for its reason.
CLOSING_DECISIONS = {
    Decision.DECLINED: CloseReason.DECLINED,
    Decision.IMPROVEMENT: CloseReason.BECAME_IMPROVEMENT,
    Decision.PROJECT: CloseReason.BECAME_PROJECT,
    Decision.REFERRED: CloseReason.REFERRED,
}


class MessageKind(models.TextChoices):
    INCOMING = "INCOMING", pgettext_lazy("message kind", "Message from the requester")
    ANSWER = "ANSWER", pgettext_lazy("message kind", "Answer")
    SOLUTION = "SOLUTION", pgettext_lazy("message kind", "Solution")
    CLOSING = "CLOSING", pgettext_lazy("message kind", "Message on closing")
    REMINDER = "REMINDER", pgettext_lazy("message kind", "Reminder")
    STATUS = "STATUS", pgettext_lazy("message kind", "Told how far it has come")  # tells, and answers nothing
    NOTE = "NOTE", pgettext_lazy("message kind", "Internal note")
    CONVERSATION = "CONVERSATION", pgettext_lazy("message kind", "Conversation")
    AUTOMATIC = "AUTOMATIC", pgettext_lazy("message kind", "Automatic message")
    THANKS = "THANKS", pgettext_lazy("message kind", "Thanks")
    OUTWARD = "OUTWARD", pgettext_lazy("message kind", "Message to others")
    DIRECT = "DIRECT", pgettext_lazy("message kind", "Mail past the desk")


class Visibility(models.TextChoices):
    PUBLIC = "PUBLIC", pgettext_lazy("visibility", "Seen by the requester")
    INTERNAL = "INTERNAL", pgettext_lazy("visibility", "Internal")
    OUTWARD = "OUTWARD", pgettext_lazy("visibility", "Between us and a supplier")


class CallOutcome(models.TextChoices):
    """How a call that somebody had to make ended."""

    REACHED = "REACHED", pgettext_lazy("call", "Talked with")
    GIVEN_UP = "GIVEN_UP", pgettext_lazy("call", "Could not be reached")
    WITHDRAWN = "WITHDRAWN", pgettext_lazy("call", "Taken back before it was said")


class SenderRole(models.TextChoices):
    """Who wrote a message, as seen from the case."""

    REQUESTER = "REQUESTER", pgettext_lazy("sender", "Requester")
    OTHER = "OTHER", pgettext_lazy("sender", "Another sender")
    AGENT = "AGENT", pgettext_lazy("sender", "Agent")
    MACHINE = "MACHINE", pgettext_lazy("sender", "Automatic")
    SUPPLIER = "SUPPLIER", pgettext_lazy("sender", "Supplier")


class LinkKind(models.TextChoices):
    MERGED = "MERGED", pgettext_lazy("link", "was merged into")
    DUPLICATE = "DUPLICATE", pgettext_lazy("link", "is a duplicate of")
    SPLIT = "SPLIT", pgettext_lazy("link", "was split from")
    RELATED = "RELATED", pgettext_lazy("link", "belongs with")
    FOLLOWS = "FOLLOWS", pgettext_lazy("link", "follows")
    DETACHED = "DETACHED", pgettext_lazy("link", "was detached from")


class ProofWay(models.TextChoices):
    """How we know that the one who asks is who they say."""

    RUNG_BACK = "RUNG_BACK", pgettext_lazy("proof", "Rung back on the number we have")
    LEADER = "LEADER", pgettext_lazy("proof", "Confirmed by their leader")
    CARD = "CARD", pgettext_lazy("proof", "Met with card")
    SIGNED_IN = "SIGNED_IN", pgettext_lazy("proof", "Signed in")  # of oneself; the product sees it, nobody chooses it


# Those that somebody answers for who has checked another.
CHECKED_WAYS = [choice for choice in ProofWay.choices if choice[0] != ProofWay.SIGNED_IN]
