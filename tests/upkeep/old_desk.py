"""A small desk of another system, as files in the documented format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

TEAMS = [{"no": 0, "name": "Servicesenter Nord", "slug": "servicesenter-nord"}, {"no": 1, "name": "Nettverk"}]
AGENTS = [{"no": 0, "login": "agent0000", "name": "Anne Svendsen", "email": "Agent0000@sykehus.example", "team": 0}]
REQUESTERS = [
    {"no": 0, "name": "Berit Eide", "email": "ansatt0000@sykehus.example"},
    {"no": 1, "name": "Ola Moe", "department": "Sengepost 9", "phone": "1 23 45"},
]


def said(by: str, at: str, text: str = "Skriveren er tom.", **more: Any) -> dict[str, Any]:
    return {"by": by, "at": at, "text": text, **more}


def case(no: int, state: str = "closed", **more: Any) -> dict[str, Any]:
    """A case as the old system writes it: asked on Monday morning, answered at ten."""
    facts = {
        "no": no, "subject": "Skriver tom", "team": 0, "agent": 0 if state != "new" else None, "requester": 0, "state": state,
        "priority": 3, "created": "2026-11-02T08:00:00", "updated": "2026-11-02T10:00:00",
        "messages": [said("requester", "2026-11-02T08:00:00"), said("agent", "2026-11-02T10:00:00", "Fylt på.")],
    }  # fmt: skip
    return facts | more


def write(folder: Path, cases: list[dict[str, Any]], **others: list[dict[str, Any]]) -> Path:
    rows = {"teams": TEAMS, "agents": AGENTS, "requesters": REQUESTERS, "tickets": cases} | others
    folder.mkdir(parents=True, exist_ok=True)
    for name, found in rows.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in found), encoding="utf-8")
    return folder
