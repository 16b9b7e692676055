"""From an event to the mails it promises."""

from __future__ import annotations

import email
from datetime import timedelta
from email.policy import default

import pytest

from saksgang.catalogue.actions import write_mail_text
from saksgang.catalogue.models import Mailbox
from saksgang.events.actions import claim
from saksgang.events.models import Delivery
from saksgang.lib import clock, files
from saksgang.outbound import follower
from saksgang.outbound.models import OutboundMail
from saksgang.people.models import Person
from saksgang.tickets.actions import answering, arrivals, assignment, closure, registration, resolution, waiting
from saksgang.tickets.actions.messages import Heard, keep_file
from saksgang.tickets.mail_reference import return_address
from tests.cast import SETUP
from tests.tickets.steps import SOLUTION, assess, reply


def promised() -> list[OutboundMail]:
    """Lets the follower hear of everything, and returns the mails in order."""
    for delivery in claim("outbound"):
        follower.handle(delivery)
    return list(OutboundMail.objects.order_by("id"))


def read(mail: OutboundMail):
    return email.message_from_bytes(files.read(mail.raw_sha256), policy=default)


def body(mail: OutboundMail) -> str:
    return read(mail).get_body(("plain",)).get_content().replace("\r\n", "\n")


def test_a_receipt_goes_to_the_requester_without_a_return_address(cast):
    cast.case(acknowledge=True)
    (mail,) = promised()
    assert (mail.kind, mail.recipient, mail.envelope_from) == ("acknowledgement", "nora@sykehus.example", "")
    assert (mail.message, mail.clears_answer) == (None, False)
    assert read(mail)["Auto-Submitted"] == "auto-replied"
    assert not Delivery.objects.exists()


def test_s03_a_receipt_repeats_nothing_that_the_requester_wrote(cast):
    secret = "Ola Nordmann, 11 siffer, er innlagt"
    kept = keep_file(name="pasientliste.pdf", content_type="application/pdf", content=b"%PDF")
    heard = Heard(secret, "Vinn en million", "nora@sykehus.example", files=(kept,))
    cast.case(acknowledge=True, subject="Kjøp billig her {answer}", heard=heard)
    (mail,) = promised()
    text = files.read(mail.raw_sha256).decode() + body(mail) + read(mail)["Subject"]
    for words in ("Ola Nordmann", "innlagt", "billig", "million", "pasientliste"):
        assert words not in text
    assert f"saksnummer {mail.ticket_id}" in body(mail)


def test_without_being_asked_nobody_gets_a_receipt(cast):
    cast.case(acknowledge=False)
    assert promised() == []


def test_requesters_without_an_address_get_no_receipt(cast):
    cast.case(acknowledge=True, requesters=[cast.phone_only])
    assert promised() == []
    assert not Delivery.objects.exists()


def test_an_answer_goes_to_each_of_its_readers_with_everybody_on_it(cast):
    ticket = cast.case(requesters=[cast.nora, cast.dag])
    kept = keep_file(name="veiledning.pdf", content_type="application/pdf", content=b"%PDF")
    answering.answer(ticket=ticket, by=cast.kari, words="Slik gjør du", cc=["leder@sykehus.example"], kept=[kept])
    mails = promised()
    assert [(mail.recipient, mail.clears_answer) for mail in mails] == [
        ("nora@sykehus.example", True),
        ("dag@sykehus.example", True),
        ("leder@sykehus.example", False),
    ]
    assert len({mail.header_id for mail in mails}) == 3
    for mail in mails:
        mine = read(mail)
        assert {one.addr_spec for one in mine["To"].addresses} == {"nora@sykehus.example", "dag@sykehus.example"}
        assert [one.addr_spec for one in mine["Cc"].addresses] == ["leder@sykehus.example"]
        assert mine["Auto-Submitted"] is None
        assert [part.get_filename() for part in mine.iter_attachments()] == ["veiledning.pdf"]
        assert mail.envelope_from == return_address("ikt@sykehus.example", mail.header_id)
        assert "Slik gjør du" in body(mail)
        assert "Kari Nordmann" in body(mail)


def test_an_answer_replies_to_what_the_requester_wrote(cast):
    ticket = cast.case(heard=Heard("Hei", "Nora", "nora@sykehus.example", header_id="one@outlook.example"))
    arrivals.receive(
        ticket=ticket, by=SETUP, heard=Heard("Hallo?", "Nora", header_id="two@outlook.example"), person=cast.nora,
        received_at=clock.now(),
    )  # fmt: skip
    answering.answer(ticket=ticket, by=cast.kari, words="Hei")
    (mail,) = promised()
    assert read(mail)["In-Reply-To"] == "<two@outlook.example>"
    assert read(mail)["References"] == "<one@outlook.example> <two@outlook.example>"
    assert read(mail)["Subject"].startswith("Re: Får ikke logget på [SAK-")


def test_s24_internal_words_never_leave_the_desk(cast):
    ticket = assess(cast, cast.case())
    answering.note(ticket=ticket, by=cast.kari, words="HEMMELIG notat")
    answering.log_no_answer(ticket=ticket, by=cast.kari, words="HEMMELIG ikke svar")
    assignment.take(ticket=ticket, by=cast.kari)
    answering.answer(ticket=ticket, by=cast.kari, words="Vi ser på det")
    resolution.resolve(ticket=ticket, by=cast.kari, words=SOLUTION, technical="HEMMELIG teknisk")
    mails = promised()
    assert len(mails) == 2
    assert all("HEMMELIG" not in body(mail) for mail in mails)


@pytest.mark.parametrize(
    ("act", "kind", "words"),
    [
        (lambda cast, ticket: answering.answer(ticket=ticket, by=cast.kari, words="Hei der"), "answer", "Hei der"),
        (lambda cast, ticket: resolution.resolve(ticket=ticket, by=cast.kari, words=SOLUTION), "solution", "14 dager"),
        (
            lambda cast, ticket: answering.log_conversation(ticket=ticket, by=cast.kari, words="fredag"),
            "conversation",
            "Som avtalt på telefon",
        ),
        (
            lambda cast, ticket: closure.close(ticket=ticket, by=cast.kari, reason="WITHDRAWN", words="Trukket"),
            "answer",
            "Trukket",
        ),
        (
            lambda cast, ticket: waiting.wait_for_requester(
                ticket=ticket, by=cast.kari, words="Hvilken?", until=clock.now() + timedelta(days=3)
            ),
            "answer",
            "Hvilken?",
        ),
    ],
    ids=["answer", "solution", "conversation", "closing", "question"],
)
def test_every_word_to_a_requester_becomes_a_mail(cast, act, kind, words):
    act(cast, assess(cast, cast.case()))
    (mail,) = promised()
    assert (mail.kind, mail.recipient) == (kind, "nora@sykehus.example")
    assert words in body(mail)


def test_what_comes_in_promises_nobody_a_mail(cast):
    ticket = cast.case()
    reply(cast, ticket)
    assert promised() == []


def test_hearing_of_an_event_twice_makes_one_mail_with_the_same_bytes(cast):
    answering.answer(ticket=cast.case(), by=cast.kari, words="Hei")
    deliveries = claim("outbound")
    for delivery in deliveries:
        follower.handle(delivery)
    (first,) = OutboundMail.objects.all()
    for delivery in deliveries:  # a worker that died before its commit, or a second one
        follower.handle(delivery)
    (again,) = OutboundMail.objects.all()
    assert (again.pk, again.raw_sha256, again.header_id) == (first.pk, first.raw_sha256, first.header_id)


def test_each_reader_gets_their_own_language(cast):
    Person.objects.filter(pk=cast.dag.pk).update(language="en")
    Person.objects.filter(pk=cast.nora.pk).update(language="nn")
    answering.answer(ticket=cast.case(requesters=[cast.nora, cast.dag]), by=cast.kari, words="Hei")
    nora, dag = promised()
    assert "Vennleg helsing" in body(nora)
    assert "Kind regards" in body(dag)


def test_the_hospitals_own_text_is_used(cast):
    write_mail_text(by=SETUP, kind="answer", language="nb", subject="Svar: {subject}", body="{answer} -- {team}")
    answering.answer(ticket=cast.case(), by=cast.kari, words="Hei {name}")
    (mail,) = promised()
    assert body(mail) == "Hei {name} -- Servicesenter\n"


def test_the_answer_comes_from_the_mailbox_that_was_written_to(cast):
    case = cast.case(mailbox=cast.ehelse)
    assert follower.mailbox_for(case) == cast.ehelse
    registration.add_mailbox(ticket=case, mailbox=cast.ikt, by=SETUP)
    assert follower.mailbox_for(case) == cast.ehelse
    assert follower.mailbox_for(cast.case(mailbox=None, team=cast.network)) == cast.ehelse
    assert follower.mailbox_for(cast.case(mailbox=None, team=cast.triage)) == cast.ikt


def test_without_a_mailbox_the_promise_waits(cast):
    answering.answer(ticket=cast.case(), by=cast.kari, words="Hei")
    Mailbox.objects.update(active=False)
    (delivery,) = [one for one in claim("outbound") if one.event.kind == "message_sent"]
    with pytest.raises(follower.NoMailbox):
        follower.handle(delivery)
    assert Delivery.objects.filter(pk=delivery.pk).exists()


WROTE = {
    "nb": "Hei, skriveren virker ikke. Kan noen se på den?",
    "nn": "Hei, skrivaren verkar ikkje. Kan nokon sjå på han?",
    "en": "Hello, the printer does not work. Could you please have a look?",
}
RECEIPT = {"nb": "Vi har fått henvendelsen din", "nn": "Vi har fått meldinga di", "en": "We have received your message"}


def wrote(cast, words, **changes):
    return cast.case(acknowledge=True, subject="PC 123", heard=Heard(words, "Nora", "nora@sykehus.example", **changes))


@pytest.mark.parametrize("language", sorted(WROTE))
def test_a_receipt_is_in_the_language_the_person_wrote_in(cast, language):
    wrote(cast, WROTE[language])
    (mail,) = promised()
    assert RECEIPT[language] in body(mail)


def test_what_they_quote_does_not_count(cast):
    quoted = WROTE["en"] * 5
    wrote(cast, WROTE["nn"] + quoted, segments=((False, WROTE["nn"]), (True, quoted)))
    (mail,) = promised()
    assert RECEIPT["nn"] in body(mail)


@pytest.mark.parametrize("known", ["chose it", "came from the directory", "has an account"])
def test_a_language_that_is_known_counts_more(cast, known):
    person = Person.objects.get(pk=cast.nora.pk)
    wanted = "nb"
    if known == "chose it":
        person.language = wanted = "nn"
    elif known == "came from the directory":
        person.external_id = "HR-1"
    person.save()
    who = cast.nils if known == "has an account" else person
    cast.case(acknowledge=True, requesters=[who], heard=Heard(WROTE["en"], who.name, "x@sykehus.example"))
    (mail,) = promised()
    assert RECEIPT[wanted] in body(mail)


def test_the_words_around_an_answer_follow_the_same_language(cast):
    ticket = wrote(cast, WROTE["en"])
    answering.answer(ticket=ticket, by=cast.kari, words="We have replaced it.")
    assert "Kind regards" in body(promised()[1])


def test_what_is_registered_by_phone_is_the_agents_words_and_tells_no_language(cast):
    ticket = cast.case(channel="PHONE", heard=Heard(WROTE["en"], "Nora"))
    answering.answer(ticket=ticket, by=cast.kari, words="Den er byttet.")
    assert "Vennlig hilsen" in body(promised()[0])
