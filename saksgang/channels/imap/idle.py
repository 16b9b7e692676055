"""Waiting for the server's word (RFC 2177), on top of imap-tools: nothing that it says is missed, and a server that hangs up is noticed."""

from __future__ import annotations

import imaplib

from imap_tools.errors import MailboxTaggedResponseError
from imap_tools.idle import IdleManager, get_socket_poller


class Idle(IdleManager):
    """Use as a context; leaving it reads what the server said, and raises when the connection is gone."""

    def start(self) -> None:
        """Some servers tell of new mail before they say that they wait."""
        client = self.mailbox.client
        self._idle_tag = client._command("IDLE")
        self._told = False
        while client._get_response() is not None:
            if client.tagged_commands[self._idle_tag]:
                raise MailboxTaggedResponseError(client.tagged_commands.pop(self._idle_tag), None)
            self._told = True
        self._told = self._told or self._came_along()

    def heard(self, seconds: int) -> bool:
        """Whether the server says something, or goes, within so long."""
        return self._told or bool(get_socket_poller(self.mailbox.client.sock, seconds))

    def _came_along(self) -> bool:
        """Whether there was more in the packet that brought the go-ahead: the socket would never tell of it again."""
        sock = self.mailbox.client.sock
        timeout = sock.gettimeout()
        sock.settimeout(0)
        try:
            return bool(self.mailbox.client._get_line())
        except (OSError, imaplib.IMAP4.abort):
            return False  # nothing; or the connection is gone, which the next read tells
        finally:
            sock.settimeout(timeout)
