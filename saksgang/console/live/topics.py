"""What an open page is told: topics, and never what happened. It fetches what it shows as every page does.

A part of a page names the topics that concern it, in words with blanks between; the stream names those that something has happened
in. A page learns numbers of cases that it may see, and of teams; no names, no words, no states.
"""

from __future__ import annotations

EVERYTHING = "*"  # what happened is not known one by one: look at all you show
MINE = "me"  # a case that is, or was, one's own
OURS = "ours"  # a case that is, or was, one of one's teams'
TRIAGE = "triage"
CASES = "cases"  # any case at all
MAJORS = "majors"  # any fault of many, or a case that hangs under one
WISHES = "improvements"  # any improvement, or a case that stands behind one
CALLS = "calls"  # somebody must be phoned, or has been
OTHERS = "others"  # what suppliers and others have, or had
LISTS = "lists"  # what stands on lists and is no case: mails, alarms, announcements, services


def case(number: int) -> str:
    return f"case:{number}"


def presence(number: int) -> str:
    return f"presence:{number}"


def major(pk: int) -> str:
    return f"major:{pk}"


def improvement(pk: int) -> str:
    return f"improvement:{pk}"


def team(pk: int) -> str:
    return f"team:{pk}"
