"""Loaded before everything else: where the tests keep their data, and on which database they run.

scripts/test.py sets SAKSGANG_DATABASE_URL for PostgreSQL; without it the tests run on SQLite.
"""

import atexit
import os
import shutil
import tempfile

folder = tempfile.mkdtemp(prefix="saksgang-test-")
atexit.register(shutil.rmtree, folder, ignore_errors=True)
os.environ["SAKSGANG_DATA_DIR"] = folder
os.environ["SAKSGANG_DEMO"] = "1"  # the demo is a room like the others: its tables and pages are tested too
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
# The browser runs an event loop in the tests' own thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
