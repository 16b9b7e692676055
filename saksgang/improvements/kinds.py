"""Every enumerated value of an improvement."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class Size(models.TextChoices):
    """How much work it is, or how much it helps."""

    SMALL = "SMALL", pgettext_lazy("size", "Small")
    MEDIUM = "MEDIUM", pgettext_lazy("size", "Medium")
    LARGE = "LARGE", pgettext_lazy("size", "Large")
    UNKNOWN = "UNKNOWN", pgettext_lazy("size", "Don't know")


class Step(models.TextChoices):
    TAKEN_IN = "TAKEN_IN", pgettext_lazy("improvement", "Taken in")
    PLANNED = "PLANNED", pgettext_lazy("improvement", "Planned")
    DECLINED = "DECLINED", pgettext_lazy("improvement", "Declined")
    DONE = "DONE", pgettext_lazy("improvement", "Done")


# These stand on the ranked list; the others are over.
OPEN = (Step.TAKEN_IN, Step.PLANNED)
# What can become of it from where it stands. Planned again: the date is moved. Taken in again: it was taken up once more.
LEADS_TO = {
    Step.TAKEN_IN: (Step.PLANNED, Step.DONE, Step.DECLINED),
    Step.PLANNED: (Step.PLANNED, Step.DONE, Step.DECLINED, Step.TAKEN_IN),
    Step.DECLINED: (Step.TAKEN_IN,),
    Step.DONE: (Step.TAKEN_IN,),
}
