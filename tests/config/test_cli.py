"""The command's own help names every command, and nothing that is not there."""

from __future__ import annotations

import re
import sys

import pytest

from saksgang import cli

pytestmark = pytest.mark.once


@pytest.mark.parametrize("asked", cli.ASKS_FOR_HELP, ids=" ".join)
def test_help_tells_the_commands(asked, capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["saksgang", *asked])
    cli.main()
    listed = set(re.findall(r"(?m)^  ([a-z-]+)", capsys.readouterr().out))
    assert listed - {"migrate"} == {*cli.COMMANDS, *cli.BEFORE_SETTINGS}
