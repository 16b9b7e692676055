"""Files and raw mails leave so that no browser runs them, and only to whoever sees the case (S7 to S9)."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from saksgang.events.actions import Robot
from saksgang.lib import clock, files
from saksgang.tickets.actions import arrivals, restriction
from saksgang.tickets.actions.messages import Heard, keep_file
from saksgang.tickets.models import Attachment, Message, Ticket
from tests.console.case.help import address, browser, page, send
from tests.console.case.test_ticket import ledger


def with_file(cast, name="bilde.png", content_type="image/png", content=b"innhold"):
    kept = keep_file(name=name, content_type=content_type, content=content)
    ticket = cast.case(heard=Heard("Se her.", "Nora", files=(kept,)))
    return ticket, Attachment.objects.get(message__ticket=ticket)


def fetched(client, where):
    """The answer, read to its end, which closes it, with what it held as `body`."""
    answer = client.get(where)
    answer.body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer


def fetch(person, file):
    return fetched(browser(person), reverse("console:attachment", args=[file.pk]))


@pytest.mark.parametrize(
    ("name", "said", "sent"),
    [
        ("bilde.png", "image/png", "image/png"),
        ("brev.pdf", "application/pdf", "application/pdf"),
        ("tegning.svg", "image/svg+xml", "application/octet-stream"),
        ("side.html", "text/html", "application/octet-stream"),
        ("data.xml", "text/xml", "application/octet-stream"),
        ("faktura.pdf.html", "text/html; charset=utf-8", "application/octet-stream"),
        ("exe\u202egnp.exe", "application/x-msdownload", "application/octet-stream"),
        ("x.png", "image/png\r\nX-Evil: 1", "application/octet-stream"),
    ],
)
def test_s07_a_file_is_only_ever_downloaded(cast, name, said, sent):
    _ticket, file = with_file(cast, name, said, b"<svg onload=alert(1)>")
    answer = fetch(cast.kari, file)
    assert answer.body == b"<svg onload=alert(1)>"
    assert answer["Content-Type"] == sent
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert "\u202e" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"]
    assert "X-Evil" not in answer


@pytest.mark.parametrize(
    "name",
    [
        'a"b\r\nSet-Cookie: x=1.txt',
        "../../etc/passwd",
        "C:\\fakepath\\x.txt",
        "nul\x00l.txt",
        "æ" * 5000,
        "'; drop.txt",
        "",
    ],
)
def test_s08_odd_names_break_no_header(cast, name):
    ticket, file = with_file(cast)
    Attachment.objects.create(
        message=file.message, name=name[:200].replace("\x00", ""), content_type="text/plain", size=1, sha256=file.sha256
    )
    answer = fetch(cast.kari, Attachment.objects.latest("id"))
    shown = answer["Content-Disposition"]
    assert shown.startswith("attachment; filename")
    assert "\r" not in shown
    assert "\n" not in shown
    assert "Set-Cookie" not in answer
    assert "/" not in shown
    assert "\\" not in shown
    page(browser(cast.kari), ticket)


@pytest.mark.parametrize(("who", "status"), [("kari", 200), ("liv", 200), ("knut", 404), ("nils", 404)])
def test_s09_a_file_follows_its_case(cast, who, status):
    ticket, file = with_file(cast)
    assert fetch(getattr(cast, who), file).status_code == 200
    restriction.restrict(ticket=ticket, by=cast.kari, readers=[], reason="Personalsak")
    assert fetch(getattr(cast, who), file).status_code == status


def test_s09_guessed_removed_and_lost_files(cast):
    _ticket, file = with_file(cast)
    client = browser(cast.kari)
    for number in (file.pk + 1, 10**30):
        assert client.get(f"/attachments/{number}").status_code == 404
    files.path_of(file.sha256).unlink()
    assert fetch(cast.kari, file).status_code == 404
    Attachment.objects.filter(pk=file.pk).update(redacted_at=clock.now(), redacted_by=cast.liv)
    assert fetch(cast.kari, file).status_code == 404
    assert browser(None).get(f"/attachments/{file.pk}").status_code == 302


def mailed(cast):
    sha = files.keep(b"From: <script>\r\n\r\nhei")
    ticket = cast.case()
    row = ledger(cast, ticket, raw_sha256=sha)
    heard = Heard("Hei igjen", "Nora", "nora@sykehus.example", inbound_id=row.pk)
    message = arrivals.receive(ticket=ticket, by=Robot("mail"), heard=heard, person=cast.nora, received_at=clock.now())
    return ticket, message


def test_s07_the_raw_mail_as_it_came(cast):
    _ticket, message = mailed(cast)
    answer = fetched(browser(cast.kari), reverse("console:message_raw", args=[message.pk]))
    assert answer.body == b"From: <script>\r\n\r\nhei"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].endswith('.eml"')
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_s09_the_raw_mail_follows_its_case(cast):
    ticket, message = mailed(cast)
    where = reverse("console:message_raw", args=[message.pk])
    restriction.restrict(ticket=ticket, by=cast.kari, readers=[], reason="Personalsak")
    assert browser(cast.nils).get(where).status_code == 404
    first = Message.objects.filter(ticket=ticket).earliest("id")
    assert browser(cast.kari).get(reverse("console:message_raw", args=[first.pk])).status_code == 404


def test_detach(cast):
    ticket, message = mailed(cast)
    where = reverse("console:message_detachment", args=[message.pk])
    client = browser(cast.kari)
    assert client.get(where).status_code == 200
    assert client.post(where, {"reason": "Gjelder noe annet"}).status_code == 303
    new = Ticket.objects.latest("id")
    assert Message.objects.get(pk=message.pk).ticket == new
    assert "was detached from" in page(client, new)
    assert "a message was detached to" in page(client, ticket)


def test_the_first_message_is_not_detached(cast):
    ticket = cast.case()
    first = Message.objects.get(ticket=ticket)
    where = reverse("console:message_detachment", args=[first.pk])
    assert where not in page(browser(cast.kari), ticket)
    answer = browser(cast.kari).post(where, {"reason": "Feil"})
    assert answer.status_code == 422
    assert "first message" in answer.content.decode()


# --- files that go with what one writes -----------------------------------------------------------------------------


def upload(name="logg.txt", content=b"linje"):
    return SimpleUploadedFile(name, content, content_type="text/plain")


def test_several_files_with_an_answer(cast):
    ticket = cast.case()
    html = send(
        browser(cast.kari), "ticket_answer", ticket, words="Se vedlegg", files_chosen=[upload("a.txt"), upload("b.txt")]
    )
    assert {file.name for file in Attachment.objects.all()} == {"a.txt", "b.txt"}
    assert "a.txt" in html


def test_files_of_a_refused_form_need_not_be_chosen_again(cast):
    ticket = cast.case()
    client = browser(cast.kari)
    answer = client.post(address("ticket_answer", ticket), {"words": "", "files_chosen": [upload()]})
    assert answer.status_code == 422
    assert [file["name"] for file in answer.context["box"]["answer"].kept] == ["logg.txt"]
    token = re.search('name="kept" value="([^"]+)"', answer.content.decode())[1]
    send(client, "ticket_answer", ticket, words="Nå med tekst", kept=token)
    file = Attachment.objects.get()
    assert (file.name, files.read(file.sha256)) == ("logg.txt", b"linje")


def test_s09_nobody_attaches_a_file_by_naming_its_hash(cast):
    _ticket, secret = with_file(cast)
    ticket = cast.case()
    client = browser(cast.kari)
    theirs = client.post(address("ticket_note", ticket), {"words": "", "files_chosen": [upload()]})
    token = theirs.context["box"]["note"].kept[0]["token"]
    for tried in (secret.sha256, f'["a","b",1,"{secret.sha256}"]', token):
        html = send(browser(cast.knut), "ticket_note", ticket, 422, words="Hei", kept=tried)
        assert "Choose the file again." in html
    assert Attachment.objects.count() == 1


def test_a_file_too_large_is_refused_by_name(cast, settings):
    settings.ATTACHMENT_MAX_BYTES = 10
    html = send(
        browser(cast.kari),
        "ticket_note",
        cast.case(),
        422,
        words="Se her",
        files_chosen=[upload("stor.bin", b"x" * 11)],
    )
    assert "«stor.bin» is too large" in html
    assert "Se her</textarea>" in html
