"""Mailboxes, how they are read, which team gets what, suppliers and mail texts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from saksgang.catalogue import actions as catalogue
from saksgang.catalogue.models import (
    Category,
    ImapDoor,
    ImapSecurity,
    Mailbox,
    MailText,
    RoutingRule,
    Service,
    Supplier,
)
from saksgang.people.models import Department
from saksgang.upkeep.configuring import finding
from saksgang.upkeep.configuring.desk import BY, given
from saksgang.upkeep.configuring.document import Entry
from saksgang.upkeep.configuring.secret_places import Secrets
from saksgang.upkeep.configuring.sections import SECTIONS, WHEN
from saksgang.upkeep.configuring.telling import Told

DOOR = tuple(
    name for name in SECTIONS["mailbox.imap"].keys if not name.endswith(("_env", "_file"))
)  # fmt: skip
MAILBOX = tuple(name for name in SECTIONS["mailbox"].keys if name not in ("slug", "team"))
PORT_WITHOUT_TLS = 143


def set_mailbox(entry: Entry, told: Told, secrets: Secrets) -> None:
    facts, slug = entry.facts, entry.facts["slug"]
    wanted = given(facts, *MAILBOX) | {"team": finding.team_named(facts["team"])}
    mailbox = Mailbox.objects.filter(slug=slug).select_related("team").first()
    if mailbox is None:
        mailbox = catalogue.add_mailbox(by=BY, slug=slug, **wanted)
        told.added(f"mailbox {slug}")
    told.alter(f"mailbox {slug}", mailbox, wanted, partial(catalogue.change_mailbox, by=BY, mailbox=mailbox))
    if "imap" in facts:
        _set_door(facts["imap"], mailbox, told, secrets)


def _set_door(entry: Entry, mailbox: Mailbox, told: Told, secrets: Secrets) -> None:
    what = f"mailbox {mailbox.slug}, imap"
    wanted, secret = given(entry.facts, *DOOR), secrets.of(entry.facts)
    door = ImapDoor.objects.filter(mailbox=mailbox).first()
    if door is None:
        catalogue.set_imap_door(by=BY, mailbox=mailbox, secret=secret, **(_port(wanted) | wanted))
        told.added(what)
        return
    told.alter(what, door, wanted, partial(catalogue.set_imap_door, by=BY, mailbox=mailbox))
    kept = catalogue.set_imap_door(by=BY, mailbox=mailbox, secret=secret)
    if kept.sealed_secret != door.sealed_secret:
        told.changed(what, "has another secret (not shown)")


def _port(wanted: dict[str, Any]) -> dict[str, int]:
    """The customary port of a door that names none; with TLS from the start it is the model's own."""
    return {} if wanted.get("security", ImapSecurity.TLS) == ImapSecurity.TLS else {"port": PORT_WITHOUT_TLS}


def set_supplier(entry: Entry, told: Told, _secrets: Secrets) -> None:
    facts, name = entry.facts, entry.facts["name"]
    wanted = given(facts, "address", "active")
    if "domains" in facts:
        wanted["domains"] = catalogue.folded_domains(facts["domains"])
    supplier = Supplier.objects.filter(name=name).first()
    if supplier is None:
        supplier = catalogue.add_supplier(by=BY, name=name, **given(wanted, "domains", "address"))
        told.added(f"supplier {name}")
    told.alter(f"supplier {name}", supplier, wanted, partial(catalogue.change_supplier, by=BY, supplier=supplier))


def set_routing(entry: Entry, told: Told, _secrets: Secrets) -> None:
    """What the rule asks makes it the same rule; a new one is asked after those that are there."""
    facts = entry.facts
    when = _when(facts)
    then: dict[str, Any] = {"team": finding.team_named(facts["team"]), "question": facts.get("question", "")}
    if "proposes" in facts:
        then["proposes"] = _named(Category, facts["proposes"])
    what = f"routing rule {', '.join(str(facts[name]) for name in WHEN if name in facts)}".replace("\n", " ")
    rule = RoutingRule.objects.select_related("team", "proposes").filter(replaced_at__isnull=True, **when).first()
    if rule is None:
        rule = catalogue.add_routing_rule(by=BY, **then, **{name: value for name, value in when.items() if value})
        told.added(what)
    told.alter(what, rule, then, partial(catalogue.change_routing_rule, by=BY, rule=rule))
    rule = RoutingRule.objects.get(replaced_at__isnull=True, **when)
    told.alter(what, rule, given(facts, "active"), partial(catalogue.switch_routing_rule, by=BY, rule=rule))


def _when(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Every condition of a rule, those that are not given too."""
    mailbox = facts.get("mailbox")
    return {
        "words": facts.get("words", ""),
        "sender": facts.get("sender", ""),
        "channel": facts.get("channel", "").upper(),
        "mailbox": Mailbox.objects.get(slug=mailbox) if mailbox else None,
        "department": Department.objects.get(name=facts["department"]) if facts.get("department") else None,
        "service": _named(Service, facts.get("service")),
        "category": _named(Category, facts.get("category")),
    }


def _named(model: Any, name: str | None) -> Any:
    return model.objects.get(name_nb=name) if name else None


def set_mail_text(entry: Entry, told: Told, _secrets: Secrets) -> None:
    facts = entry.facts
    place = given(facts, "kind", "language")
    words = given(facts, "subject", "body")
    row = MailText.objects.filter(**place).first() or MailText(**place)
    what = f"mail text {place['kind']} in {place['language']}"
    told.alter(what, row, words, partial(catalogue.write_mail_text, by=BY, **place))
