"""Event kinds: in past tense, recorded in one place each, and every follower's subscription is to something that happens."""

from __future__ import annotations

import ast
from collections import defaultdict

import pytest
from django.conf import settings

from saksgang.tickets.actions.waiting import PAST
from saksgang.worker.schedule import FOLLOWERS
from tests.structure.code import name_of, product_files, tree

pytestmark = pytest.mark.once

# Past tense, or a state that began: «the case waits for its requester».
PAST_TENSE = (
    "ed", "_made", "_split", "_given", "handed_back",
    "sent", "sent_outward", "written", "taken", "put_back", "set", "withdrawn", "handed_over", "overridden", "chosen",
    "waits_for_requester", "waits_for_third_party", "_split", "_left", "left_open", "told", "_split",
)  # fmt: skip
STORING = {"store", "store_told"}
SHARED = {
    "conversation_logged": "reached or not: the same thing, told by its outcome",
    "ticket_closed": "with a reason, or by the clock",
}


def recorded() -> dict[str, list[str]]:
    """Kind → where it is recorded."""
    found = defaultdict(list)
    for path in product_files():
        for node in ast.walk(tree(path)):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"record", "record_many", *STORING}):
                continue
            if node.func.id in STORING and "tickets/actions" not in name_of(path):
                continue
            kind = node.args[1 if node.func.id in STORING else 0] if node.args else None
            if isinstance(kind, ast.Constant):
                found[kind.value].append(f"{name_of(path)}:{node.lineno}")
            elif isinstance(kind, ast.JoinedStr):
                for name in PAST.values():
                    found[f"ticket_{name}"].append(f"{name_of(path)}:{node.lineno}")
    return found


def test_kinds_are_in_past_tense():
    wrong = [kind for kind in recorded() if not kind.endswith(PAST_TENSE)]
    assert wrong == []
    assert all(len(kind) <= 60 for kind in recorded())


def test_each_kind_is_recorded_in_one_place():
    twice = {kind: places for kind, places in recorded().items() if len(places) > 1 and kind not in SHARED}
    assert twice == {}
    assert set(SHARED) <= set(recorded())


def test_followers_subscribe_to_what_happens():
    subscribed = set().union(*settings.FOLLOWERS.values())
    assert subscribed - set(recorded()) == set()


def test_every_subscribed_follower_runs_in_the_worker():
    assert set(settings.FOLLOWERS) == set(FOLLOWERS)
