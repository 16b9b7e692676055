"""Whether each section is well-formed by itself: known keys, values of the right kind, nothing missing, nothing twice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from saksgang.access.roles import Role
from saksgang.catalogue import defaults
from saksgang.lib.hosts import is_loopback
from saksgang.lib.text import fold
from saksgang.upkeep.configuring.document import Complaints, Entry, Wrong
from saksgang.upkeep.configuring.sections import INNER, ROLE, SECRETS, SECTIONS, WEEKDAYS, WHEN, Section

_PLACEHOLDER = re.compile(r"\{(\w*)\}")


def checked(entries: Iterable[Entry], complaints: Complaints) -> list[Entry]:
    """The entries with their values as the product keeps them. What is wrong is complained of and left out."""
    good: list[Entry] = []
    seen: dict[tuple[str, ...], int] = {}
    for entry in entries:
        if entry.section not in SECTIONS or entry.section in INNER:
            known = [name for name in SECTIONS if name not in INNER]
            complaints.add(entry.line, f"There is no section «{entry.section}». {_nearest(entry.section, known)}")
            continue
        kept = _checked(entry, complaints)
        good.append(kept)
        same = _identity(kept)
        if same and same in seen:
            first = f"It stands on line {seen[same]} already."
            complaints.add(entry.line, f"This {entry.section} is written twice. {first} Keep one of them.")
        seen.setdefault(same, entry.line)
    return good


def _checked(entry: Entry, complaints: Complaints) -> Entry:
    section = SECTIONS[entry.section]
    kept: dict[str, Any] = {}
    for key, value in entry.facts.items():
        if key in section.inner:
            if isinstance(value, Entry):
                kept[key] = _checked(value, complaints)
            else:
                complaints.add(entry.line_of(key), f"«{key}» is not a section. Write [{entry.section}.{key}].")
            continue
        try:
            kept[key] = _value(section, key, value)
        except Wrong as wrong:
            complaints.add(entry.line_of(key), f"{key}: {wrong}")
    for key in section.required:
        if key not in entry.facts or kept.get(key) == "":
            complaints.add(entry.line_of(key), f"The {entry.section} has no {key}. Write {key} = … below it.")
    whole = entry.having(kept)
    if WHOLE.get(entry.section) and all(key in kept for key in section.required):
        _complain(WHOLE[entry.section], whole, complaints)
    return whole


def _value(section: Section, key: str, value: Any) -> Any:
    if key in SECRETS and key not in section.keys:
        if SECRETS[key] not in section.keys:
            raise Wrong("A secret has no place here. Take the line away.")
        raise Wrong(
            "A secret never stands in the file. Put it in an environment variable, and write "
            f'{SECRETS[key]} = "NAME"; or in a file of its own, and write {SECRETS[key][:-3]}file = "PATH".'
        )
    if key not in section.keys:
        raise Wrong(f"This key is not known here. {_nearest(key, [*section.keys, *section.inner])}")
    if isinstance(value, Entry):
        raise Wrong("This is a section within a section. Write one value.")
    if key == "roles" and isinstance(value, list):
        return [_role(one) for one in value]
    return section.keys[key](value)


def _role(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        raise Wrong('A role is written as {role = "agent", team = "…"}. Mend it.')
    for key in value:
        if key not in ROLE.keys:
            raise Wrong(f"A role has no «{key}». {_nearest(key, ROLE.keys)}")
    if "role" not in value:
        raise Wrong('A role without its name. Write {role = "agent", team = "…"}.')
    if (value["role"] == Role.DEPARTMENT_HEAD) != ("section" in value) or {"team", "section"} <= value.keys():
        raise Wrong(
            'A department head is written as {role = "department_head", section = "ikt"}; no other role has a section.'
        )
    return {key: ROLE.keys[key](one) for key, one in value.items()}


def _nearest(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, known, n=1)
    return f"Did you mean «{close[0]}»?" if close else f"Known here: {', '.join(known)}."


def _identity(entry: Entry) -> tuple[str, ...]:
    parts = [entry.facts.get(key) for key in SECTIONS[entry.section].same]
    # A value that was wrong has been complained of; without it nothing can be compared.
    return (entry.section, *(fold(str(one)) for one in parts)) if parts and None not in parts else ()


def _complain(rule: Any, entry: Entry, complaints: Complaints) -> None:
    for key, words in rule(entry.facts):
        complaints.add(entry.line_of(key), words)


def _imap(facts: dict[str, Any]) -> Iterable[tuple[str, str]]:
    if facts.get("security") == "plain" and not is_loopback(facts["host"]):
        yield "security", "Without TLS the password goes over the network readable. Write «tls» or «starttls»."
    if facts.get("token_url") and not facts["token_url"].startswith("https://"):
        yield "token_url", "The client secret would go over the network readable. Write an address with https://."
    if facts.get("sign_in") == "xoauth2":
        for key in ("token_url", "client_id"):
            if not facts.get(key):
                yield "sign_in", f"XOAUTH2 needs {key}. Write it below."
    secrets = [key for key in facts if key.endswith(("_env", "_file"))]
    if len(secrets) > 1:
        yield secrets[1], f"The secret has two places, {' and '.join(secrets)}. Keep one."


def _person(facts: dict[str, Any]) -> Iterable[tuple[str, str]]:
    if not (facts.get("external_id") or facts.get("addresses") or facts.get("username")):
        yield "name", "Nothing tells this person from others. Write external_id, addresses or username."
    given = [key for key in ("password_env", "password_file") if key in facts]
    if given and not facts.get("username"):
        yield given[0], "A password without a username. Write username = … too."
    if len(given) > 1:
        yield given[1], "The password has two places. Keep password_env or password_file."


def _special_day(facts: dict[str, Any]) -> Iterable[tuple[str, str]]:
    opens, closes = facts.get("opens"), facts.get("closes")
    if (opens is None) != (closes is None):
        yield (
            "opens" if closes is None else "closes",
            "A day that is open has both. Write opens and closes, or neither.",
        )
    elif opens is not None and closes is not None and opens >= closes:
        yield "closes", "It closes before it opens. Write the earlier time as opens."


def _team_hours(facts: dict[str, Any]) -> Iterable[tuple[str, str]]:
    if not any(facts.get(name) for name in WEEKDAYS):
        yield "team", "The team would never be open. Write hours for at least one weekday."


def _target(facts: dict[str, Any]) -> Iterable[tuple[str, str]]:
    if ("minutes" in facts) == ("days" in facts):
        yield "step", "A target is in working minutes or in working days. Write minutes or days, one of them."


def _on_call(facts: dict[str, Any]) -> Iterable[tuple[str, str]]:
    if facts["starts_at"] >= facts["ends_at"]:
        yield "ends_at", "It ends before it begins. Write the earlier moment as starts_at."


def _mail_text(facts: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """What a default text of the kind has filled in, no other may lack or add: an answer needs its words, a receipt must not
    hold the reporter's.
    """
    standard = defaults.MAIL_TEXTS[facts["kind"]].values()
    known = {name for text in standard for part in text for name in _PLACEHOLDER.findall(part)}
    listed = ", ".join(f"{{{name}}}" for name in sorted(known))
    for key in ("subject", "body"):
        for name in dict.fromkeys(_PLACEHOLDER.findall(facts[key])):
            if name not in known:
                yield key, f"{{{name}}} is not filled in in this text. Use only {listed}."
    if "answer" in known and "answer" not in _PLACEHOLDER.findall(facts["body"]):
        yield "body", "The agent's words would not be in the mail. Write {answer} where they go."


def _routing(facts: dict[str, Any]) -> Iterable[tuple[str, str]]:
    if not any(facts.get(name) for name in WHEN):
        yield "team", f"The rule would hold for every case. Write when it holds: {', '.join(WHEN)}."


WHOLE = {
    "routing": _routing,
    "mailbox.imap": _imap,
    "person": _person,
    "special_day": _special_day,
    "team_hours": _team_hours,
    "target": _target,
    "on_call": _on_call,
    "mail_text": _mail_text,
}
