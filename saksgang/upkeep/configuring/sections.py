"""Every section that the file may have, and every key: one screen. The order is the one in which they are carried out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from saksgang.access.roles import Role
from saksgang.catalogue import defaults
from saksgang.catalogue.kinds import TicketType
from saksgang.catalogue.models import (
    Category,
    Criticality,
    Duty,
    Forwarding,
    ImapDoor,
    ImapSecurity,
    ImapSignIn,
    Mailbox,
    MailText,
    Meeting,
    RoutingRule,
    Service,
    SpecialDay,
    StateLabel,
    Supplier,
)
from saksgang.catalogue.queries import CRITICALITIES
from saksgang.people.models import Account, Department, Language, Person, Team, TeamKind
from saksgang.people.models import Section as Sections
from saksgang.tickets.kinds import Channel, State
from saksgang.upkeep.configuring import values as v

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
IMPACTS = tuple(defaults.MATRICES["incident"])
STEPS = tuple(defaults.TARGETS["1"])


@dataclass(frozen=True)
class Section:
    keys: Mapping[str, v.Check]
    required: tuple[str, ...] = ()
    # What makes two entries the same; two of the same in one file are a slip of the pen.
    same: tuple[str, ...] = ()
    inner: tuple[str, ...] = ()  # sections within it, at most one of each


ROLE = Section(
    {"role": v.one_of(Role.values), "team": v.words, "section": v.one_of(Sections.values)}, required=("role",)
)

SECTIONS: dict[str, Section] = {
    "department": Section(
        {"name": v.text_of(Department, "name"), "phone": v.text_of(Department, "phone")},
        required=("name",), same=("name",),
    ),
    "team": Section(
        {
            "name": v.text_of(Team, "name"), "slug": v.slug, "kind": v.one_of(TeamKind.values),
            "section": v.one_of(Sections.values), "active": v.flag,
        },
        required=("name",), same=("name",),
    ),
    "service": Section(
        {
            "name": v.text_of(Service, "name_nb"), "name_nn": v.text_of(Service, "name_nn"),
            "name_en": v.text_of(Service, "name_en"), "criticality": v.one_of(Criticality.values),
            "owner_team": v.words, "medical_device": v.flag, "active": v.flag,
        },
        required=("name", "criticality", "owner_team"), same=("name",),
    ),
    "category": Section(
        {
            "name": v.text_of(Category, "name_nb"), "name_nn": v.text_of(Category, "name_nn"),
            "name_en": v.text_of(Category, "name_en"), "words": v.list_of(v.words), "service": v.words,
            "type": v.one_of(map(str.lower, TicketType.values)), "demands_proof": v.flag, "active": v.flag,
        },
        required=("name", "service", "type"), same=("name",),
    ),
    "person": Section(
        {
            "name": v.text_of(Person, "name"), "addresses": v.list_of(v.address), "department": v.words,
            "phone": v.text_of(Person, "phone"), "title": v.text_of(Person, "title"),
            "language": v.one_of(Language.values), "external_id": v.text_of(Person, "external_id"),
            "teams": v.list_of(v.words), "roles": v.list_of(lambda value: value), "active": v.flag,
            "username": v.text_of(Account, "username"), "password_env": v.words, "password_file": v.words,
        },
        required=("name",),
    ),
    "mailbox": Section(
        {
            "slug": v.slug, "address": v.address, "name": v.text_of(Mailbox, "name"), "team": v.words,
            "forwarding": v.one_of(Forwarding.values), "forwarder": v.or_empty(v.address),
            "forwarder_authserv_id": v.or_empty(v.text_of(Mailbox, "forwarder_authserv_id")),
            "ignored_headers": v.list_of(v.header), "tagged_returns": v.flag,
            "silent_after_minutes": v.whole(0, 100_000), "heartbeat_minutes": v.whole(0, 10_000),
            "urgent_phone": v.text_of(Mailbox, "urgent_phone"), "active": v.flag,
        },
        required=("slug", "address", "name", "team"), same=("slug",), inner=("imap",),
    ),
    "mailbox.imap": Section(
        {
            "host": v.text_of(ImapDoor, "host"), "port": v.whole(1, 65_535), "security": v.one_of(ImapSecurity.values),
            "user": v.text_of(ImapDoor, "user"), "sign_in": v.one_of(ImapSignIn.values),
            "password_env": v.words, "password_file": v.words,
            "client_secret_env": v.words, "client_secret_file": v.words,
            "token_url": v.text_of(ImapDoor, "token_url"), "client_id": v.text_of(ImapDoor, "client_id"),
            "scope": v.text_of(ImapDoor, "scope"), "folder": v.text_of(ImapDoor, "folder"),
            "kept_folder": v.text_of(ImapDoor, "kept_folder"), "idle": v.flag, "poll_seconds": v.whole(5, 86_400),
            "active": v.flag,
        },
        required=("host", "user"),
    ),
    "supplier": Section(
        {
            "name": v.text_of(Supplier, "name"), "domains": v.list_of(v.domain), "address": v.or_empty(v.address),
            "active": v.flag,
        },
        required=("name",), same=("name",),
    ),
    "team_hours": Section({"team": v.words} | {name: v.hours for name in WEEKDAYS}, required=("team",), same=("team",)),
    "special_day": Section(
        {"day": v.day, "name": v.text_of(SpecialDay, "name"), "opens": v.clock_time, "closes": v.clock_time},
        required=("day", "name"), same=("day",),
    ),
    "meeting": Section(
        {"starts_at": v.moment, "place": v.text_of(Meeting, "place"), "called_off": v.flag},
        required=("starts_at",), same=("starts_at",),
    ),
    "on_call": Section(
        {"duty": v.one_of(Duty.values), "person": v.words, "starts_at": v.moment, "ends_at": v.moment},
        required=("duty", "person", "starts_at", "ends_at"), same=("duty", "starts_at"),
    ),
    "mail_text": Section(
        {
            "kind": v.one_of(defaults.MAIL_TEXTS), "language": v.one_of(Language.values),
            "subject": v.text_of(MailText, "subject"), "body": v.long_text,
        },
        required=("kind", "language", "subject", "body"), same=("kind", "language"),
    ),
    "target": Section(
        {
            "level": v.one_of(defaults.TARGETS), "step": v.one_of(STEPS), "minutes": v.whole(1, 100_000),
            "days": v.whole(1, 365),
        },
        required=("level", "step"), same=("level", "step"),
    ),
    "priority": Section(
        {
            "matrix": v.one_of(defaults.MATRICES), "impact": v.one_of(IMPACTS),
            "criticality": v.one_of(CRITICALITIES), "priority": v.whole(1, 4),
        },
        required=("matrix", "impact", "criticality", "priority"), same=("matrix", "impact", "criticality"),
    ),
    # Asked in the order in which they stand; what makes two the same is everything in «when».
    "routing": Section(
        {
            "words": v.routing_words, "sender": v.sender, "channel": v.one_of(map(str.lower, Channel.values)),
            "mailbox": v.slug, "department": v.words, "service": v.words, "category": v.words,
            "team": v.words, "question": v.text_of(RoutingRule, "question"), "proposes": v.words, "active": v.flag,
        },
        required=("team",),
    ),
    "state_label": Section(
        {
            "state": v.one_of(State.values), "label": v.text_of(StateLabel, "label_nb"),
            "label_nn": v.text_of(StateLabel, "label_nn"), "label_en": v.text_of(StateLabel, "label_en"),
        },
        required=("state", "label"), same=("state",),
    ),
}  # fmt: skip

# What a routing rule asks of a case.
WHEN = ("words", "sender", "channel", "mailbox", "department", "service", "category")
# Within another section only.
INNER = {"mailbox.imap"}
# Secrets never stand in the file; each of these words has a key that says where the secret is.
SECRETS = {"password": "password_env", "client_secret": "client_secret_env", "secret": "client_secret_env"}
