"""Web nodes that share a folder and start at the same moment all come up."""

from __future__ import annotations

import os
import subprocess
import sys

NODES = 5
COLLECT = "import django; django.setup(); from saksgang.config.server import collect_static; collect_static()"


def test_nodes_that_start_at_once_copy_the_static_files_once(tmp_path):
    environment = os.environ | {
        "SAKSGANG_DATA_DIR": str(tmp_path),
        "SAKSGANG_DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "saksgang.config.settings",
    }
    nodes = [
        subprocess.Popen([sys.executable, "-c", COLLECT], env=environment, stderr=subprocess.PIPE, text=True)
        for _ in range(NODES)
    ]
    told = [node.communicate(timeout=120)[1] for node in nodes]
    assert [node.returncode for node in nodes] == [0] * NODES, "\n".join(told)
    copies = [path.name for path in (tmp_path / "static" / "ui" / "css").glob("queue*.css")]
    assert len(copies) == 2, "the file, and its copy under a hashed name"
