"""The steps that a told case can take. Each is one of the product's actions, done by somebody who may do it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from saksgang.catalogue.kinds import TicketType
from saksgang.catalogue.models import Category, Mailbox
from saksgang.demo import filling, letters, moments, parts
from saksgang.demo.hospital import Hospital
from saksgang.demo.stories import Story, story
from saksgang.demo.stories.kinds import OF_STORY
from saksgang.lib import clock
from saksgang.people.models import Person, PersonKind
from saksgang.people.queries import address_of
from saksgang.tickets.actions import (
    answering,
    arrivals,
    assessment,
    assignment,
    clarification,
    closure,
    identity,
    outward,
    registration,
    resolution,
    waiting,
)
from saksgang.tickets.actions.core import CLOCK
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.kinds import Channel, CloseReason, Decision, ProofWay, State
from saksgang.tickets.models import Clarification, Ticket

SPOKEN_CHANNELS = (Channel.PHONE, Channel.PHONE, Channel.PHONE, Channel.WALK_IN)
OTHER_CHANNELS = (Channel.PHONE, Channel.PHONE, Channel.PHONE, Channel.CHAT, Channel.WALK_IN, Channel.NOTE)


@dataclass
class Case:
    """One case while it is told."""

    story: Story
    hospital: Hospital
    rng: random.Random
    key: str
    told_from: datetime
    moment: datetime
    is_open: bool
    spoken: bool
    next_moment: datetime | None = None
    words: dict[str, str] = field(default_factory=dict)
    mails: int = 0

    variant: int = 0  # which of the story's words, and their subject
    requester: Person = field(init=False)
    address: str = field(init=False)
    mailbox: Mailbox = field(init=False)
    agent: Person = field(init=False)
    ticket: Ticket = field(init=False)

    def begin(self, received_at: datetime) -> None:
        """Somebody writes, calls or comes by."""
        self.requester = filling.requester(self.hospital, self.story, self.rng, spoken=self.spoken)
        self.address = address_of(self.requester)
        self.words = filling.words(self.hospital, self.requester, self.rng, received_at)
        ehealth = self.story.team == story.EHEALTH and self.rng.random() < 0.8
        self.mailbox = self.hospital.mailboxes["e-helse" if ehealth else "ikt"]
        self.variant = self.rng.randrange(len(self.story.words))
        subject = filling.fill(self.story.subjects[self.variant], self.words)
        subject = subject[:1].upper() + subject[1:]
        with clock.at(received_at):
            if self.spoken or not self.address or self.rng.random() < 0.3:
                self._register(subject)
            else:
                self._write(subject)
            parts.deliver()

    def _register(self, subject: str) -> None:
        self.agent = self.somebody(story.SERVICE_DESK)
        shared = self.requester.kind == PersonKind.SHARED
        self.ticket = registration.register(
            by=self.agent,
            channel=self.rng.choice(SPOKEN_CHANNELS if self.spoken else OTHER_CHANNELS),
            subject=subject,
            heard=Heard(self.told(self.story.words[self.variant]), self.requester.name, self.address),
            team=self.hospital.teams[story.SERVICE_DESK],
            requesters=[self.requester],
            contact_name=self.words["kollega"] if shared else "",
            place=self.words["rom"] if self.rng.random() < 0.5 else "",
            callback_number=self.words["tlf"] if self.spoken else "",
            equipment_number=self.words["utstyr"] if self.story.service == "PC og utstyr" else "",
        )

    def _write(self, subject: str) -> None:
        told = self.told(self.story.words[self.variant])
        words = filling.letter(self.requester, told, self.rng)
        picture = "skjermbilde.png" if self.story.consequence and self.rng.random() < 0.12 else ""
        row = parts.arrive(letters.build(self.written(subject, words, file=picture)), self.mailbox)
        if row.ticket is None:
            raise RuntimeError(f"{self.key}: the mail became no case ({row.outcome} {row.set_aside_reason})")
        self.ticket = row.ticket

    def written(
        self, subject: str, words: str, *, answers: str = "", quoted: str = "", file: str = ""
    ) -> letters.Written:
        self.mails += 1
        slug = self.key.replace("/", "-")
        return letters.Written(
            sender_name=self.requester.name,
            sender_address=self.address,
            to=self.mailbox.address,
            subject=subject,
            words=words,
            at=clock.now(),
            header_id=f"{slug}.{self.mails}.{int(clock.now().timestamp())}@post.sykehuset.example",
            answers=answers,
            quoted=quoted,
            html=self.rng.random() < 0.3,
            file=file,
        )

    def reply(self, words: str) -> None:
        """The requester answers our newest mail; by phone, where they have had none."""
        self.fresh()
        mail = parts.last_mail(self.ticket, self.address) if self.address else None
        if mail is None:
            heard = Heard(words, self.requester.name, self.address)
            arrivals.receive(
                ticket=self.ticket, by=self.agent, heard=heard, person=self.requester, received_at=clock.now(),
                channel=Channel.PHONE,
            )  # fmt: skip
            return
        text = filling.letter(self.requester, words, self.rng, short=True)
        below = parts.quoted(mail, self.mailbox, self.requester.name)
        written = self.written(f"SV: {self.ticket.subject}", text, answers=mail.header_id, quoted=below)
        parts.arrive(letters.build(written), self.mailbox)

    # --- helpers

    def told(self, text: str) -> str:
        return filling.fill(text, self.words)

    def to_requester(self, text: str) -> str:
        """An agent's words: «Hei Ane!», then what they say."""
        first = "" if self.requester.kind == PersonKind.SHARED else f" {self.requester.name.split()[0]}"
        return f"Hei{first}!\n\n{self.told(text)}"

    def somebody(self, team: str) -> Person:
        return self.rng.choice(self.hospital.agents[team])

    def fresh(self) -> Ticket:
        self.ticket.refresh_from_db()
        return self.ticket

    def worker(self) -> Person:
        """Who has the case; somebody in its team when nobody has."""
        ticket = self.fresh()
        if ticket.assignee:
            return ticket.assignee
        return self.somebody(ticket.team.name if ticket.team else story.SERVICE_DESK)

    def days_ahead(self, least: int, most: int) -> datetime:
        """A moment at which the next thing happens: that of the next step, or some working days ahead."""
        if self.next_moment and not self.is_open:
            return self.next_moment
        return moments.add_days(self.told_from, self.rng.randint(least, most), moments.office())


def assess(case: Case) -> None:
    told = case.story
    by = case.worker()
    urgent = told.type != TicketType.INCIDENT and case.rng.random() < 0.08
    assessment.assess(
        ticket=case.ticket,
        by=by,
        category=_kind(case),
        type=told.type,
        service=case.hospital.services[told.service],
        impact=told.impact,
        consequence=told.consequence,
        needed_by=moments.add_days(clock.now(), case.rng.randint(1, 4), moments.office()) if urgent else None,
    )
    ticket = case.fresh()
    if ticket.priority == 3 and case.rng.random() < 0.05:
        reason = "Avtalt med avdelingsleder, de har få på vakt i dag."
        assessment.override(ticket=ticket, by=by, value=2 if case.rng.random() < 0.5 else 4, reason=reason)
    if ticket.team and ticket.team.name != told.team:
        reason = case.told(told.handover or f"Hører til {told.team}.")
        assignment.hand_over(ticket=ticket, by=by, team=case.hospital.teams[told.team], reason=reason)


def _kind(case: Case) -> Category | None:
    """Of most stories. What demands proof is not asked for by somebody whom nobody can check."""
    kind = case.hospital.categories.get(OF_STORY.get(case.story.slug, ""))
    asked = case.ticket.requesters.select_related("person")
    if kind and kind.demands_proof and any(identity.whom_nobody_can_check(case.ticket, one.person) for one in asked):
        return None
    return kind


def _check_who_asks(case: Case) -> None:
    """Before they get a password or access."""
    ticket = case.fresh()
    if not ticket.proofs_lacking:
        return
    by = case.worker()
    for one in ticket.requesters.select_related("person"):
        way = ProofWay.RUNG_BACK if one.person.phone else ProofWay.CARD
        identity.prove(ticket=ticket, by=by, person=one.person, way=way)


def take(case: Case) -> None:
    ticket = case.fresh()
    assignment.take(ticket=ticket, by=case.somebody(ticket.team.name if ticket.team else story.SERVICE_DESK))


def put_back(case: Case) -> None:
    assignment.put_back(ticket=case.ticket, by=case.worker(), reason="Jeg er borte i morgen, og saken bør ikke vente.")


def answer(case: Case) -> None:
    words = case.to_requester(case.story.answer)
    copy = []
    if case.rng.random() < 0.06:
        copy = [address_of(case.rng.choice(case.hospital.employees))]
    answering.answer(ticket=case.ticket, by=case.worker(), words=words, cc=copy)


def answer_again(case: Case) -> None:
    words = "Takk for beskjeden. Da åpner vi saken igjen og ser på det med en gang."
    answering.answer(ticket=case.ticket, by=case.worker(), words=case.to_requester(words))


def note(case: Case) -> None:
    answering.note(ticket=case.ticket, by=case.worker(), words=case.told(case.story.note))


def ask(case: Case) -> None:
    until = moments.add_days(clock.now(), case.rng.randint(3, 8), moments.office())
    waiting.wait_for_requester(
        ticket=case.ticket, by=case.worker(), words=case.to_requester(case.story.ask), until=until
    )


def reply(case: Case) -> None:
    case.reply(case.told(case.story.reply))


def complain(case: Case) -> None:
    case.reply(case.told(case.story.complaint))


def supplier(case: Case) -> None:
    waiting.wait_for_third_party(
        ticket=case.ticket,
        by=case.worker(),
        words=case.to_requester(case.story.told),
        until=case.days_ahead(2, 6),
        waiting_for=case.story.supplier,
        reference=f"{case.rng.choice(('SR', 'CS', 'INC'))}-{case.rng.randrange(10_000, 99_999)}",
    )
    words = f"Hei!\n\nVi trenger hjelp fra dere med dette: {case.ticket.subject}\n\nNår kan dere se på det?"
    outward.write(ticket=case.ticket, by=case.worker(), words=words, to=[letters.address_of_firm(case.story.supplier)])


def schedule(case: Case) -> None:
    until = case.days_ahead(3, 20)
    case.words["dato"] = letters.written_date(until)
    words = case.to_requester(case.story.plan)
    waiting.plan(ticket=case.ticket, by=case.worker(), words=words, until=until, reason=case.story.plan_reason)


def promise(case: Case) -> None:
    day = case.days_ahead(4, 18)
    case.words["dato"] = letters.written_date(day)
    words = case.to_requester(case.story.plan)
    waiting.promise(ticket=case.ticket, by=case.worker(), promised_by=day, words=words)


def resume(case: Case) -> None:
    if State(case.fresh().state) in (State.WAITING_THIRD_PARTY, State.PLANNED):
        waiting.resume(ticket=case.ticket, by=CLOCK)


def solve(case: Case) -> None:
    _solve(case, case.story.solution)


def fix(case: Case) -> None:
    _solve(case, case.story.fix)


def _solve(case: Case, words: str) -> None:
    by = case.worker()
    technical = case.told(case.story.technical)
    orally = not case.address
    text = case.to_requester(words)
    _check_who_asks(case)
    resolution.resolve(ticket=case.fresh(), by=by, words=text, technical=technical, orally=orally)


def solve_on_the_phone(case: Case) -> None:
    mailed = bool(case.address) and case.rng.random() < 0.6
    _check_who_asks(case)
    resolution.resolve(
        ticket=case.ticket, by=case.worker(), words=case.told(case.story.solution), orally=True, mailed=mailed
    )


def no_answer(case: Case) -> None:
    number = case.words["tlf"]
    answering.log_no_answer(ticket=case.ticket, by=case.worker(), words=f"Ringte {number}, men ingen svarte.")


def decline(case: Case) -> None:
    closure.close(
        ticket=case.ticket,
        by=case.worker(),
        reason=CloseReason.DECLINED,
        note="Avgjort sammen med teamleder.",
        words=case.to_requester(case.story.decline),
    )


def withdraw(case: Case) -> None:
    words = "Takk for at du ringte og sa fra. Vi lukker saken, siden du ikke trenger hjelpen lenger."
    if not case.address:
        _solve(case, case.story.solution)
        return
    closure.close(ticket=case.ticket, by=case.worker(), reason=CloseReason.WITHDRAWN, words=case.to_requester(words))


def to_triage(case: Case) -> None:
    words = "Vi har spurt lederne for IKT og e-helse om saken din. Du hører fra oss når de har avgjort den."
    question = case.told(case.story.question_to_triage)
    clarification.ask(ticket=case.ticket, by=case.worker(), question=question, words=case.to_requester(words))


def back_from_triage(case: Case) -> None:
    reason = "Ja. Gjør det denne gangen, så lager vi en fast regel på neste møte."
    words = "Vi har fått svar fra lederne, og det går i orden. Du hører fra oss når det er gjort."
    _decide(case, Decision.ANSWERED, reason, words)


def declined_by_triage(case: Case) -> None:
    _decide(case, Decision.DECLINED, "Avgjort på møtet i Trakta.", case.story.decline)


def _decide(case: Case, decision: Decision, reason: str, words: str) -> None:
    asked = Clarification.objects.get(ticket=case.ticket, decision__isnull=True)
    by, words = case.somebody(story.TRIAGE), case.to_requester(words)
    clarification.decide(clarification=asked, by=by, decision=decision, reason=reason, words=words)


STEPS: dict[str, Callable[[Case], None]] = {
    "assess": assess,
    "take": take,
    "put_back": put_back,
    "answer": answer,
    "answer_again": answer_again,
    "note": note,
    "ask": ask,
    "reply": reply,
    "complaint": complain,
    "supplier": supplier,
    "plan": schedule,
    "promise": promise,
    "resume": resume,
    "solve": solve,
    "fix": fix,
    "oral": solve_on_the_phone,
    "no_answer": no_answer,
    "decline": decline,
    "withdraw": withdraw,
    "triage": to_triage,
    "back": back_from_triage,
    "triage_no": declined_by_triage,
}

__all__ = ["STEPS", "Case"]
