"""What is proposed to say to requesters at each step, in their language, and an improvement's state in words."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from saksgang.improvements.kinds import Step
from saksgang.improvements.models import Improvement
from saksgang.lib import clock
from saksgang.ui.dates import long_date, short_date, short_when


def new_words(language: str) -> str:
    """To whoever asked for what is on no list yet."""
    with translation.override(language):
        return _(
            "What you wish for now stands on our list of improvements. You will hear from us when we have decided about it."
        )


def joining_words(improvement: Improvement, language: str) -> str:
    """To whoever asks for what others have asked for: where it stands."""
    if improvement.step != Step.PLANNED or improvement.planned_for is None:
        return new_words(language)
    with translation.override(language):
        day = {"day": long_date(improvement.planned_for, _today())}
        return _("What you wish for is planned for %(day)s. You will hear from us when it is done.") % day


def step_words(step: str, language: str) -> str:
    """To everybody who asked for it, when it has come a step further. A plan has a place for its date (with_date)."""
    with translation.override(language):
        if step == Step.PLANNED:
            words = _(
                "The improvement that you asked for is planned for %(day)s. You will hear from us when it is done."
            )
            return words % {"day": pgettext("place in a text", "[date]")}
        said = {
            Step.DONE: _("The improvement that you asked for is done. Thank you for telling us."),
            Step.DECLINED: _("We have considered the improvement that you asked for, and will not carry it out."),
            Step.TAKEN_IN: _(
                "The improvement that you asked for is on our list again. You will hear from us when we have decided about it."
            ),
        }
        return said[Step(step)]


def with_date(words: str, language: str, day: date) -> str:
    """The words with the date in its place, however else they were changed."""
    with translation.override(language):
        return words.replace(pgettext("place in a text", "[date]"), long_date(day, _today()))


def stands(improvement: Improvement) -> str:
    """«Planlagt til 3. mars»."""
    if improvement.step == Step.PLANNED and improvement.planned_for:
        return _("Planned for %(day)s") % {"day": short_date(improvement.planned_for, _today())}
    return str(Step(improvement.step).label)


def due(improvement: Improvement, now: datetime) -> str:
    """By when something must happen to it; nothing when it is over."""
    if improvement.due_at is None:
        return ""
    when = {"when": short_when(improvement.due_at, now)}
    if improvement.due_at < now:
        return _("overdue: was due %(when)s") % when
    return _("decide by %(when)s") % when if improvement.step == Step.TAKEN_IN else ""


def _today() -> date:
    return clock.local(clock.now()).date()
