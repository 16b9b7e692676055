"""An import that is killed (kill -9) has made whole cases only, and goes on when it is run again."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from tests.upkeep.old_desk import case, write
from tests.upkeep.places import migrated

SAKSGANG = Path(sys.executable).parent / "saksgang"
CASES = 1500


def test_killed_in_the_middle(tmp_path):
    folder = write(tmp_path / "old", [case(nth, "open") for nth in range(CASES)])
    shutil.copytree(migrated("").folder, tmp_path / "data")
    environment = os.environ | {"SAKSGANG_DATA_DIR": str(tmp_path / "data"), "SAKSGANG_DATABASE_URL": ""}
    environment |= {"DJANGO_SETTINGS_MODULE": "saksgang.config.settings", "SAKSGANG_DEMO": ""}
    running = subprocess.Popen([SAKSGANG, "import", folder], env=environment, stdout=subprocess.DEVNULL)
    database = sqlite3.connect(tmp_path / "data" / "saksgang.sqlite3", timeout=20)

    def count(rows: str, what: str = "*") -> int:
        return database.execute(f"SELECT COUNT({what}) FROM {rows}").fetchone()[0]

    deadline = time.monotonic() + 60
    while count("tickets_ticket") == 0 and time.monotonic() < deadline:
        time.sleep(0.01)
    running.kill()
    running.wait(timeout=20)
    made = count("tickets_ticket")
    assert 0 < made < CASES
    assert count("tickets_message") == 2 * made
    done = subprocess.run([SAKSGANG, "import", folder], env=environment, check=True, capture_output=True, text=True)
    assert f"{CASES - made} cases imported, {made} were here already." in done.stdout
    assert count("tickets_ticket", "DISTINCT old_number") == CASES
    assert count("tickets_ticket") == CASES
    assert count("events_event WHERE kind = 'ticket_imported'") == CASES
    database.close()
