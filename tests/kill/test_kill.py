"""Kill -9 at random points: no mail lost, none doubled, every one answered (clauses H2, B5, R1).

SAKSGANG_KILL_ROUNDS sets how many (20 by default; 50 before a release).
"""

from __future__ import annotations

import os
import random
import threading
import time
import urllib.error

import pytest

from tests.kill.desk import Agent, Desk, by_imap, send_mail, wait_for

ROUNDS = int(os.environ.get("SAKSGANG_KILL_ROUNDS", "20"))
MAILS_PER_ROUND = 4
PATIENCE = 60 + 4 * ROUNDS  # seconds until all must be done; a machine that does other things too is slow


def agent_at_work(desk: Desk, stop: threading.Event) -> None:
    """Solves whatever is open, looking again after every failure, as a person does when a page does not answer."""
    agent = Agent(desk.web_port)
    signed_in = False
    while not stop.is_set():
        try:
            if not signed_in:
                agent.sign_in()
                signed_in = True
            for number in desk.script("unanswered")["numbers"]:
                agent.solve(number)
        except (OSError, urllib.error.URLError):
            time.sleep(0.1)
        time.sleep(0.05)


@pytest.mark.kill
def test_h2_b5_r1_kill_minus_nine_loses_nothing_doubles_nothing_and_everybody_is_answered(database_url, dovecot_needed):
    luck = random.Random(20261123)
    with Desk(database_url) as desk:
        stop = threading.Event()
        accepted: list[int] = []
        arrived = threading.Event()  # a mail has just come to the IMAP server

        def send_all() -> None:
            for nth in range(ROUNDS * MAILS_PER_ROUND):
                if send_mail(desk, nth, stop):
                    accepted.append(nth)
                    if by_imap(nth):
                        arrived.set()
                time.sleep(luck.random() * 0.1)

        senders = threading.Thread(target=send_all)
        agent = threading.Thread(target=agent_at_work, args=(desk, stop))
        senders.start()
        agent.start()
        try:
            for _ in range(ROUNDS):
                time.sleep(luck.random() * 1.2)
                victim = luck.choice(["receiver", "worker", "worker", "collecting worker", "web"])
                if victim == "collecting worker":
                    victim = "worker"
                    arrived.clear()
                    arrived.wait(timeout=2)
                    time.sleep(luck.random() * 0.1)
                desk.kill(victim)
                desk.start(victim)
            senders.join(timeout=PATIENCE)
            assert len(accepted) == ROUNDS * MAILS_PER_ROUND, f"not all were taken\n{desk.imap.log()}\n{desk.logs()}"
            wait_for(
                lambda: not desk.imap.uids("e-helse"), f"mails lie in the mailbox\n{desk.logs()}", seconds=PATIENCE
            )
            wait_for(
                lambda: not any(desk.script("pending").values()) and not desk.script("unanswered")["numbers"],
                f"work is left: {desk.script('pending')} {desk.script('unanswered')}\n{desk.logs()}",
                seconds=PATIENCE,
            )
        finally:
            stop.set()
            senders.join(timeout=60)
            agent.join(timeout=60)
        wait_for(lambda: not any(desk.script("pending").values()), "mails are left unsent", seconds=60)
        check_books(desk, len(accepted))


def check_books(desk: Desk, mails: int) -> None:
    books = desk.script("balance")
    expected = {f"kill-{nth}@sykehus.example": 1 for nth in range(mails)}
    assert books["mails"] == expected, "exactly one ledger row a mail that is not a duplicate"
    read_by_imap = [nth for nth in range(mails) if by_imap(nth)]
    assert books["places"] == len(read_by_imap), "one row for each place in a mailbox"
    assert len(desk.imap.kept("e-helse")) == len(read_by_imap), "each mail lies in the kept folder, once"
    assert books["subjects"] == {f"Sak {nth}": 1 for nth in range(mails)}, "one case a mail"
    assert books["incoming"] == mails, "one message a mail"
    assert set(books["solutions"].values()) == {1}, "one solution a case"
    assert books["resolved"] == mails
    assert books["outbound"] == {"sent": 2 * mails}, "a receipt and a solution each"
    for recipient, header_id in books["promised"]:
        copies = desk.catcher.got[recipient, f"<{header_id}>"]
        assert copies, f"promised and never arrived: {header_id}"
        assert len(set(copies)) == 1, "sent again, and not the same bytes"
    assert len(desk.catcher.got) == 2 * mails, "nothing arrived that was not promised"
