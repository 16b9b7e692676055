"""Which story is told when, and how it goes. The same seed gives the same plan."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from saksgang.catalogue import queries as catalogue
from saksgang.catalogue.kinds import TicketType
from saksgang.demo import awkward
from saksgang.demo.courses import COURSES, DONE, LATE, OPEN, PATIENCE, WEIGHTS, fits
from saksgang.demo.hospital_data import SERVICES
from saksgang.demo.stories import STORIES, Story
from saksgang.lib import clock
from saksgang.tickets.rules import priority

SEED = 4711
MINUTES_A_DAY = 450
OLDEST_DAYS = 62  # working days: a good ninety days of the calendar
BEFORE_EVERYTHING = timedelta(days=120)
RECENTLY_DONE = 14
ORDER_PATIENCE = 600  # an order without a date is late after two days
HISTORY = 500

# What stands open on the first page: course → how many in time, how many late.
OPEN_CASES = {
    "fresh": (6, 1), "sorted": (9, 1), "taken": (7, 1), "working": (10, 1), "noted_open": (2, 0), "asking": (6, 0),
    "replied": (2, 0), "with_supplier": (5, 0), "dated": (4, 0), "promised": (4, 0), "back_again": (3, 0), "calling": (2, 0),
    "at_triage": (4, 0), "alarm": (1, 0),
}  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One case to be told. `slack`: working minutes from its last step to now."""

    key: str
    slug: str  # of the story; empty for the awkward ones
    course: str
    slack: int
    night: bool = False


def first(seed: int = SEED) -> list[Item]:
    """What the first page shows: the open cases, the awkward ones and a few that were just solved."""
    rng = random.Random(f"{seed}/first")
    items = [*_open(rng)]
    items += [Item(f"awkward/{name}", "", name, 0) for name in awkward.ALL]
    items += [_done(rng, f"recent/{nth}", rng.randrange(5, 600), ("straight", "oral")) for nth in range(RECENTLY_DONE)]
    return items


def rest(seed: int = SEED) -> list[Item]:
    """The ninety days behind, newest first."""
    rng = random.Random(f"{seed}/rest")
    slacks = sorted(rng.randrange(300, OLDEST_DAYS * MINUTES_A_DAY) for _ in range(HISTORY))
    return [_done(rng, f"history/{nth}", slack, tuple(DONE)) for nth, slack in enumerate(slacks)]


def _open(rng: random.Random) -> Iterator[Item]:
    used: set[str] = set()
    for course, (in_time, late) in OPEN_CASES.items():
        for nth in range(in_time + late):
            is_late = nth >= in_time
            story = _pick_open(rng, course, used, late=is_late)
            used.add(story.slug)
            patience = PATIENCE[course][expected_priority(story)]
            if story.type == TicketType.ORDER and course != "promised":
                patience = min(patience, ORDER_PATIENCE)
            slack = LATE[course] if is_late else rng.randrange(2, patience)
            yield Item(f"open/{course}/{nth}", story.slug, course, slack, night=course == "alarm")


def _pick_open(rng: random.Random, course: str, used: set[str], *, late: bool) -> Story:
    """A story that can go this way; one that is not open already, while there are any."""
    able = [story for story in STORIES if fits(story, course) and expected_priority(story) in PATIENCE[course]]
    if late:  # a late case of low priority would be late only after weeks
        able = [story for story in able if expected_priority(story) == 3]
    return rng.choice([story for story in able if story.slug not in used] or able)


def _done(rng: random.Random, key: str, slack: int, courses: tuple[str, ...]) -> Item:
    while True:
        story = rng.choice(STORIES)
        if expected_priority(story) == 1:
            if rng.random() < 0.3:  # the whole hospital is not down every week
                course = "noted" if fits(story, "noted") else "answered"
                return Item(key, story.slug, course, slack * 3, night=True)
            continue
        able = [course for course in courses if fits(story, course)]
        weights = [WEIGHTS[course] for course in able]
        return Item(key, story.slug, rng.choices(able, weights)[0], slack, night=False)


def expected_priority(story: Story) -> int:
    """The priority that the product will compute for the story."""
    inputs = priority.Inputs(
        type=story.type,
        impact=story.impact,
        criticality=SERVICES[story.service][0],
        consequence=story.consequence,
    )
    group = "incident" if story.type == TicketType.INCIDENT else "other"
    return priority.compute(inputs, _matrix(group), lambda _value: clock.now()).priority


_matrices: dict[str, catalogue.Matrix] = {}


def _matrix(group: str) -> catalogue.Matrix:
    """Read once: the demo's hospital changes no matrix while it is told."""
    if group not in _matrices:
        _matrices[group] = catalogue.matrix(group)
    return _matrices[group]


def story_of(item: Item) -> Story:
    return next(story for story in STORIES if story.slug == item.slug)


__all__ = ["COURSES", "OPEN", "SEED", "Item", "first", "rest", "story_of"]
