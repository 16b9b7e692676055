"""What the service keeps is readable by its own user only (S33)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

SAKSGANG = Path(sys.executable).parent / "saksgang"


def test_a_new_data_folder_and_its_keys_are_closed_to_others(tmp_path):
    folder = tmp_path / "data"
    environment = os.environ | {
        "SAKSGANG_DATA_DIR": str(folder),
        "SAKSGANG_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "saksgang.config.settings",
    }
    subprocess.run([SAKSGANG, "migrate", "--verbosity", "0"], env=environment, check=True)
    assert folder.stat().st_mode & 0o077 == 0
    keys = list((folder / "keys").iterdir())
    assert keys
    assert all(key.stat().st_mode & 0o077 == 0 for key in keys)
