"""What is stored of a mail that is larger than any that we take: its head, and words that say where the whole of it lies.

Its sender's server has been told long ago that it arrived, so it cannot be refused; left in the mailbox it would be looked at for
ever and seen by nobody. So it becomes a case like others, under its sender, subject and Message-ID.
"""

from __future__ import annotations

LARGEST_HEAD = 64 * 1024
_OF_THE_BODY = (b"content-", b"mime-version:")  # what the head says of a body that is not here
_WORDS = """\
Denne e-posten er på {size} MB, og er ikke hentet: Saksgang tar imot {most} MB.
Den ligger hel i postkassen, i mappen «{folder}».

This mail is {size} MB and was not fetched: Saksgang takes {most} MB.
It lies whole in the mailbox, in the folder «{folder}».
"""


def stand_in(head: bytes, *, size: int, most: int, folder: str) -> bytes:
    """A mail to store in place of one of `size` bytes. `head` may be cut off anywhere."""
    words = _WORDS.format(size=-(-size // 1024**2), most=most // 1024**2, folder=folder)
    ours = b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return b"".join(_fields(head)) + ours + words.replace("\n", "\r\n").encode()


def _fields(head: bytes) -> list[bytes]:
    """The lines of the head that say nothing of the body, whole ones only."""
    found: list[bytes] = []
    is_kept = False
    for line in head.splitlines(keepends=True):
        if not line.strip() or not line.endswith((b"\n", b"\r")):
            break
        if line[:1] not in b" \t":
            is_kept = not line.lower().startswith(_OF_THE_BODY)
        if is_kept:
            found.append(line)
    return found
