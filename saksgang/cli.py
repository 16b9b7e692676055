"""The command `saksgang`. Each command's body lives in its room."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "saksgang.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
