"""Templates: each can be compiled, and no name that a page gives hides a function that templates have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from jinja2 import nodes

from saksgang.console import shell
from saksgang.console import tags as console_tags
from saksgang.ui import tags

pytestmark = pytest.mark.once

TEMPLATES = sorted(Path(settings.BASE_DIR).glob("*/templates/**/*.html"))
NEVER_CALLED = {"languages"}  # a list


def named(path: Path) -> str:
    return path.as_posix().partition("/templates/")[2]


def test_they_are_found():
    assert len(TEMPLATES) > 100


def keys(path: Path) -> set[str]:
    """The letters that press something on this page."""
    return set(re.findall(r'\bkey="(\w)"', path.read_text()))


def test_a_key_that_works_on_every_page_means_nothing_else_on_any():
    frame = {
        path
        for path in TEMPLATES
        if named(path) in ("ui/console.html", "ui/nav.html", "ui/base.html", "ui/person_menu.html")
    }
    everywhere = set().union(*map(keys, frame)) | {shell.TALLIES}
    assert "n" in everywhere
    assert {
        named(path): found
        for path in TEMPLATES
        if not named(path).startswith("ui/") and (found := keys(path) & everywhere)
    } == {}


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_each_can_be_compiled(path):
    engines["templates"].get_template(named(path))


def functions() -> set[str]:
    return set(engines["templates"].env.globals) - NEVER_CALLED


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_function_is_only_called_and_never_hidden(path):
    tree = engines["templates"].env.parse(path.read_text())
    called = {id(call.node) for call in tree.find_all(nodes.Call)}
    wrong = [
        (name.lineno, name.name)
        for name in tree.find_all(nodes.Name)
        if name.name in functions() and id(name) not in called and not name.name.startswith("_")
    ]
    assert not wrong


def test_no_room_takes_the_name_of_anothers():
    assert not set(tags.FUNCTIONS) & set(console_tags.FUNCTIONS)


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_what_is_unescaped_is_said_by_nobody_in_a_template(path):
    """`|safe` is a hole in the wall: what is no text of strangers is marked so in Python, where it is made."""
    tree = engines["templates"].env.parse(path.read_text())
    assert not [one.lineno for one in tree.find_all(nodes.Filter) if one.name == "safe"]
    assert not list(tree.find_all(nodes.ScopedEvalContextModifier))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_words_with_marks_stand_in_a_block_of_words(path):
    """What `_()` says is escaped as everything else is; `{% trans %}` knows that its own words are ours."""
    tree = engines["templates"].env.parse(path.read_text())
    calls = [call for call in tree.find_all(nodes.Call) if getattr(call.node, "name", "") in ("_", "pgettext")]
    said = [one.value for call in calls for one in call.args if isinstance(one, nodes.Const)]
    assert not [words for words in said if "<" in words or "&" in words]


TESTS = {"none", "sameas", "string"}


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_only_tests_that_there_are(path):
    """`a is b` asks for a test that is called b; the same object is `a is sameas(b)`. A page would find out when it is drawn."""
    tree = engines["templates"].env.parse(path.read_text())
    assert {test.name for test in tree.find_all(nodes.Test)} <= TESTS
