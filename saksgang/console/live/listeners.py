"""The streams that are open in this process, and what each is told: of a restricted case, those who may see it and nobody else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from saksgang.console.live import topics
from saksgang.console.live.changes import Change, News
from saksgang.console.shell import my_team_ids
from saksgang.people.models import Person
from saksgang.tickets.models import Ticket

CHECKED_EVERY = 60.0  # seconds: whether one still may listen, and what one may see by now
# A page knows when it was made, and hears what has happened since. What is older than this is told as «everything».
REMEMBERED = 120.0  # seconds


@dataclass(eq=False)
class Listener:
    """One open stream."""

    person: Person
    session_key: str
    ask_again: Callable[[], Person | None]  # who may listen on it by now; asks what was asked when it was opened
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    words: set[str] = field(default_factory=set)
    over: bool = False
    checked_at: float = field(default_factory=time.monotonic)

    def hear(self, words: Iterable[str]) -> None:
        self.words.update(words)
        self.wake.set()

    def end(self) -> None:
        self.over = True
        self.wake.set()

    def told(self) -> str:
        """All that is to be said by now, once."""
        self.wake.clear()
        words = {topics.EVERYTHING} if topics.EVERYTHING in self.words else self.words
        self.words = set()
        return " ".join(sorted(words))


@dataclass(frozen=True)
class Remembered:
    at: float  # the clock of the machine, as pages carry it
    news: News


class Listeners:
    """Belongs to the event loop; what asks the database (`words_for`, `checked`) is called in the watching thread."""

    def __init__(self) -> None:
        self._open: set[Listener] = set()
        self._past: list[Remembered] = []
        self.remembers_since = time.time()

    def __len__(self) -> int:
        return len(self._open)

    def add(self, listener: Listener) -> None:
        self._open.add(listener)

    def remove(self, listener: Listener) -> None:
        self._open.discard(listener)

    def all(self) -> list[Listener]:
        return list(self._open)

    def of(self, person: Person) -> int:
        return sum(one.person.pk == person.pk for one in self._open)

    def remember(self, news: News) -> None:
        now = time.time()
        self._past = [one for one in self._past if one.at > now - REMEMBERED] + [Remembered(now, news)]
        self.remembers_since = max(self.remembers_since, now - REMEMBERED)

    def forget(self) -> None:
        """From here on it is not known what has happened."""
        self._past, self.remembers_since = [], time.time()

    def missed(self, person: Person, since: float) -> set[str]:
        """What the person was not told since then."""
        if since < self.remembers_since:
            return {topics.EVERYTHING}
        return {word for one in list(self._past) if one.at >= since for word in words_for(person, one.news)}


def words_for(person: Person, news: News) -> set[str]:
    """The topics that this person may hear of."""
    if news.everything:
        return {topics.EVERYTHING}
    words = set(news.topics)
    for change in _seen(person, news.changes):
        words |= change.topics
        if person.pk in change.persons:
            words.add(topics.MINE)
        if change.teams and _is_ours(person, change.teams):
            words.add(topics.OURS)
    return words


def _is_ours(person: Person, teams: set[int]) -> bool:
    ours = my_team_ids(person)
    return ours is None or not teams.isdisjoint(ours)


def _seen(person: Person, changes: list[Change]) -> list[Change]:
    """Those of cases that the person may see. Everybody who may listen sees the unrestricted ones: the database is asked for the rest."""
    restricted = {change.ticket_id for change in changes if change.restricted}
    if not restricted:
        return changes
    seen = set(Ticket.objects.visible_to(person).filter(pk__in=restricted).values_list("pk", flat=True))
    return [change for change in changes if not change.restricted or change.ticket_id in seen]
