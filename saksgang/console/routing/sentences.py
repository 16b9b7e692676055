"""A routing rule as one sentence, made from what it says, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from saksgang.catalogue.models import RoutingRule
from saksgang.tickets.kinds import Channel

# How it came, as it stands in the sentence.
HOW = {
    Channel.EMAIL: pgettext_lazy("rule", "by e-mail"),
    Channel.PHONE: pgettext_lazy("rule", "by phone"),
    Channel.NOTE: pgettext_lazy("rule", "on a sticky note"),
    Channel.CHAT: pgettext_lazy("rule", "by chat"),
    Channel.WALK_IN: pgettext_lazy("rule", "in person"),
    Channel.FORM: pgettext_lazy("rule", "by the form"),
    Channel.API: pgettext_lazy("rule", "from another system"),
}


def sentence(rule: RoutingRule) -> str:
    """«Når en sak kommer på e-post fra @lab.example med ordet «prøve*», går den til Lab.»"""
    named = {"conditions": " ".join(_conditions(rule)), "team": rule.team.name, "question": rule.question}
    if rule.question:
        asked = _("When a case comes %(conditions)s, %(team)s is asked: «%(question)s»") % named
        if rule.proposes is None:
            return asked
        return _("%(sentence)s, and «%(kind)s» is proposed.") % {"sentence": asked, "kind": rule.proposes.name}
    if rule.proposes is None:
        return _("When a case comes %(conditions)s, it goes to %(team)s.") % named
    with_kind = _("When a case comes %(conditions)s, it goes to %(team)s, and «%(kind)s» is proposed.")
    return with_kind % {**named, "kind": rule.proposes.name}


def _conditions(rule: RoutingRule) -> Iterator[str]:
    if rule.channel:
        yield str(HOW.get(Channel(rule.channel), Channel(rule.channel).label))
    if rule.mailbox:
        yield pgettext("rule", "to %(address)s") % {"address": rule.mailbox.address}
    if rule.sender:
        sender = rule.sender if "@" in rule.sender else f"@{rule.sender}"
        yield pgettext("rule", "from %(sender)s") % {"sender": sender}
    if rule.department:
        yield pgettext("rule", "from %(sender)s") % {"sender": rule.department.name}
    if rule.service:
        yield pgettext("rule", "about %(service)s") % {"service": rule.service.name}
    if rule.category:
        yield pgettext("rule", "of the kind «%(kind)s»") % {"kind": rule.category.name}
    if rule.words:
        yield pgettext("rule", "with the word %(words)s") % {"words": _either(rule.words.split("\n"))}


def _either(words: list[str]) -> str:
    *others, last = [f"«{word}»" for word in words]
    return pgettext("rule", "%(some)s or %(last)s") % {"some": ", ".join(others), "last": last} if others else last
