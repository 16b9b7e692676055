"""Whether the sections fit one another and what is in the database already: names that are used, addresses that are taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from saksgang.catalogue.models import Category, Mailbox, Service
from saksgang.lib.text import fold
from saksgang.people.actions import slug_of
from saksgang.people.models import Account, Department, Person, Team, TeamKind
from saksgang.upkeep.configuring import finding
from saksgang.upkeep.configuring.document import Complaints, Entry, Wrong
from saksgang.upkeep.configuring.secret_places import Secrets

# A key that names something of another section → that section.
NAMED = {
    "service": "service", "department": "department", "category": "category", "proposes": "category", "mailbox": "mailbox",
}  # fmt: skip
IDENTITY = {"mailbox": "slug"}


def check(entries: list[Entry], complaints: Complaints, secrets: Secrets) -> None:
    _check_names(entries, complaints)
    _check_mailboxes(entries, complaints, secrets)
    _check_persons(entries, complaints, secrets)
    _check_on_call(entries, complaints)
    _check_asks(entries, complaints)


def _check_names(entries: list[Entry], complaints: Complaints) -> None:
    teams = _teams(entries)
    known = _known(entries)
    for entry in entries:
        for key, name in _team_names(entry):
            if name not in teams:
                cure = "Write a [[team]] of that name above, or use one that is there."
                complaints.add(entry.line_of(key), f"There is no team «{name}». {cure}")
        for key, section in NAMED.items():
            named = entry.facts.get(key)
            if named and named not in known[section]:
                cure = f"Write a [[{section}]] of that name above, or use one that is there."
                complaints.add(entry.line_of(key), f"There is no {section} «{named}». {cure}")


def _known(entries: list[Entry]) -> dict[str, set[str | None]]:
    """Section → every name that will be there once the file is carried out."""
    there = {
        "department": Department.objects.values_list("name", flat=True),
        "service": Service.objects.values_list("name_nb", flat=True),
        "category": Category.objects.values_list("name_nb", flat=True),
        "mailbox": Mailbox.objects.values_list("slug", flat=True),
    }
    return {
        section: {*names, *(one.facts.get(IDENTITY.get(section, "name")) for one in _those(entries, section))}
        for section, names in there.items()
    }


def _teams(entries: list[Entry]) -> set[str]:
    """Every name and short name that will be there once the file is carried out."""
    written = [one.facts for one in entries if one.section == "team" and one.facts.get("name")]
    slugs = {facts.get("slug") or slug_of(facts["name"]) for facts in written}
    there = Team.objects.exclude(slug__in=slugs).values_list("name", "slug")
    return slugs | {facts["name"] for facts in written} | {word for pair in there for word in pair}


def _team_names(entry: Entry) -> Iterator[tuple[str, str]]:
    """(key, team) for every team that a section names."""
    for key in ("team", "owner_team"):
        if entry.facts.get(key):
            yield key, entry.facts[key]
    yield from (("teams", name) for name in entry.facts.get("teams", []))
    yield from (("roles", role["team"]) for role in entry.facts.get("roles", []) if role.get("team"))


def _check_mailboxes(entries: list[Entry], complaints: Complaints, secrets: Secrets) -> None:
    owners = dict(Mailbox.objects.values_list("address", "slug"))
    for entry in _those(entries, "mailbox"):
        address, slug = entry.facts.get("address"), entry.facts.get("slug")
        if address and slug and owners.setdefault(address, slug) != slug:
            words = f"{address} is the address of the mailbox «{owners[address]}». Give each mailbox its own."
            complaints.add(entry.line_of("address"), words)
        door = entry.facts.get("imap")
        if door:
            _read_secret(door, complaints, secrets)


def _check_persons(entries: list[Entry], complaints: Complaints, secrets: Secrets) -> None:
    seen: dict[tuple[str, str], int] = {}
    for entry in _those(entries, "person"):
        for mark in _marks(entry.facts):
            if seen.setdefault(mark, entry.line) != entry.line:
                words = (
                    f"The person on line {seen[mark]} has {mark[0]} «{mark[1]}» already. Each belongs to one person."
                )
                complaints.add(entry.line, words)
        try:
            person = finding.person(entry.facts)
        except Wrong as wrong:
            complaints.add(entry.line, str(wrong))
            continue
        _check_account(entry, person, complaints, secrets)


def _check_on_call(entries: list[Entry], complaints: Complaints) -> None:
    written = {mark[1] for one in _those(entries, "person") for mark in _marks(one.facts)}
    for entry in _those(entries, "on_call"):
        word = entry.facts.get("person")
        if word and fold(word) not in written and finding.person_named(word) is None:
            cure = "Write a username or an address, and a [[person]] with it above."
            complaints.add(entry.line_of("person"), f"There is no person «{word}». {cure}")


def _check_asks(entries: list[Entry], complaints: Complaints) -> None:
    """A rule sends to the triage team with a question, and to no other team with one."""
    deciding = _deciding(entries)
    for entry in _those(entries, "routing"):
        asks, question = entry.facts.get("team") in deciding, entry.facts.get("question")
        if asks and not question:
            complaints.add(entry.line_of("team"), "The triage team is sent nothing without a question. Write question.")
        if question and not asks:
            words = "Only the triage team is asked a question. Name a [[team]] of kind triage, or leave it out."
            complaints.add(entry.line_of("question"), words)


def _deciding(entries: list[Entry]) -> set[str]:
    """Names and short names of the teams of kind triage that will be there once the file is carried out."""
    there = {slug: (name, kind) for slug, name, kind in Team.objects.values_list("slug", "name", "kind")}
    for entry in _those(entries, "team"):
        facts = entry.facts
        if facts.get("name"):
            slug = facts.get("slug") or slug_of(facts["name"])
            known = there.get(slug, ("", ""))[1]
            there[slug] = (facts["name"], facts.get("kind", known))
    return {word for slug, (name, kind) in there.items() if kind == TeamKind.TRIAGE for word in (slug, name)}


def _marks(facts: Any) -> Iterator[tuple[str, str]]:
    """What belongs to one person only."""
    for key in ("external_id", "username"):
        if facts.get(key):
            yield key, fold(facts[key])
    yield from (("address", address) for address in facts.get("addresses", []))


def _check_account(entry: Entry, person: Person | None, complaints: Complaints, secrets: Secrets) -> None:
    account = Account.objects.filter(person=person).first() if person else None
    username = entry.facts.get("username", "")
    if account and username and account.username != fold(username):
        words = f"The person signs in as «{account.username}». Write that username, or leave the line out."
        complaints.add(entry.line_of("username"), words)
    if account and account.has_usable_password():
        return  # it is kept, so that nobody needs to find the first one again
    password = _read_secret(entry, complaints, secrets)
    if password:
        try:
            validate_password(password, user=None)
        except ValidationError as error:
            complaints.add(
                _line_of_secret(entry), f"The password will not do: {' '.join(error.messages)} Choose another."
            )


def _read_secret(entry: Entry, complaints: Complaints, secrets: Secrets) -> str | None:
    try:
        return secrets.of(entry.facts)
    except Wrong as wrong:
        complaints.add(_line_of_secret(entry), str(wrong))
        return None


def _line_of_secret(entry: Entry) -> int:
    return next((entry.line_of(key) for key in entry.facts if key.endswith(("_env", "_file"))), entry.line)


def _those(entries: Iterable[Entry], section: str) -> Iterator[Entry]:
    return (entry for entry in entries if entry.section == section)
