"""A test marked `once` runs on one of the two databases (CONTRIBUTING.md): never one whose outcome the database decides."""

from __future__ import annotations

import ast
import importlib.util
from contextlib import nullcontext
from subprocess import CompletedProcess

import pytest

from tests.structure.code import ROOT, name_of, own_files, tree

pytestmark = pytest.mark.once

TESTS = ROOT / "tests"
# Constraints, locks, transactions, killed processes, several nodes, what is moved from one database to another.
ON_BOTH = ("access", "events", "kill", "nodes", "tickets", "upkeep")
PURE = ("tickets/rules", "access/test_roles.py")
# Whoever uses one of these asks the database something that the other one may answer otherwise.
DECIDES = {
    "IntegrityError", "OperationalError", "DataError", "CaptureQueriesContext", "django_assert_num_queries",
    "django_assert_max_num_queries", "server_of_this_run", "select_for_update",
}  # fmt: skip


def says_once(node: ast.AST) -> bool:
    return any(
        isinstance(one, ast.Attribute) and one.attr == "once" and getattr(one.value, "attr", "") == "mark"
        for one in ast.walk(node)
    )


def marked(module: ast.Module) -> list[ast.AST]:
    """What of a file runs once: all of it, or the tests that say so."""
    for node in module.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "pytestmark" and says_once(node):
            return [module]
    return [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and any(says_once(one) for one in node.decorator_list)
    ]


def files_with_the_mark():
    return [path for path in own_files(TESTS) if path.suffix == ".py" and marked(tree(path))]


def test_rooms_where_the_database_decides_are_tested_on_both():
    rooms = [path for path in files_with_the_mark() if path.relative_to(TESTS).as_posix().startswith(ON_BOTH)]
    assert [name_of(path) for path in rooms if not path.relative_to(TESTS).as_posix().startswith(PURE)] == []


def test_nothing_that_runs_once_asks_what_databases_answer_differently():
    wrong = [
        f"{name_of(path)}:{node.lineno} {asked}"
        for path in files_with_the_mark()
        for part in marked(tree(path))
        for node in ast.walk(part)
        if (asked := getattr(node, "id", getattr(node, "arg", ""))) in DECIDES
    ]
    assert wrong == []


@pytest.fixture
def program(monkeypatch):
    """scripts/test.py, with no test run and a made-up server. Its `runs` are the command lines it would have started."""
    monkeypatch.syspath_prepend(ROOT / "scripts")
    specification = importlib.util.spec_from_file_location("program", ROOT / "scripts" / "test.py")
    program = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(program)
    program.runs, program.answers = [], [0, 0]

    def start(command, **_facts):
        program.runs.append(command)
        return CompletedProcess(command, program.answers[len(program.runs) - 1])

    monkeypatch.setattr(program.subprocess, "run", start)
    monkeypatch.setattr(program.postgres, "server", lambda **_facts: nullcontext("postgresql://somewhere/"))
    monkeypatch.setattr(program.postgres, "server_binaries", lambda: "somewhere")
    return program


def left_out(program) -> list[bool]:
    return ["not once" in command for command in program.runs]


def test_all_run_on_the_first_database_and_the_second_leaves_out_what_is_marked(program):
    assert program.main(["tests/lib"]) == 0
    assert left_out(program) == [False, True]
    assert all(command[-1] == "tests/lib" for command in program.runs)


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_one_database_asked_for_alone_runs_everything(program, name):
    assert program.main(["--only", name]) == 0
    assert left_out(program) == [False]


def test_without_postgresql_nothing_is_left_out(program, monkeypatch):
    monkeypatch.setattr(program.postgres, "server_binaries", lambda: None)
    monkeypatch.delenv("CI", raising=False)
    assert program.main([]) == 0
    assert left_out(program) == [False]


@pytest.mark.parametrize(("answers", "outcome"), [([0, 5], 0), ([5, 5], 5), ([1, 5], 1), ([0, 1], 1), ([0, 4], 4)])
def test_that_nothing_is_left_for_the_second_database_is_no_failure(program, answers, outcome):
    program.answers = answers
    assert program.main([]) == outcome
