"""The awkward mails: what machines, mail servers and forwarding make of a conversation."""

from __future__ import annotations

from collections.abc import Callable

from saksgang.catalogue.kinds import TicketType
from saksgang.demo import letters, parts
from saksgang.demo.hospital_data import ROBOT_ADDRESS
from saksgang.demo.stage import Stage, hello
from saksgang.inbound.actions import mark_handled
from saksgang.lib import clock, files
from saksgang.people.queries import address_of
from saksgang.tickets.models import Ticket

ABSENCE = (("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All"))


def both_mailboxes(stage: Stage) -> Ticket | None:
    """The same mail to ikt@ and e-helse@: one case that names both."""
    asks = stage.employee("Medisinsk poliklinikk")
    ehealth = stage.hospital.mailboxes["e-helse"]
    with stage.ago(19):
        words = (
            "Er det dere eller E-helse som har skjemaet for henvisning? Jeg sender til begge, så havner det vel riktig."
        )
        written = stage.mail(
            asks, "Hvem eier henvisningsskjemaet?", words, to=f"{stage.ikt.address}, {ehealth.address}"
        )
        raw = letters.build(written)
        row = parts.arrive(raw, stage.ikt)
        parts.arrive(raw, ehealth)
    return row.ticket


def absence_reply(stage: Stage) -> Ticket:
    """The requester is away: their robot answers, and wakes nobody."""
    by, asks = stage.agent(), stage.employee("Kirurgisk poliklinikk")
    with stage.ago(900):
        ticket = stage.case_of(
            asks, "Flytte PC til nytt kontor", "Kan dere flytte PC-en min til nytt kontor neste uke?"
        )
    with stage.ago(870):
        stage.take(ticket, by=by, service="PC og utstyr")
        stage.answer(ticket, by=by, words=hello(asks, "Det kan vi. Vi kommer mandag kl. 9 hvis det passer."))
    with stage.ago(868):
        words = "Jeg har ferie og er tilbake på mandag. Haster det, kan du ringe avdelingen."
        stage.reply(ticket, asks, words, subject=f"Automatisk svar: {ticket.subject}", headers=ABSENCE, quoted="")
    return ticket


def absence_without_case(stage: Stage) -> None:
    """An absence reply that belongs to no case: set aside, and somebody has looked."""
    away, by = stage.employee("Laboratoriet"), stage.agent()
    with stage.ago(500):
        row = stage.write(away, "Automatisk svar: Julebord", "Jeg er i permisjon til nyttår.", headers=ABSENCE)
    with stage.ago(480):
        mark_handled(mail=row, by=by, note="Svar på invitasjonen til julebordet. Ikke noe å gjøre.")


def robot(stage: Stage) -> Ticket | None:
    """A monitoring system sends the same alarm five times: one case, counted."""
    by, ticket = stage.agent(), None
    for minutes in (130, 120, 110, 100, 90):
        with stage.ago(minutes):
            written = letters.Written(
                sender_name="Overvåking",
                sender_address=ROBOT_ADDRESS,
                to=stage.ikt.address,
                subject="ADVARSEL: lite diskplass på LAGER-03",
                words="Tjener: LAGER-03\nVolum: D:\\felles\nLedig plass: 4 %\nGrense: 5 %\n",
                at=clock.now(),
                header_id=stage.header_id(),
                headers=(("Auto-Submitted", "auto-generated"),),
            )
            ticket = parts.arrive(letters.build(written), stage.ikt).ticket or ticket
    with stage.ago(85):
        if ticket:
            stage.take(ticket, by=by, service="Fellesområder", type=TicketType.INCIDENT)
    return ticket


def loop(stage: Stage) -> Ticket:
    """Our own receipt is sent back to us by a forwarding rule: it joins its case, and nobody is told again."""
    asks = stage.employee("Sykehusapoteket")
    with stage.ago(26):
        ticket = stage.case_of(
            asks, "Får ikke åpnet bestillingslista", "Bestillingslista på fellesområdet er skrivebeskyttet i dag."
        )
    with stage.ago(24):
        receipt = parts.last_mail(ticket, address_of(asks))
        if receipt:
            parts.arrive(files.read(receipt.raw_sha256), stage.ikt)
    return ticket


def unreadable(stage: Stage) -> None:
    """A mail folded into itself: nobody can read it whole, so it is kept and shown."""
    sender = stage.employee("Radiologisk avdeling")
    with stage.ago(45):
        written = stage.mail(sender, "VS: VS: VS: rapport", "Se vedlagte rapport.")
        parts.arrive(letters.too_deep(written), stage.ikt)


def forwarded_by_colleague(stage: Stage) -> Ticket:
    """«VS:» from somebody who passes on a colleague's words."""
    sender, wrote = stage.employee("Intensiv"), stage.employee("Intensiv")
    with stage.ago(12):
        inner = (
            f"Kan dere ta denne?\n\nFra: {wrote.name} <{address_of(wrote)}>\nSendt: i går 15:12\nTil: {sender.name}\n"
            "Emne: Kortleseren på vaktrommet\n\nKortleseren på vaktrommet blinker rødt hele tiden. Vi bruker passord så lenge."
        )
        return stage.case_of(sender, "VS: Kortleseren på vaktrommet", inner)


def forwarded_through_mailbox(stage: Stage) -> Ticket:
    """Somebody in the desk forwards a mail from the mailbox itself: the requester is the one inside."""
    wrote = stage.employee("Barneavdelingen")
    with stage.ago(8):
        inner = (
            f"Fra: {wrote.name} <{address_of(wrote)}>\nSendt: i dag 07:48\nTil: IKT\nEmne: Nettbrett til lekerommet\n\n"
            "Hei! Kan vi få låne et nettbrett til lekerommet i helga?"
        )
        return stage.case_of(
            wrote, "VS: Nettbrett til lekerommet", inner, sender_name="IKT", sender_address=stage.ikt.address
        )


def somebody_elses_reply(stage: Stage) -> Ticket:
    """A colleague replies to the mail that the requester got. It joins, marked as another sender's."""
    by, asks, other = stage.agent(), stage.employee("Oppvåkningen"), stage.employee("Oppvåkningen")
    while other.pk == asks.pk:
        other = stage.employee("Oppvåkningen")
    with stage.ago(300):
        ticket = stage.case_of(asks, "Tastaturet ved seng 4", "Tastaturet ved seng 4 skriver feil bokstaver.")
    with stage.ago(280):
        stage.take(ticket, by=by, service="PC og utstyr", type=TicketType.INCIDENT)
        stage.answer(ticket, by=by, words=hello(asks, "Vi kommer med et nytt tastatur i løpet av dagen."))
    with stage.ago(30):
        stage.reply(
            ticket, other, f"Hei, jeg tok over etter {asks.name.split()[0]}. Tastaturet ved seng 6 er like dårlig."
        )
    return ticket


def bounced_answer(stage: Stage) -> Ticket:
    """The answer was taken by the server and came back an hour later."""
    by, asks = stage.agent(), stage.employee("Fødeavdelingen")
    with stage.ago(200):
        ticket = stage.case_of(
            asks, "Vikarbruker til helga", "Kan vi få en vikarbruker til helga? Den forrige er utløpt."
        )
    with stage.ago(180):
        stage.take(ticket, by=by, service="Innlogging")
        stage.answer(ticket, by=by, words=hello(asks, "Brukeren er klar. Passordet hentes i Servicesenteret."))
    with stage.ago(14):
        mail = parts.last_mail(ticket, address_of(asks))
        if mail:
            parts.arrive(_report(mail.header_id, mail.recipient), stage.ikt, envelope_from="")
    return ticket


def _report(header_id: str, recipient: str) -> bytes:
    """A mail server's delivery report (RFC 3464)."""
    lines = (
        "From: MAILER-DAEMON@post.sykehuset.example", "To: ikt@sykehuset.example", "Subject: Ikke leverbar: svar fra IKT",
        f"Date: {letters.format_datetime(clock.local(clock.now()))}", f"Message-ID: <report.{header_id[:40]}@post.sykehuset.example>",
        "Auto-Submitted: auto-replied", "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "",
        "--b", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "",
        "E-posten kunne ikke leveres. Postkassen er full.", "",
        "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; post.sykehuset.example", "",
        f"Final-Recipient: rfc822; {recipient}", "Action: failed", "Status: 5.2.2",
        "Diagnostic-Code: smtp; 552 5.2.2 Mailbox full", "",
        "--b", "Content-Type: text/rfc822-headers", "", f"Message-ID: <{header_id}>", "", "--b--", "",
    )  # fmt: skip
    return "\r\n".join(lines).encode()


def number_only(stage: Stage) -> Ticket | None:
    """Somebody else names a case in the subject, without proof: a case of its own, linked to that one."""
    by, asks, other = stage.agent(), stage.employee("Sterilsentralen"), stage.employee("Operasjonsavdelingen")
    with stage.ago(60):
        first = stage.case_of(asks, "Strekkodene på kurvene", "Strekkodene på instrumentkurvene blir utydelige.")
    with stage.ago(50):
        stage.take(first, by=by, service="Etikettskriver", type=TicketType.INCIDENT)
    with stage.ago(16):
        row = stage.write(other, f"Gjelder [SAK-{first.pk}]", "Vi har det samme på stue 2. Kan dere se på begge?")
    return row.ticket


def scanner(stage: Stage) -> Ticket:
    """A scanner sends a picture without a subject."""
    sender = next(one for one in stage.hospital.employees if one.name == "Medisinsk sengepost 1")
    with stage.ago(6):
        return stage.case_of(sender, "", "", words="Skannet på SKR-212\n", file="skann_0412.png")


def nynorsk(stage: Stage) -> Ticket:
    """Written in nynorsk, with a reply to match."""
    by, asks = stage.agent(), stage.employee("Nevrologisk sengepost")
    with stage.ago(340):
        words = "Eg får ikkje opna vaktlista heimanfrå. Eg har prøvd to gonger. Kva gjer eg?"
        ticket = stage.case_of(asks, "Får ikkje opna vaktlista", words)
    with stage.ago(320):
        stage.take(ticket, by=by, service="Vaktliste", type=TicketType.INCIDENT)
        stage.answer(ticket, by=by, words=hello(asks, "Vi ser på det. Kan du prøve ein annan nettlesar så lenge?"))
    with stage.ago(270):
        stage.solve(
            ticket,
            by=by,
            words=hello(asks, "Lenkja i vaktlista var utdatert. Ho er retta, og no får du opna lista heimanfrå."),
        )
    return ticket


ALL: dict[str, Callable[[Stage], Ticket | None]] = {
    "both_mailboxes": both_mailboxes,
    "absence_reply": absence_reply,
    "absence_without_case": absence_without_case,
    "robot": robot,
    "loop": loop,
    "unreadable": unreadable,
    "forwarded_by_colleague": forwarded_by_colleague,
    "forwarded_through_mailbox": forwarded_through_mailbox,
    "somebody_elses_reply": somebody_elses_reply,
    "bounced_answer": bounced_answer,
    "number_only": number_only,
    "scanner": scanner,
    "nynorsk": nynorsk,
}
