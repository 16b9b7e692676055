"""Who and what the cases name: departments, teams, agents and requesters, found where they are here already and made where not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

from django.db import transaction

from saksgang.catalogue.models import Category, Mailbox, Service
from saksgang.lib import text
from saksgang.people import actions as people
from saksgang.people.importing import OldPerson, find_or_add_persons
from saksgang.people.models import Department, Language, Membership, Person, PersonKind, Section, Team, TeamKind
from saksgang.tickets.actions.unattended.importing import IMPORT
from saksgang.upkeep.importing.lines import (
    Row,
    Wrong,
    addresses,
    chosen,
    key,
    lines,
    listed,
    parse,
    several,
    words,
    yes,
)
from saksgang.upkeep.importing.report import Report
from saksgang.upkeep.progress import Step

BATCH = 500
DRY = 0  # the id of what a dry run would make
KINDS = {str(kind.value): str(kind.value) for kind in PersonKind}
LANGUAGES = {str(language.value): str(language.value) for language in Language}
SECTIONS = {str(section.value): str(section.value) for section in Section}
TEAM_KINDS = {str(kind.value): str(kind.value) for kind in TeamKind}


class Directory:
    """What each name and number of the files means here. With `dry_run`, what is missing is only thought of."""

    def __init__(self, folder: Path, system: str, report: Report, *, dry_run: bool) -> None:
        self.folder, self.system, self.report, self.dry_run = folder, system, report, dry_run
        self.departments = {text.fold(name): pk for name, pk in Department.objects.values_list("name", "pk")}
        kinds = Category.objects.values_list("name_nb", "service", "type", "pk")
        self.categories = {(text.fold(name), service, type): pk for name, service, type, pk in kinds}
        self.services = {text.fold(name): pk for name, pk in Service.objects.values_list("name_nb", "pk")}
        self.mailboxes = dict(Mailbox.objects.values_list("address", "pk"))
        self.teams_here = {text.fold(name): pk for name, pk in Team.objects.values_list("name", "pk")}
        self.slugs = dict(Team.objects.values_list("slug", "pk"))
        self.teams: dict[str, int] = {}
        self.persons: dict[str, dict[str, int]] = {"agent": {}, "requester": {}}
        self.names: dict[int, str] = {}  # of persons
        self.numbers: set[tuple[str, str]] = set()  # (kind, number) of those read so far
        self.team_names = dict(Team.objects.values_list("pk", "name"))

    def read(self, step: Step) -> None:
        """Takes in the four files, in the order in which they name one another."""
        self.step = step
        for nth, row in self._rows("departments.jsonl"):
            self._try("departments.jsonl", nth, self._department_row, row)
        for nth, row in self._rows("teams.jsonl"):
            self._try("teams.jsonl", nth, self._team_row, row)
        self._read_persons("agents.jsonl", "agent")
        self._read_persons("requesters.jsonl", "requester")

    def importer(self) -> Person:
        """Who stands for what a person must have done. Made once."""
        old = OldPerson(name="Import", external_id="saksgang:import", kind=PersonKind.SYSTEM)
        return Person.objects.get(pk=find_or_add_persons(by=IMPORT, persons=[old])[0])

    def team(self, row: Row, *, needed: bool) -> int | None:
        """The team that a case names by its number in teams.jsonl, or by its name."""
        if row.get("team") is None and not needed:
            return None
        named = key(row, "team")
        if named in self.teams:
            return self.teams[named]
        if isinstance(row["team"], int):
            raise Wrong(f"team {named} is not in teams.jsonl, or its line is wrong. Add it, or give the team's name.")
        return self._team(named)

    def department(self, row: Row) -> int | None:
        """The department that a row names; made when it is new."""
        name = words(row, "department", 120)
        return self._department(name) if name else None

    def category(self, row: Row, service_id: int | None, type: str | None) -> int | None:
        """The kind of case that a row names, where it is of this service and this type. Any other is left out."""
        return self.categories.get((text.fold(words(row, "category", 120)), service_id or 0, type or ""))

    def service(self, row: Row) -> int | None:
        """The service that a row names. One that is not set up here is left out."""
        return self.services.get(text.fold(words(row, "service", 120)))

    def person(self, named: object, kind: str) -> int | None:
        """Somebody by their number in the file of this kind, or as `agent:4` or `requester:12`. None: nobody knows them."""
        told, colon, number = str(named).partition(":")
        if colon and told in self.persons:
            return self.persons[told].get(number)
        return self.persons[kind].get(str(named))

    def _rows(self, name: str) -> Iterable[tuple[int, bytes]]:
        for nth, line in lines(self.folder / name):
            self.report.in_files[name] += 1
            self.step(1)
            yield nth, line

    def _try(self, name: str, nth: int, take: Callable[[Row], object], line: bytes) -> None:
        try:
            take(parse(line))
        except Wrong as wrong:
            self.report.say_wrong(name, nth, str(wrong))

    def _department_row(self, row: Row) -> None:
        self._department(words(row, "name", 120, needed=True), _one_phone(row))

    def _department(self, name: str, phone: str = "") -> int:
        folded = text.fold(name)
        if folded not in self.departments:
            made = DRY if self.dry_run else people.add_department(by=IMPORT, name=name, phone=phone).pk
            self.departments[folded] = made
        return self.departments[folded]

    def _team_row(self, row: Row) -> None:
        kind = chosen(row, "kind", TEAM_KINDS, str(TeamKind.ORDINARY.value))
        if key(row) in self.teams:
            raise Wrong(f"the number {key(row)} stands twice in this file. Give each team a number of its own.")
        name, slug = words(row, "name", 80, needed=True), words(row, "slug", 80)
        self.teams[key(row)] = self._team(name, kind, slug, chosen(row, "section", SECTIONS, ""))

    def _team(self, name: str, kind: str = TeamKind.ORDINARY, slug: str = "", section: str = "") -> int:
        folded = text.fold(name)
        if folded not in self.teams_here:
            slug = self._free_slug(slug or name)
            made = (
                DRY if self.dry_run else people.add_team(by=IMPORT, name=name, kind=kind, slug=slug, section=section).pk
            )
            self.teams_here[folded] = self.slugs[slug] = made
            self.team_names[made] = name
        return self.teams_here[folded]

    def _free_slug(self, name: str) -> str:
        """A short name that no other team has: «E-post» and «E post» would share one."""
        first = people.slug_of(name)[:70] or "team"
        tries = (first, *(f"{first}-{nth}" for nth in range(2, len(self.slugs) + 3)))
        return next(slug for slug in tries if slug not in self.slugs)

    def _read_persons(self, name: str, kind: str) -> None:
        rows = iter(self._rows(name))
        while batch := list(islice(rows, BATCH)):
            read: list[tuple[str, OldPerson, list[int]]] = []
            for nth, line in batch:
                self._try(name, nth, lambda row: read.append(self._person_row(row, kind)), line)  # noqa: B023 - called at once
            ids = self._find(read)
            for (number, old, _teams), pk in zip(read, ids, strict=True):
                self.persons[kind][number] = pk
                self.names[pk] = old.name or old.addresses[0]

    def _find(self, read: list[tuple[str, OldPerson, list[int]]]) -> list[int]:
        if self.dry_run:
            return [DRY] * len(read)
        ids = find_or_add_persons(by=IMPORT, persons=[old for _number, old, _teams in read])
        wanted = {(person, team) for person, (_n, _o, teams) in zip(ids, read, strict=True) for team in teams}
        here = set(Membership.objects.filter(person_id__in=ids).values_list("person_id", "team_id"))
        with transaction.atomic():  # one flush to the disk for all of them
            for person, team in sorted(wanted - here):
                people.join_team(by=IMPORT, person=Person(pk=person), team=Team(pk=team))
        return ids

    def _person_row(self, row: Row, kind: str) -> tuple[str, OldPerson, list[int]]:
        number = key(row)
        if (kind, number) in self.numbers:
            raise Wrong(f"the number {number} stands twice in this file. Give everybody a number of their own.")
        self.numbers.add((kind, number))
        found = _addresses(row)
        phone, answer_via = _phones(row)
        external_id = words(row, "external_id", 200)
        if not found and not external_id:
            external_id = f"import:{self.system}:{kind}:{number}"  # so that a second run finds them
        teams = row.get("teams") if row.get("teams") is not None else [row.get("team")]
        if not isinstance(teams, list):
            raise Wrong("«teams» is not a list of numbers in teams.jsonl.")
        old = OldPerson(
            name=words(row, "name", 200, needed=not found),
            addresses=found,
            external_id=external_id or None,
            kind=chosen(row, "kind", KINDS, str(PersonKind.PERSON.value)),
            department_id=self.department(row),
            phone=phone,
            title=words(row, "title", 120),
            language=chosen(row, "language", LANGUAGES, "nb"),
            answer_via=answer_via,
            active=yes(row, "active", default=True),
        )
        joined = [self.team({"team": team}, needed=True) for team in teams if team is not None]
        return number, old, [team for team in joined if team is not None]


def _addresses(row: Row) -> tuple[str, ...]:
    return addresses([*listed(row, "emails", str), *([words(row, "email", 2000)] if row.get("email") else [])])


def _phones(row: Row) -> tuple[str, str]:
    """The first number, and how else somebody is reached: a field may hold several, and none of them is lost."""
    first, *others = several(words(row, "phone", 200), also="/") or [""]
    via = [words(row, "answer_via", 200), *(f"tlf. {number}" for number in others)]
    return first[:30], ", ".join(one for one in via if one)[:200]


def _one_phone(row: Row) -> str:
    if len(several(words(row, "phone", 200), also="/")) > 1:
        raise Wrong("«phone» holds several numbers. A department has one: leave the others out.")
    return words(row, "phone", 30)
