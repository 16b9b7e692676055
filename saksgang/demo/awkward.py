"""The cases that test a desk: loops, unreadable mail, wrong threads, answers that never arrive. One function a case."""

from __future__ import annotations

from collections.abc import Callable

from saksgang.catalogue.kinds import TicketType
from saksgang.demo import awkward_mail
from saksgang.demo.faults.telephony import telephones
from saksgang.demo.stage import Stage, hello
from saksgang.demo.stories import story
from saksgang.demo.wishes import wishes
from saksgang.inbound.actions import detach
from saksgang.tickets.actions import answering, assessment, assignment, closure, registration, resolution, restriction
from saksgang.tickets.actions.messages import Heard
from saksgang.tickets.actions.ties import merging, splitting, sub_cases
from saksgang.tickets.kinds import Channel, CloseReason, Impact
from saksgang.tickets.models import Message, Ticket


def failed_answer(stage: Stage) -> Ticket:
    """The answer is refused by the reader's mail server: the case comes back, with a clear sign."""
    by, asks = stage.agent(), stage.hospital.left
    with stage.ago(420):
        ticket = stage.case_of(
            asks, "Lønnsslippen min", "Jeg har sluttet som vikar. Hvor finner jeg den siste lønnsslippen min?"
        )
    with stage.ago(390):
        stage.take(ticket, by=by, service="Personalsystem")
    with stage.ago(22):
        stage.answer(ticket, by=by, words=hello(asks, "Lønnsslippen blir sendt i posten til adressen du har oppgitt."))
    return ticket


def wrong_case(stage: Stage) -> Ticket:
    """A reply to an old answer, about something else. It joined the old case; an agent took it out again."""
    by, asks = stage.agent(), stage.employee("Fysioterapien")
    with stage.ago(2600):
        old = stage.case_of(asks, "Ny mus", "Musa mi er ødelagt. Kan jeg få en ny?")
    with stage.ago(2570):
        stage.take(old, by=by, service="PC og utstyr", type=TicketType.ORDER)
        stage.solve(old, by=by, words=hello(asks, "En ny mus er sendt med internposten."))
    with stage.ago(160):
        row = stage.reply(
            old, asks, "Hei! Jeg svarer på denne fordi jeg ikke fant adressen. Møterommet vårt er uten nett."
        )
    with stage.ago(140):
        message = Message.objects.get(inbound_id=row.pk)
        new = detach(message=message, by=by, reason="Gjelder nett på møterommet, ikke musa.")
        stage.take(new, by=by, service="Trådløst nett", type=TicketType.INCIDENT)
        old.refresh_from_db()
        words = "Musa er levert, så denne saken er fortsatt løst. Vi svarer deg om nettet på møterommet i en egen sak."
        stage.solve(old, by=by, words=hello(asks, words))
    return old


def duplicate(stage: Stage) -> Ticket:
    """Two people at one place report the same; the second case lives on in the first."""
    by, writes, calls = stage.agent(), stage.employee("Dialysen"), stage.employee("Dialysen")
    with stage.ago(95):
        first = stage.case_of(writes, "Skjermen på vaktrommet er svart", "Skjermen på vaktrommet blir ikke tent i dag.")
    with stage.ago(80):
        stage.take(first, by=by, service="PC og utstyr", type=TicketType.INCIDENT)
    with stage.ago(60):
        second = registration.register(
            by=by,
            channel=Channel.PHONE,
            subject="Svart skjerm på Dialysen",
            heard=Heard("Ringer om den svarte skjermen på vaktrommet.", calls.name),
            team=stage.desk,
            requesters=[calls],
            callback_number=calls.phone,
        )
    with stage.ago(55):
        merging.merge(ticket=second, into=first, by=by)
    return first


def divided(stage: Stage) -> Ticket:
    """Another team does a part of it: the port in the wall. Its end is a note here, and the requester hears from one place."""
    by, asks = stage.agent(), stage.employee("Radiologisk avdeling")
    network, works = stage.hospital.teams[story.NETWORK], stage.agent(story.NETWORK)
    with stage.ago(300):
        ticket = stage.case_of(
            asks, "Ny skjerm til granskningsrommet", "Vi trenger en skjerm til, og et uttak til den."
        )
    with stage.ago(280):
        stage.take(ticket, by=by, service="PC og utstyr", type=TicketType.ORDER)
        ticket.refresh_from_db()
        part = sub_cases.open_sub_case(
            ticket=ticket,
            by=by,
            team=network,
            subject="Nytt uttak på granskningsrommet",
            words="Kan dere åpne uttak 2?",
        )
    with stage.ago(60):
        stage.take(part, by=works, service="Nettverk", type=TicketType.SERVICE_REQUEST)
        resolution.resolve(ticket=part, by=works, words="Uttak 2 er åpnet og prøvd.")
    return ticket


def two_things(stage: Stage) -> Ticket:
    """One mail about two things: it was split, and both halves are answered."""
    by, asks = stage.agent(), stage.employee("Dialysen")
    with stage.ago(130):
        ticket = stage.case_of(
            asks, "To ting", "Etikettskriveren på vaktrommet er tom. Og kan vi få et tastatur som tåler sprit?"
        )
    with stage.ago(120):
        stage.take(ticket, by=by, service="Utskrift", type=TicketType.SERVICE_REQUEST)
        ticket.refresh_from_db()
        first = Message.objects.filter(ticket=ticket).earliest("pk")
        splitting.split(ticket=ticket, by=by, messages=[first.pk], subject="Tastatur som tåler sprit")
    return ticket


def spam(stage: Stage) -> Ticket:
    """An offer that nobody asked for."""
    by, outsider = stage.agent(), stage.employee()
    with stage.ago(300):
        ticket = stage.case_of(
            outsider,
            "Last chance: 90 % off office chairs",
            "Dear customer! Only today. Click here to order.",
            sender_name="Best Chairs",
            sender_address="offers@stoler.example",
        )
    with stage.ago(290):
        closure.close(ticket=ticket, by=by, reason=CloseReason.SPAM)
    return ticket


def restricted(stage: Stage) -> Ticket:
    """A case that only those it concerns may read."""
    by, asks = stage.agent(story.SECURITY), stage.employee("Personalavdelingen")
    desk = stage.agent()
    with stage.ago(700):
        ticket = stage.case_of(
            asks, "Bekymring om misbruk av tilgang", "Jeg vil gjerne snakke med noen om en tilgang. Kan dere ringe?"
        )
        reason = "Gjelder en navngitt ansatt."
        restriction.restrict(ticket=ticket, by=desk, readers=[by], reason=reason)
    with stage.ago(680):
        assignment.hand_over(ticket=ticket, by=desk, team=stage.hospital.teams[story.SECURITY], reason=reason)
        stage.take(ticket, by=by, service="Informasjonssikkerhet")
    with stage.ago(640):
        answering.log_conversation(
            ticket=ticket, by=by, words="Jeg tar saken videre med personvernombudet, og ringer deg på torsdag."
        )
    return ticket


def unknown_caller(stage: Stage) -> Ticket:
    """Nobody knows who called, only from where."""
    by, shared = stage.agent(), next(one for one in stage.hospital.employees if one.name == "Akuttmottaket")
    with stage.ago(18, night=True):
        ticket = registration.register(
            by=by,
            channel=Channel.PHONE,
            subject="Telefonen i traumerommet er stille",
            heard=Heard(
                "Ringte fra Akuttmottaket og la på før jeg fikk navnet. Telefonen i traumerommet virker ikke.",
                shared.name,
            ),
            team=stage.desk,
            requesters=[shared],
            contact_name="Ukjent",
            place="Traumerommet",
            callback_number="41100",
        )
    with stage.ago(15, night=True):
        assessment.assess(
            ticket=ticket,
            by=by,
            type=TicketType.INCIDENT,
            service=stage.hospital.services["Telefoni"],
            impact=Impact.DEPARTMENTS,
            consequence=story.STOPS,
            danger=True,
            danger_note="Traumeteamet får ikke ringt fra rommet hvis det kommer en pasient nå.",
        )
        network = stage.hospital.teams[story.NETWORK]
        assignment.hand_over(ticket=ticket, by=by, team=network, reason="Haster. Traumerommet er uten telefon.")
    with stage.ago(12, night=True):
        ticket.refresh_from_db()
        assignment.take(ticket=ticket, by=stage.agent(story.NETWORK))
    return ticket


def nothing_known(stage: Stage) -> Ticket:
    """Assessed with «don't know»: priority 3, taken in order."""
    by, asks = stage.agent(), stage.employee("Blodbanken")
    with stage.ago(100):
        ticket = stage.case_of(asks, "Det piper", "Det piper fra et skap i gangen hos oss. Er det deres?")
    with stage.ago(90):
        assessment.assess(
            ticket=ticket, by=by, type=TicketType.INCIDENT, service=None, impact=Impact.UNKNOWN, consequence="unknown"
        )
    return ticket


ALL: dict[str, Callable[[Stage], Ticket | None]] = {
    "failed_answer": failed_answer,
    "wrong_case": wrong_case,
    "duplicate": duplicate,
    "divided": divided,
    "two_things": two_things,
    "spam": spam,
    "restricted": restricted,
    "unknown_caller": unknown_caller,
    "nothing_known": nothing_known,
    "wishes": wishes,
    "telephones": telephones,
    **awkward_mail.ALL,
}
