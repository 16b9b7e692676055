"""Two web nodes and two workers over one database and one folder; the desk of tests/kill with more of each."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg

from tests.dovecot import free_port
from tests.kill.desk import SAKSGANG, Agent, Desk, listens, wait_for
from tests.nodes.cable import Cable


class Cluster(Desk):
    """Node A: `web` and `listener` (a worker that also takes mail). Node B: `web b` and `worker b`, by a cable of its own."""

    COMMANDS = {
        "web": ["serve", "--threads", "2"],
        "listener": ["work", "--listen"],
        "web b": ["serve", "--threads", "2"],
        "worker b": ["work"],
    }

    def __init__(self, database_url: str) -> None:
        super().__init__(database_url)
        self.database_url = database_url
        self.cable = Cable(database_url)
        self.web_b_port = free_port()
        self.environment["SAKSGANG_LOG_LEVEL"] = "INFO"
        self.environment["SAKSGANG_LOG_FORMAT"] = "json"

    def come_up(self) -> None:
        self.cable.mend()
        super().come_up()
        wait_for(lambda: listens(self.web_b_port), "node B's pages do not answer", seconds=30)

    def __exit__(self, *error) -> None:
        super().__exit__(*error)
        self.cable.cut()

    def start(self, name: str) -> None:
        """As the desk does it, but node B's part reaches the database by its own cable."""
        command = [SAKSGANG, *self.COMMANDS[name]]
        environment = dict(self.environment)
        if name.startswith("web"):
            command += ["--port", str(self.web_b_port if name == "web b" else self.web_port)]
        if name.endswith(" b"):
            environment["SAKSGANG_DATABASE_URL"] = self.cable.url
        with (Path(self.folder.name) / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, env=environment, start_new_session=True, stdout=log, stderr=log
            )

    def freeze(self, name: str) -> None:
        os.killpg(self.processes[name].pid, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        os.killpg(self.processes[name].pid, signal.SIGCONT)

    def all_logs(self) -> str:
        return "\n".join(path.read_text() for path in Path(self.folder.name).glob("*.log"))

    def counted(self, table: str, condition: str = "true") -> int:
        """Rows of a table, past the product: asked often, and a process for each would be the slowest part of the test."""
        with psycopg.connect(self.database_url) as connection:
            found = connection.execute(f"SELECT count(*) FROM {table} WHERE {condition}").fetchone()
        return found[0] if found else 0

    def nothing_is_left(self) -> bool:
        """Every mail is decided on, every follower has heard, every mail has left."""
        waits = (
            ("inbound_inboundmail", "pending = 1"),
            ("events_delivery", "true"),
            ("outbound_outboundmail", "pending = 1"),
        )
        return not any(self.counted(table, condition) for table, condition in waits)

    def everything_is_solved(self) -> bool:
        return self.nothing_is_left() and not self.counted("tickets_ticket", "open = 1")


def health(port: int) -> int:
    """The status that a load balancer would see; 0 when nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


class RovingAgent:
    """Somebody whose load balancer knows both nodes: when one does not answer, the other is asked, in the same session."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.agents = [Agent(cluster.web_port), Agent(cluster.web_b_port)]
        self.agents[1].browser = self.agents[0].browser  # one session, whichever node answers
        self.signed_in = False
        self.answered_by: set[str] = set()

    def work(self, stop) -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            agent = self.agents[turn % 2]
            try:
                if not self.signed_in:
                    agent.sign_in()
                    self.signed_in = True
                queue = agent.page("/queue?show=all")
                for number in sorted(set(re.findall(r'href="/tickets/(\d+)"', queue)))[:3]:
                    agent.solve(int(number))
                    self.answered_by.add(agent.base)
            except OSError:  # HTTPError is one
                time.sleep(0.1)
            time.sleep(0.05)
