"""What is measured. Run by `python -m bench`, one process for each database and size."""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

from bench import faults, lookups, waits, wishes
from bench.browser import Browser

OPERATIONS = (
    "bare", "empty_page", "queue", "ticket", "search", "create", "reply", "mail_store", "mail_process", "import", "idle", "fragment", "streams",
    "answering", "registering", "standing", "presence", "routing", "routing_page", "routing_trial",
    *wishes.PAGES, *faults.PAGES, *waits.PAGES,
    "assessments",
    *lookups.TYPED,  # last: they make the desk know 50,000 people
)  # fmt: skip
WHEN_ASKED = ("proxied_streams",)  # needs nginx
PAGES = {
    "bare": "/bench/bare",
    "empty_page": "/bench/empty",
    "queue": "/queue?show=all",
    "search": "/search?q=skriver+intensiv",
    "fragment": "/counts?here=mine",
}
RUNS = 60
IMPORTED = 3000  # cases in one measured import
WARM_UP = 8


def main(tickets: int, operations: list[str]) -> list[dict]:
    import django

    django.setup()
    from django.core.management import call_command

    from bench.fill import fill
    from saksgang.config.server import collect_static

    call_command("migrate", verbosity=0)
    collect_static()
    desk = Bench(fill(tickets))
    analyse()
    figures = []
    floor = desk.measure(desk.page(PAGES["bare"]))["cpu_ms"]
    for name in operations:
        figure = APART[name]() if name in APART else desk.measure(desk.operation(name))
        if name in (
            *PAGES,
            "ticket",
            "answering",
            "assessments",
            "registering",
            "standing",
            "presence",
            "routing_page",
            *wishes.PAGES,
            *faults.PAGES,
            *lookups.TYPED,
            *waits.PAGES,
        ):
            figure["floor_ratio"] = figure["cpu_ms"] / floor
        figures.append({"operation": name} | figure)
    return figures


def analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


class Bench:
    """Operations as functions that can be repeated."""

    def __init__(self, person) -> None:
        self.person = person
        self.cookie = self._sign_in(person)
        from saksgang.config.wsgi import application

        self.application = application

    def _sign_in(self, person) -> str:
        from django.test import Client

        client = Client()
        client.force_login(person.account)
        return client.cookies["sessionid"].value

    def operation(self, name: str) -> Callable[[], object]:
        if name in PAGES:
            return self.page(PAGES[name])
        if name in faults.PAGES:
            return self.page(faults.page_with_cases(name))
        if name in lookups.TYPED:
            return self.page(lookups.page_of(name))
        if name in wishes.PAGES:
            return self.page(wishes.page_with_many(name))
        if name in waits.PAGES:
            who = self._sign_in(waits.leader()) if name == waits.LEADS else ""
            return self.page(waits.page_with_rows(name), who)
        return getattr(self, name)()

    def page(self, path: str, session: str = "") -> Callable[[], object]:
        return Browser(self.application, session or self.cookie, path).look

    def assessments(self) -> Callable[[], object]:
        """The page of how teams assess, as somebody who leads sees it."""
        return self.page("/assessments", self._sign_in(waits.leader()))

    def answering(self) -> Callable[[], object]:
        """The page of a case, an answer written there, and the page it lands on: each time another case of three messages."""
        from saksgang.tickets.models import Ticket

        cases = iter(Ticket.objects.filter(open=1).order_by("id").values_list("id", flat=True)[: RUNS + WARM_UP])
        words = {"words": "Vi har rettet feilen. Prøv igjen nå, og si fra om det ikke hjelper."}

        def answer() -> None:
            case = Browser(self.application, self.cookie, f"/tickets/{next(cases)}")
            case.look()
            case.send(f"{case.path}/answer", words)

        return answer

    def registering(self) -> Callable[[], object]:
        """The page for a new case, a caller whom the desk knows, and the page of the case it became."""
        from saksgang.people.models import Person, Team

        who = Person.objects.get(name="Ansatt 7")
        told = {
            "who": who.name, "who_id": who.pk, "channel": "PHONE", "what": "Skriver tømmer papir",
            "team": Team.objects.earliest("pk").pk, "do": "register",
        }  # fmt: skip

        def register() -> None:
            desk = Browser(self.application, self.cookie, "/tickets/new")
            desk.look()
            desk.send(desk.path, told)

        return register

    def ticket(self) -> Callable[[], object]:
        from saksgang.tickets.actions.answering import answer, note
        from saksgang.tickets.models import Ticket

        one = Ticket.objects.filter(open=1).order_by("id").last()
        for nth in range(4):
            answer(ticket=one, by=self.person, words=f"Svar {nth}. " + "Vi ser på saken og kommer tilbake. " * 6)
            note(ticket=one, by=self.person, words=f"Notat {nth}.")
        for nth in range(10 - one.messages.count()):  # what it began with is one or two
            note(ticket=one, by=self.person, words=f"Enda et notat, {nth}.")
        return self.page(f"/tickets/{one.pk}")

    def standing(self) -> Callable[[], object]:
        """What the page of a case with ten messages asks for when something has happened on it: with the parts that it has."""
        self.ticket()
        tab = Browser(self.application, self.cookie, self._case())
        tab.look()
        had = ",".join(re.findall(r'data-as="(\w+)"', tab.body))
        return self.page(f"{tab.path}/standing?seen={tab.hidden('seen')}&had={had}")

    def presence(self) -> Callable[[], object]:
        return self.page(f"{self._case()}/presence")

    def _case(self) -> str:
        from saksgang.tickets.models import Ticket

        return f"/tickets/{Ticket.objects.filter(open=1).order_by('id').last().pk}"

    def create(self) -> Callable[[], object]:
        from saksgang.people.models import Person, Team
        from saksgang.tickets.actions.messages import Heard
        from saksgang.tickets.actions.registration import register

        who, team = Person.objects.get(name="Ansatt 7"), Team.objects.first()
        heard = Heard("Skriveren på vaktrommet tømmer papir igjen.", who.name)
        return lambda: register(
            by=self.person, channel="PHONE", subject="Skriver tømmer papir", heard=heard, team=team, requesters=[who]
        )

    def reply(self) -> Callable[[], object]:
        from saksgang.tickets.actions.answering import answer
        from saksgang.tickets.models import Ticket

        cases = iter(Ticket.objects.filter(open=1).order_by("id")[: RUNS + WARM_UP])
        return lambda: answer(ticket=next(cases), by=self.person, words="Vi har rettet feilen. Prøv igjen nå.")

    def routing(self) -> Callable[[], object]:
        """Which of 200 rules a mail of 3 kB falls under: the last of them. They are read once, as for mails taken up together."""
        from saksgang.catalogue.queries import routing_rules
        from saksgang.catalogue.routing import Arrival, first_hit, text_of

        self._rules()
        words = "Hei, skriveren på vaktrommet svarer ikke. Vi har prøvd å starte den på nytt.\n" * 40
        nth, rules = iter(range(RUNS + WARM_UP)), routing_rules()

        def decide() -> None:
            said = text_of(f"Får ikke skrevet ut, rom {next(nth)}", words, [[False, words]])
            if first_hit(rules, Arrival(said, "EMAIL", 1, "ansatt7@sykehus.example")) is None:
                raise RuntimeError("no rule holds")

        return decide

    def routing_page(self) -> Callable[[], object]:
        self._rules()
        return self.page("/routing")

    def routing_trial(self) -> Callable[[], object]:
        """What a rule would have done to the last 1,000 cases, with 200 rules before it."""
        from saksgang.access.actions import grant
        from saksgang.access.roles import Role
        from saksgang.catalogue.models import RoutingRule
        from saksgang.console.routing.trying import tried
        from saksgang.events.actions import Robot
        from saksgang.people.models import Team

        self._rules()
        grant(by=Robot("bench"), person=self.person, role=Role.ADMINISTRATOR)
        draft = RoutingRule(words="skriver*", team=Team.objects.latest("pk"))
        return lambda: tried(self.person, draft, None)

    def _rules(self) -> None:
        """200 rules: words of which none is there, a domain, a department; the last one holds."""
        from saksgang.catalogue.actions import add_routing_rule
        from saksgang.catalogue.models import RoutingRule
        from saksgang.events.actions import Robot
        from saksgang.people.models import Team

        if RoutingRule.objects.exists():
            return
        teams = list(Team.objects.order_by("pk"))
        for nth in range(199):
            words = "\n".join(f"ord{nth}{letter}{'*' if letter in 'ab' else ''}" for letter in "abcdef")
            sender = f"avdeling{nth}.sykehus.example" if nth % 4 == 0 else ""
            add_routing_rule(by=Robot("bench"), team=teams[nth % len(teams)], words=words, sender=sender)
        add_routing_rule(by=Robot("bench"), team=teams[0], words="skriver*")

    def mail_store(self) -> Callable[[], object]:
        from saksgang.catalogue.models import Mailbox
        from saksgang.inbound.storing import store

        mailbox, mails = Mailbox.objects.get(slug="ikt"), raw_mails("store")
        return lambda: store(next(mails), mailbox=mailbox, door="smtp", envelope_from="a@b.example")

    def mail_process(self) -> Callable[[], object]:
        from saksgang.catalogue.models import Mailbox
        from saksgang.inbound.actions import decide
        from saksgang.inbound.models import InboundMail
        from saksgang.inbound.storing import store

        mailbox, mails = Mailbox.objects.get(slug="ikt"), raw_mails("process")
        stored = [store(next(mails), mailbox=mailbox, door="smtp").pk for _ in range(RUNS + WARM_UP)]
        rows = iter(InboundMail.objects.select_related("mailbox__team").filter(pk__in=stored))
        return lambda: decide(next(rows))

    def measure(self, operation: Callable[[], object]) -> dict:
        """Medians of CPU and wall time over the runs after a warm-up."""
        for _ in range(WARM_UP):
            operation()
        cpu, wall = [], []
        for _ in range(RUNS):
            cpu_start, wall_start = time.process_time(), time.perf_counter()
            operation()
            cpu.append((time.process_time() - cpu_start) * 1000)
            wall.append((time.perf_counter() - wall_start) * 1000)
        median = statistics.median(wall)
        return {
            "cpu_ms": statistics.median(cpu),
            "wall_ms": median,
            "wall_ms_p95": sorted(wall)[int(len(wall) * 0.95)],
            "floor_ratio": None,
            "per_second": 1000 / median,
            "rss_mib": None,
        }


def raw_mails(kind: str) -> Iterator[bytes]:
    """Common mails of some 3 kB, no two alike."""
    nth = 0
    while True:
        nth += 1
        mail = EmailMessage()
        mail["From"] = f"Ansatt {nth % 500} <ansatt{nth % 500}@sykehus.example>"
        mail["To"] = "ikt@sykehus.example"
        mail["Subject"] = f"Får ikke skrevet ut fra journalen, rom {nth}"
        mail["Date"] = "Mon, 23 Nov 2026 08:00:00 +0100"
        mail["Message-ID"] = f"<bench-{kind}-{nth}@sykehus.example>"
        mail.set_content("Hei, skriveren på vaktrommet svarer ikke. Vi har prøvd å starte den på nytt.\n" * 12)
        mail.add_alternative(
            "<p>Hei, skriveren på vaktrommet svarer ikke. Vi har prøvd å starte den på nytt.</p>" * 12, subtype="html"
        )
        yield mail.as_bytes()


def import_old_cases() -> dict:
    """An import of so many cases of three messages. `cpu_ms` is for one case, `per_second` counts wall time."""
    from bench.old_cases import write
    from saksgang.upkeep.importing.running import bring_over

    with tempfile.TemporaryDirectory(prefix="saksgang-bench-import-") as folder:
        write(Path(folder), IMPORTED)
        cpu_start, wall_start = time.process_time(), time.perf_counter()
        report = bring_over(Path(folder), system="bench")
        cpu, wall = time.process_time() - cpu_start, time.perf_counter() - wall_start
    if report.made["tickets"] != IMPORTED or report.wrong:
        raise RuntimeError(f"imported {report.made['tickets']} of {IMPORTED}")
    return {
        "cpu_ms": cpu * 1000 / IMPORTED,
        "wall_ms": wall * 1000 / IMPORTED,
        "wall_ms_p95": None,
        "floor_ratio": None,
        "per_second": IMPORTED / wall,
        "rss_mib": resident_mib(os.getpid()),
    }


def idle() -> dict:
    """Resident memory of web and worker together, half a minute after they have settled."""
    saksgang = Path(sys.executable).parent / "saksgang"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "saksgang.config.settings", "SAKSGANG_SMTP_OUT_PORT": "9"}
    commands = [["serve", "--port", "8975"], ["work"]]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = [subprocess.Popen([saksgang, *command], env=environment, **quiet) for command in commands]
    try:
        time.sleep(8)
        used = sum(resident_mib(pid) for process in running for pid in family(process.pid))
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=20)
    return {
        "cpu_ms": None,
        "wall_ms": None,
        "wall_ms_p95": None,
        "floor_ratio": None,
        "per_second": None,
        "rss_mib": used,
    }


def open_streams() -> dict:
    from bench.streams import measure

    return measure()


def proxied_streams() -> dict:
    from bench.streams import measure_proxied

    return measure_proxied()


# Measured once as a whole, not as the median of many.
APART: dict[str, Callable[[], dict]] = {
    "idle": idle,
    "import": import_old_cases,
    "streams": open_streams,
    "proxied_streams": proxied_streams,
}


def family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in family(int(child)))]


def resident_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    kib = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kib) / 1024


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), sys.argv[2:])))
