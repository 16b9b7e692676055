"""What import-linter cannot see of the rules between rooms (ARCHITECTURE.md)."""

from __future__ import annotations

import ast
import re

import pytest

from tests.structure.code import PRODUCT, functions, imports, name_of, own_files, product_files, room_of, tree

pytestmark = pytest.mark.once

EMPTY_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "manager",
    "managers",
    "common",
    "misc",
    "data",
    "handle",
    "process",
}
LONGEST_FUNCTION = 60
LONGEST_FILE = 400
NETWORK = ("smtplib", "imaplib", "aiosmtpd", "socket", "http.client", "urllib.request", "requests", "httpx")
# Where a link or a template may lead, beside the own room and `ui`.
MAY_LINK = {"ui": set(), "console": {"console"}, "demo": {"demo", "console"}}
CASES = {"Ticket", "TicketRequester", "TicketReader", "TicketFollower", "TicketMailbox", "TicketLink", "Message",
         "MessageRecipient", "Attachment", "TicketMention"}  # fmt: skip
WRITES = {"create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "acreate"}


def test_no_file_has_a_name_that_says_nothing():
    assert [name_of(path) for path in own_files(PRODUCT) if path.stem in EMPTY_NAMES] == []


def test_every_room_is_an_app_of_its_own():
    rooms = {path.name for path in PRODUCT.iterdir() if (path / "__init__.py").exists()} - {"config"}
    without = [room for room in sorted(rooms) if not (PRODUCT / room / "apps.py").exists()]
    assert without == []


def templates():
    return [path for path in own_files(PRODUCT) if path.suffix == ".html"]


def test_templates_reach_their_own_room_and_ui_only():
    wrong = []
    for path in templates():
        room = room_of(path)
        words = path.read_text(encoding="utf-8")
        for reached in re.findall(r"{%-?\s*(?:include|extends)\s+[\"']([^\"']+)[\"']", words):
            if reached.split("/")[0] not in {room, "ui"} and room != "ui":
                wrong.append(f"{name_of(path)}: {reached}")
            if room == "ui" and not reached.startswith("ui/"):
                wrong.append(f"{name_of(path)}: {reached}")
        for place in re.findall(r"\burl\([\"']([^\"']+)[\"']", words):
            if place.split(":")[0] not in MAY_LINK.get(room, {room}):
                wrong.append(f"{name_of(path)}: {place}")
    assert wrong == []


def test_a_template_lies_in_a_folder_named_as_its_room_unless_django_asks_for_it_by_name():
    bare = [name_of(path) for path in templates() if path.parent.name == "templates"]
    known = ("400.html", "403.html", "403_csrf.html", "404.html", "500.html")
    assert [name for name in bare if not name.endswith(known)] == []
    assert [
        name_of(path)
        for path in templates()
        if f"templates/{room_of(path)}/" not in name_of(path) and name_of(path) not in bare
    ] == []


def named_models(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)} & CASES


def test_cases_are_changed_by_their_own_actions_only():
    wrong = []
    for path in product_files():
        if (PRODUCT / "tickets" / "actions") in path.parents:
            continue
        for node in ast.walk(tree(path)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            target = node.func.value
            through_manager = "objects" in {one.attr for one in ast.walk(target) if isinstance(one, ast.Attribute)}
            if node.func.attr in WRITES and through_manager and named_models(target):
                wrong.append(f"{name_of(path)}:{node.lineno}")
            if node.func.attr in {"save", "delete"} and getattr(target, "id", "") in {"ticket", "message", "requester"}:
                wrong.append(f"{name_of(path)}:{node.lineno}")
    assert wrong == []


def test_only_the_channels_speak_to_the_network():
    wrong = [
        f"{name_of(path)}:{line} {name}"
        for path in product_files()
        if room_of(path) not in {"channels", "demo"}
        for line, name in imports(path)
        if any(name == one or name.startswith(f"{one}.") for one in NETWORK)
    ]
    assert wrong == []


def test_there_is_one_signal_and_it_stands_in_lib():
    users = {name_of(path) for path in product_files() for _line, name in imports(path) if "signals" in name.split(".")}
    assert users == {"saksgang/lib/apps.py"}


def test_no_model_does_anything_clever_on_saving():
    wrong = [
        f"{name_of(path)}:{one.lineno} {one.name}"
        for path in product_files()
        if path.name == "models.py" or path.parent.name == "models"
        for one in functions(path)
        if one.name in {"save", "delete"}
    ]
    assert wrong == []


def test_functions_fit_on_a_page():
    wrong = [
        f"{name_of(path)}:{one.lineno} {one.name} {one.end_lineno - one.lineno + 1} lines"
        for path in product_files()
        for one in functions(path)
        if one.end_lineno - one.lineno + 1 > LONGEST_FUNCTION
    ]
    assert wrong == []


def test_files_are_short():
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in product_files()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_the_product_asserts_nothing():
    """Python may run without its asserts, so nothing may depend on one."""
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in product_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assert)
    ]
    assert wrong == []


@pytest.mark.parametrize("folder", ["tickets/rules"])
def test_rules_are_pure(folder):
    wrong = [
        f"{name_of(path)}:{line} {name}"
        for path in own_files(PRODUCT / folder)
        for line, name in imports(path)
        if ".models" in name or name.startswith("django.db") or name.endswith(".clock") or ".actions" in name
    ]
    assert wrong == []


def test_nobody_reads_the_clock_past_lib():
    """Tests and the demo move the product's clock; whoever reads another one is left behind. `ui` is given its times."""
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in product_files()
        if name_of(path) != "saksgang/lib/clock.py" and room_of(path) not in {"demo", "ui"}
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}
        and getattr(node.value, "id", getattr(node.value, "attr", "")) in {"datetime", "timezone", "date"}
    ]  # fmt: skip
    assert wrong == []
