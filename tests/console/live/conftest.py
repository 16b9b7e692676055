from __future__ import annotations

from contextlib import ExitStack

import pytest

from tests.console.live.server import Ear, listens_by_now, serving, session_of


@pytest.fixture(scope="module")
def served(django_db_setup, django_db_blocker):
    """(port, process) of one server for the tests of a file."""
    with django_db_blocker.unblock(), serving() as started:
        yield started


@pytest.fixture
def door(live_cast, served):
    """Asks for the stream with a session, or with none; whatever comes of it."""
    with ExitStack() as stack:

        def ask(session: str = "", **how: str) -> Ear:
            asked = Ear(served[0], session, **how)
            stack.callback(asked.close)
            return asked

        yield ask


@pytest.fixture
def ear(door):
    """Opens a stream for somebody, to whom changes are told by then."""

    def listen(person) -> Ear:
        opened = door(session_of(person))
        listens_by_now(opened)
        return opened

    return listen
