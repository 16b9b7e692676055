from __future__ import annotations

import os
import shutil

import pytest
from django.core.management import call_command
from django.db import connection
from django.template.backends.jinja2 import Template
from django.test import TransactionTestCase
from django.test.signals import template_rendered

from saksgang.lib import append_only
from tests import dovecot
from tests.cast import Cast
from tests.kept_cast import the_cast

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


# Installations, processes and browsers: their files have few tests, and each takes long.
LONG = ("kill", "upkeep", "demo", "acceptance", "worker")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that no process is left alone with it at the end."""

    def place(item: pytest.Item) -> int:
        folder = item.nodeid.split("/")[1]
        return LONG.index(folder) if folder in LONG else len(LONG)

    items.sort(key=place)  # the files of a folder stay as they are, and so do the tests of a file


@pytest.fixture(autouse=True, scope="session")
def _emptied_between_tests():
    """Emptying the database between tests is the one thing that passes the append-only triggers.

    Django's own way then writes its content types and permissions anew, which nothing here reads, and makes every table of PostgreSQL
    a new file: nearly all of the time that it took.
    """
    plain = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = empty_the_database
    yield
    TransactionTestCase._fixture_teardown = plain


def empty_the_database(_case: TransactionTestCase) -> None:
    if connection.vendor == "postgresql":
        tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
        deletes = "; ".join(f'DELETE FROM "{table}"' for table in tables)
        with connection.cursor() as cursor:
            # In a replica no trigger runs, neither ours nor those of foreign keys.
            cursor.execute(f"SET session_replication_role = replica; {deletes}; SET session_replication_role = DEFAULT")
        return
    append_only.remove()
    call_command("flush", verbosity=0, interactive=False, reset_sequences=False, inhibit_post_migrate=True)
    append_only.install()


@pytest.fixture(autouse=True, scope="session")
def _pages_tell_what_they_were_given():
    """`response.context` of Django's test client, which hears of its own templates only."""
    plain = Template.render

    def render(template, context=None, request=None):
        given = {} if context is None else context
        drawn = plain(template, given, request)  # which adds what every page is given
        template_rendered.send(sender=template, template=template, context=given)
        return drawn

    Template.render = render
    yield
    Template.render = plain


@pytest.fixture(autouse=True)
def _umask_of_the_tests():
    """The command closes what it makes to others; a test that calls it in its own process passes that on to no other."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


@pytest.fixture
def cast(db) -> Cast:
    """The people of the tests' hospital."""
    return the_cast()


@pytest.fixture
def live_cast(transactional_db) -> Cast:
    """The same people, in a database that other threads and processes see."""
    return the_cast()


@pytest.fixture(scope="session")
def dovecot_needed():
    if missing := dovecot.missing():
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)


@pytest.fixture(scope="module")
def _imap_server(dovecot_needed):
    with dovecot.Dovecot() as server:
        yield server


@pytest.fixture
def imap_server(_imap_server):
    """A real IMAP server with two empty mailboxes; one for the tests of a file."""
    _imap_server.empty()
    return _imap_server


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is not installed")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": [*flags, "--no-first-run", "--disable-component-update"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "nb-NO", "timezone_id": "Europe/Oslo"}
