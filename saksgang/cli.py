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
    "release": "saksgang.upkeep.release_command",
    "copy-database": "saksgang.upkeep.copy_database_command",
}
# These set their own environment before the settings are read.
BEFORE_SETTINGS = {"demo": "saksgang.demo.command"}
# This one needs none: no settings, no database.
WITHOUT_SETTINGS: dict[tuple[str, ...], str] = {("mail", "explain"): "saksgang.worker.explain_command"}

# A new key would take the place of the one that is missing.
MAKES_NO_KEYS = {"restore"}

# What SQLite and PostgreSQL say of a table or a column that is missing.
OTHER_TABLES = ("no such table", "no such column", 'relation "', 'column "')

HELP = """\
Saksgang, the service desk. Each command tells more with --help; docs/operations.md tells how they go together.

First of all
  migrate        makes or upgrades the database's tables
  configure      sets teams, people, mailboxes and services up as a file says
  check          says in words what is wrong, and what to do about it

Day by day
  serve          serves the pages
  work           reads mailboxes, decides mails, sends mails, keeps time
  mail listen    receives mail by SMTP in a process of its own
  mail receive   stores one mail from standard input, for a mail server's pipe

Now and then
  backup         copies database, files and keys while all runs
  restore        brings a backup back, or proves that it is whole
  release        lets go what a restore holds: lists what would leave and be read, and asks
  import         brings cases over from another system
  export         writes all cases as files
  copy-database  moves from SQLite to PostgreSQL
  mail explain   says of each mail file what would become of it; needs no database
  mail clean     cleans the HTML of stored mails anew after an upgrade
  demo           a made-up hospital on this machine

Django's own commands (shell, createsuperuser, changepassword …): saksgang help --commands
"""
ASKS_FOR_HELP: tuple[list[str], ...] = ([], ["help"], ["--help"], ["-h"])

STOPPED = 130  # by Ctrl+C
TRY_AGAIN = 75  # EX_TEMPFAIL


def main() -> None:
    # Whatever the shell's own is: databases, exports, backups and logs of ours are nobody else's business.
    os.umask(0o077)
    try:
        _main()
    except BadSetting as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(STOPPED)
    except Exception as error:
        from django.db.utils import OperationalError, ProgrammingError

        is_of_tables = isinstance(error, OperationalError | ProgrammingError)
        if is_of_tables and any(words in str(error) for words in OTHER_TABLES):
            sys.exit("The database has not got the tables of this version yet. Run: saksgang migrate")
        if not isinstance(error, OperationalError):
            raise
        cure = "See that it runs, that its disk is neither full nor read-only, and that SAKSGANG_DATABASE_URL is right."
        sys.exit(f"The database does not answer: {str(error).strip()}\n{cure}")


def _main() -> None:
    if sys.argv[1:] in ASKS_FOR_HELP:
        print(HELP, end="")  # noqa: T201 - the command's answer
        return
    plain = WITHOUT_SETTINGS.get(tuple(sys.argv[1:3]))
    if plain:
        sys.exit(import_module(plain).run(sys.argv[3:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saksgang.config.settings")
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name in MAKES_NO_KEYS:
        os.environ["SAKSGANG_MAKE_NO_KEYS"] = "1"
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
    except (Exception, SystemExit, KeyboardInterrupt) as error:
        if (name, *arguments[:1]) != ("mail", "receive"):
            raise
        # Whatever goes wrong, a mistyped option and the settings included, the mail server must keep the mail and come again.
        print(f"Not stored: {type(error).__name__}: {error}", file=sys.stderr)
        return TRY_AGAIN
