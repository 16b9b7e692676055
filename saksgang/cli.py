"""The command `saksgang`. Each command's body lives in its room; what is not listed here is Django's own (migrate, shell …)."""

from __future__ import annotations

import os
import sys
from importlib import import_module

from saksgang.lib.bad_setting import BadSetting

COMMANDS = {
    "serve": "saksgang.config.server",
    "work": "saksgang.worker.command",
    "mail": "saksgang.worker.mail_command",
    "check": "saksgang.upkeep.check_command",
    "configure": "saksgang.upkeep.configure_command",
    "import": "saksgang.upkeep.import_command",
    "export": "saksgang.upkeep.export_command",
    "backup": "saksgang.upkeep.backup_command",
    "restore": "saksgang.upkeep.restore_command",
    "copy-database": "saksgang.upkeep.copy_database_command",
}
# These set their own environment before the settings are read.
BEFORE_SETTINGS = {"demo": "saksgang.demo.command"}
# This one needs none: no settings, no database.
WITHOUT_SETTINGS: dict[tuple[str, ...], str] = {("mail", "explain"): "saksgang.worker.explain_command"}

# What SQLite and PostgreSQL say of a table that is missing.
NO_TABLES = ("no such table", 'relation "')

TRY_AGAIN = 75  # EX_TEMPFAIL


def main() -> None:
    try:
        _main()
    except BadSetting as error:
        sys.exit(str(error))
    except Exception as error:
        from django.db.utils import OperationalError, ProgrammingError

        if any(words in str(error) for words in NO_TABLES) and isinstance(error, OperationalError | ProgrammingError):
            sys.exit("The database has not got its tables yet. Run: saksgang migrate")
        if not isinstance(error, OperationalError):
            raise
        sys.exit(f"The database does not answer: {str(error).strip()} Start it, or mend SAKSGANG_DATABASE_URL.")


def _main() -> None:
    plain = WITHOUT_SETTINGS.get(tuple(sys.argv[1:3]))
    if plain:
        sys.exit(import_module(plain).run(sys.argv[3:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saksgang.config.settings")
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name in BEFORE_SETTINGS:
        sys.exit(import_module(BEFORE_SETTINGS[name]).run(sys.argv[2:]))
    if name in COMMANDS:
        sys.exit(_run(name, sys.argv[2:]))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def _run(name: str, arguments: list[str]) -> int:
    try:
        import django

        django.setup()
        return import_module(COMMANDS[name]).run(arguments)
    except (Exception, SystemExit) as error:
        if (name, *arguments[:1]) != ("mail", "receive"):
            raise
        # Whatever goes wrong, a mistyped option and the settings included, the mail server must keep the mail and come again.
        print(f"Not stored: {type(error).__name__}: {error}", file=sys.stderr)
        return TRY_AGAIN
