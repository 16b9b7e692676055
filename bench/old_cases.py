"""Files as another system gives them, the same for the same number: three messages a case, a fifth of the cases open."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.fill import PLACES, WORDS

START = datetime(2024, 1, 1, 8, tzinfo=UTC)
TEAMS, AGENTS, REQUESTERS = 20, 100, 500


def write(folder: Path, cases: int) -> None:
    rows = {
        "teams": ({"no": nth, "name": f"Gammelt team {nth}"} for nth in range(TEAMS)),
        "agents": (person(nth, "gammel.agent") | {"team": nth % TEAMS} for nth in range(AGENTS)),
        "requesters": (person(nth, "gammel.ansatt") for nth in range(REQUESTERS)),
        "tickets": (case(nth) for nth in range(cases)),
    }
    for name, found in rows.items():
        with (folder / f"{name}.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in found)


def person(nth: int, login: str) -> dict:
    return {"no": nth, "name": f"{login.title()} {nth}", "email": f"{login}{nth}@sykehus.example"}


def case(nth: int) -> dict:
    luck = random.Random(nth)
    at, agent = START + timedelta(minutes=nth * 7), luck.randrange(AGENTS)
    state = luck.choice(("new", "open", "waiting")) if luck.random() < 0.2 else "closed"
    words = f"{luck.choice(WORDS).capitalize()} virker ikke på {luck.choice(PLACES)}. "
    said = [
        {"by": by, "at": (at + timedelta(hours=later)).isoformat(), "text": (words * 6).strip()}
        for later, by in enumerate(("requester", "agent", "requester"))
    ]
    return {
        "no": 100_000 + nth, "subject": words, "team": agent % TEAMS, "agent": agent, "requester": luck.randrange(REQUESTERS),
        "state": state, "priority": luck.choice((2, 3, 3, 4, 5)), "created": at.isoformat(),
        "updated": (at + timedelta(hours=2)).isoformat(), "messages": said,
    }  # fmt: skip
