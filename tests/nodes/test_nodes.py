"""Several nodes on one database and one folder: a node that dies, freezes or loses the database costs nothing (H2, B5, R1)."""

from __future__ import annotations

import smtplib
import threading
import time

import pytest

from tests.kill.desk import listens, send_mail, wait_for
from tests.kill.test_kill import check_books
from tests.nodes.cluster import Cluster, RovingAgent, health

MAILS = 28


class Senders:
    """The hospital's mail server: hands over one mail after the other, each until somebody has taken it."""

    def __init__(self, cluster: Cluster, mails: int) -> None:
        self.accepted: list[int] = []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._send, args=(cluster, mails))

    def _send(self, cluster: Cluster, mails: int) -> None:
        for nth in range(mails):
            if send_mail(cluster, nth, self.stop):
                self.accepted.append(nth)
            time.sleep(0.2)

    def __enter__(self) -> Senders:
        self.thread.start()
        return self

    def __exit__(self, *_error) -> None:
        self.stop.set()
        self.thread.join(timeout=30)

    def wait_until(self, number: int, cluster: Cluster) -> None:
        wait_for(lambda: len(self.accepted) >= number, f"mails are not taken\n{cluster.logs()}", seconds=40)


@pytest.mark.kill
def test_a_node_that_dies_freezes_or_loses_the_database_loses_nothing_and_doubles_nothing(database_url, dovecot_needed):
    with Cluster(database_url) as cluster:
        agent, stop = RovingAgent(cluster), threading.Event()
        at_work = threading.Thread(target=agent.work, args=(stop,))
        at_work.start()
        try:
            with Senders(cluster, MAILS) as senders:
                senders.wait_until(5, cluster)
                cluster.kill("worker b")  # a worker dies: the other takes up what it held
                cluster.start("worker b")
                senders.wait_until(10, cluster)
                cluster.cable.cut()  # node B loses the database, its pages say so, and node A goes on
                wait_for(lambda: health(cluster.web_b_port) == 503, "node B does not say that it is ill", seconds=15)
                assert health(cluster.web_port) == 200
                senders.wait_until(13, cluster)
                cluster.cable.mend()
                wait_for(lambda: health(cluster.web_b_port) == 200, "node B does not get well", seconds=15)
                senders.wait_until(16, cluster)
                cluster.cable.hang()  # the same, but nobody is told: leases run out meanwhile
                time.sleep(3)
                cluster.cable.mend()
                senders.wait_until(19, cluster)
                cluster.freeze("worker b")  # a worker sleeps past its lease, wakes, and goes on where it was
                time.sleep(3)
                cluster.thaw("worker b")
                cluster.kill("web")  # the agent goes on by the other node, still signed in
                senders.wait_until(23, cluster)
                cluster.start("web")
                cluster.kill("listener")
                cluster.start("listener")
                senders.wait_until(MAILS, cluster)
            wait_for(lambda: not cluster.imap.uids("e-helse"), f"mails lie there\n{cluster.logs()}", seconds=30)
            wait_for(cluster.everything_is_solved, f"work is left\n{cluster.logs()}", seconds=60)
        finally:
            stop.set()
            at_work.join(timeout=30)
        wait_for(cluster.nothing_is_left, "mails are left unsent", seconds=30)
        check_books(cluster, MAILS)
        assert len(agent.answered_by) == 2, "answered by both nodes"
        log = cluster.all_logs()
        assert [secret for secret in ("ansatt", "henvendelse", "hemmelig", "Sak 1") if secret in log] == []


@pytest.mark.kill
def test_the_database_goes_away_and_comes_back(database_url, dovecot_needed):
    """The listener says 451, the pages 503, and everything goes on by itself afterwards."""
    with Cluster(database_url) as cluster:
        # The other way round from above: node A's processes too are on the cable.
        cluster.kill("listener")
        cluster.environment["SAKSGANG_DATABASE_URL"] = cluster.cable.url
        cluster.start("listener")
        wait_for(lambda: listens(cluster.smtp_port), "nothing listens", seconds=20)
        stop = threading.Event()
        assert send_mail(cluster, 0, stop)
        cluster.cable.cut()
        refused = []
        end = time.monotonic() + 5
        while time.monotonic() < end:
            with smtplib.SMTP("127.0.0.1", cluster.smtp_port, timeout=10) as connection:
                connection.ehlo()
                connection.mail("ansatt@sykehus.example")
                refused.append(connection.rcpt("ikt@sykehus.example")[0])
            time.sleep(0.5)
        assert set(refused) == {451}
        assert health(cluster.web_b_port) == 503
        assert {name for name, process in cluster.processes.items() if process.poll() is not None} == set()
        cluster.cable.mend()
        for nth in range(2, 6, 2):
            assert send_mail(cluster, nth, stop)
        wait_for(cluster.nothing_is_left, f"the worker does not go on\n{cluster.logs()}", seconds=20)
        assert cluster.counted("tickets_ticket") == 3
        assert health(cluster.web_b_port) == 200
