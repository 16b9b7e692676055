"""`saksgang mail receive` takes one mail from standard input, `listen` takes mails by SMTP, `clean` cleans old HTML anew."""

from __future__ import annotations

import argparse
import sys

TRY_AGAIN = 75  # EX_TEMPFAIL: the mail server keeps the mail and comes again
REFUSED = 65  # EX_DATAERR: the mail server sends it back, with what we said


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="saksgang mail",
        epilog="`saksgang mail explain FILE…` tells what would become of mails, and needs no database.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    receive_command = commands.add_parser("receive", help="store one mail from standard input")
    receive_command.add_argument("--mailbox", required=True, help="short name or address of the mailbox")
    receive_command.add_argument("--sender", default=None, help="envelope sender; empty for a bounce")
    commands.add_parser("listen", help="receive mails by SMTP")
    commands.add_parser("clean", help="clean the HTML of old mails anew")
    options = parser.parse_args(arguments)
    if options.command == "clean":
        from saksgang.inbound.cleaning import clean_anew

        print(f"{clean_anew()} messages cleaned")  # noqa: T201 - the command's answer
        return 0
    if options.command == "listen":
        from saksgang.lib.readiness import refuse_unready
        from saksgang.worker.receiving import listen_until_stopped

        if refuse_unready():
            return 1
        listen_until_stopped()
        return 0
    return receive(options.mailbox, options.sender)


def receive(name: str, sender: str | None) -> int:
    """Exit code 0 when the mail is stored for good; 75 on any trouble of ours; 65 when the mail is larger than we ever take."""
    from django.conf import settings

    from saksgang.catalogue.models import Mailbox
    from saksgang.catalogue.queries import mailbox_of_address
    from saksgang.inbound.models import Door
    from saksgang.inbound.storing import store
    from saksgang.people.rules import folded_address
    from saksgang.worker.receiving import written

    name = written(name)
    mailbox = Mailbox.objects.filter(slug=name).first() or mailbox_of_address(folded_address(name))
    if mailbox is None:
        print(f"There is no mailbox {name!r}.", file=sys.stderr)  # noqa: T201 - for the mail server's log
        return TRY_AGAIN
    raw = sys.stdin.buffer.read(settings.MAIL_MAX_BYTES + 1)
    if len(raw) > settings.MAIL_MAX_BYTES:
        while sys.stdin.buffer.read(1024**2):
            pass  # a mail server whose pipe breaks would not ask what we said
        most = settings.MAIL_MAX_BYTES // 1024**2
        print(f"The mail is larger than {most} MB, which is the most we take.", file=sys.stderr)  # noqa: T201
        return REFUSED
    store(
        raw,
        mailbox=mailbox,
        door=Door.PIPE,
        envelope_from=None if sender is None else written(sender).strip("<>"),
        envelope_to=name if "@" in name else mailbox.address,
    )
    return 0
