"""The product's settings, with what makes tests quick: no hashing of static files, a cheap password hash."""

from saksgang.config.settings import *  # noqa: F403
from saksgang.config.settings import DATA_DIR, DATABASES, STATIC_ROOT, STORAGES

STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns when it is missing
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
UNDO_SECONDS = 0  # answers leave at once, save where a test takes one back
MAIL_TOKEN_KEYS = ["key-of-the-tests"]
# Threads of the live server let go of the database with each request.
DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in production: the memory database has neither WAL nor locks.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    # Flushing to disk at every commit proves nothing in a test that kills no process.
    DATABASES["default"]["OPTIONS"]["init_command"] = DATABASES["default"]["OPTIONS"]["init_command"].replace(
        "FULL", "OFF"
    )
