"""S1–S3, S5–S8, S12 and S19 of the bad inputs, from the mail to the page in a browser."""

from email.message import EmailMessage

import pytest

from saksgang.inbound.actions import register_set_aside
from saksgang.lib import files
from saksgang.people.models import Account
from saksgang.tickets.actions import answering
from saksgang.tickets.models import Attachment, Message, Ticket
from tests.acceptance.conftest import subject_of, text_of
from tests.acceptance.pages import open_case

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

SCRIPT = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"


def hostile_mail(**changes) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f'"{SCRIPT.replace(chr(34), "")}" <ond@annet.example>'
    mail["To"] = "ikt@sykehus.example"
    mail["Subject"] = f"Hei {SCRIPT}"
    mail["Message-ID"] = "<'><script>document.title=1</script>@annet.example>"
    mail["Date"] = "Mon, 23 Nov 2026 08:00:00 +0100"
    mail.set_content(f"Hei {SCRIPT}")
    return mail


def receive(desk, mail: EmailMessage) -> Ticket:
    desk.send_raw(mail.as_bytes(), sender="ond@annet.example", to="ikt@sykehus.example")
    desk.work()
    return Ticket.objects.order_by("id").last()


def test_s01_script_in_subject_sender_name_and_headers_is_text_on_every_page(desk, sign_in):
    mail = hostile_mail()
    mail.add_attachment(b"x", maintype="text", subtype="plain", filename="<img src=x onerror=alert(1)>.txt")
    ticket = receive(desk, mail)
    row = desk.ledger()[0]
    page = sign_in(desk.cast.kari)
    paths = [
        "/",
        "/queue?show=all",
        f"/tickets/{ticket.pk}",
        f"/tickets/{ticket.pk}/history",
        "/mail",
        f"/mail/{row.pk}",
    ]
    for path in [*paths, "/search?q=" + "%3Cscript%3E", "/search?q=Hei"]:
        page.goto(desk.url + path)
        assert page.title() != "taken", path
        assert page.locator("main script, main img[onerror], main [onerror]").count() == 0, path


def test_s02_hostile_html_is_cleaned_before_it_is_kept(desk, sign_in):
    mail = hostile_mail()
    mail.add_alternative(
        """<base href="https://ond.example/"><meta http-equiv=refresh content="0;url=https://ond.example">
        <form action="https://ond.example"><button formaction="javascript:alert(1)">Trykk</button></form>
        <a href=" java&#115;cript:alert(1)">lenke</a><svg><style><img src=x onerror=alert(1)></style></svg>
        <scr<script>ipt>alert(1)</script><p style="background:url(https://ond.example/x)" onclick="alert(1)">Hjelp meg</p>""",
        subtype="html",
    )
    ticket = receive(desk, mail)
    kept = ticket.messages.get().html
    for trace in (
        "<script",
        "<base",
        "<meta",
        "<form",
        "formaction",
        "onerror",
        "onclick",
        "javascript:",
        "style=",
        "<svg",
    ):
        assert trace not in kept.lower(), trace
    page = sign_in(desk.cast.kari)
    open_case(page, desk, ticket)
    assert "Hjelp meg" in page.locator("main").inner_text()


def test_s03_the_reporters_text_never_stands_in_the_receipt(desk):
    mail = hostile_mail()
    mail.replace_header("Subject", "Kjøp billige klokker på https://ond.example")
    receive(desk, mail)
    (receipt,) = desk.inbox("ond@annet.example")
    assert "ond.example" not in receipt.as_string().replace("annet.example", "")
    assert "klokker" not in subject_of(receipt) + text_of(receipt)


def test_s05_remote_pictures_never_load_by_themselves(desk, sign_in):
    mail = hostile_mail()
    mail.add_alternative('<p>Hei</p><img src="https://spor.example/pixel.gif" width="1">', subtype="html")
    ticket = receive(desk, mail)
    page = sign_in(desk.cast.kari)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_case(page, desk, ticket)
    page.wait_for_load_state("networkidle")
    assert all(url.startswith((desk.url, "data:")) for url in asked)


def test_s04_what_looks_like_markdown_is_shown_as_it_was_written(desk, sign_in):
    words = "[her](javascript:alert(1)) ![bilde](https://annet.example/x.png) **fet** <b>fet</b>"
    desk.send(desk.cast.nora, words)
    desk.work()
    page = sign_in(desk.cast.kari)
    open_case(page, desk, desk.only_ticket())
    shown = page.locator(".message-body").first
    assert shown.inner_text().strip() == words
    assert shown.locator("img, b, strong").count() == 0
    assert [link.get_attribute("href") for link in shown.locator("a").all()] == ["https://annet.example/x.png"]


def test_s06_size_bombs_end_in_a_case_or_in_the_tray(desk):
    bombs = [
        b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n" + b"<" * 2_000_000,
        b"From: a@b.example\r\n\r\n" + b"x" * 5_000_000,
        b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\n\r\nx\r\n" * 100_000
        + b"--b--\r\n",
    ]
    for bomb in bombs:
        desk.send_raw(bomb, sender="a@b.example", to="ikt@sykehus.example")
    desk.work()
    assert [row.pending for row in desk.ledger()] == [0, 0, 0]
    assert all(row.ticket_id or row.set_aside_reason for row in desk.ledger())


def test_s06_a_text_that_no_page_can_show_waits_in_the_tray_and_becomes_a_file(desk):
    words = "Hei\n" + "å" * 3_000_000
    desk.send_raw(
        b"From: nora@sykehus.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + words.encode(),
        sender="nora@sykehus.example",
        to="ikt@sykehus.example",
    )
    desk.work()
    (row,) = desk.ledger()
    assert row.set_aside_reason == "too_long"
    ticket = register_set_aside(
        mail=row, by=desk.cast.kari, team=desk.cast.service_desk, requester=desk.cast.nora, subject="Lang"
    )
    message = Message.objects.get(ticket=ticket)
    assert len(message.text) < 100_000
    file = Attachment.objects.get(message=message)
    assert files.read(file.sha256).decode().rstrip("\n") == words


def download(desk, attachment: Attachment):
    answer = desk.client(desk.cast.kari).get(f"/attachments/{attachment.pk}")
    b"".join(answer.streaming_content)
    answer.close()
    return answer


@pytest.mark.parametrize(
    ("name", "kind"),
    [("bilde.svg", "image/svg+xml"), ("side.html", "text/html"), ("data.xml", "text/xml"), ("regning.pdf.exe", "application/pdf"),
     ("regning\u202efdp.exe", "application/octet-stream")],
)  # fmt: skip
def test_s07_attachments_are_downloaded_and_never_shown(desk, name, kind):
    mail = hostile_mail()
    main, sub = kind.split("/")
    mail.add_attachment(b"<svg onload=alert(1)>", maintype=main, subtype=sub, filename=name)
    receive(desk, mail)
    attachment = Attachment.objects.get()
    assert "\u202e" not in attachment.name
    answer = download(desk, attachment)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Type"] not in ("text/html", "image/svg+xml", "text/xml")


@pytest.mark.parametrize(
    "name",
    ['a"b.txt', "a\r\nSet-Cookie: x=1.txt", "../../etc/passwd", "C:\\temp\\fil.txt", "a\x00b.txt", "x" * 5000 + ".txt"],
)
def test_s08_file_names_cannot_break_headers_or_leave_their_folder(desk, name):
    written = "".join(f"%{byte:02X}" for byte in name.encode())
    raw = (
        "From: ond@annet.example\r\nSubject: Hei\r\nContent-Type: multipart/mixed; boundary=grense\r\n\r\n"
        "--grense\r\n\r\nHei\r\n--grense\r\nContent-Type: text/plain\r\n"
        f"Content-Disposition: attachment; filename*=utf-8''{written}\r\n\r\nx\r\n--grense--\r\n"
    )
    desk.send_raw(raw.encode(), sender="ond@annet.example", to="ikt@sykehus.example")
    desk.work()
    attachment = Attachment.objects.get()
    assert len(attachment.name) <= 200
    assert not set(attachment.name) & set('/\\"\r\n\x00')
    answer = download(desk, attachment)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_s12_a_mail_with_an_agents_address_never_becomes_an_agents_act(desk):
    desk.send(desk.cast.nora, "Skriveren svarer ikke.")
    desk.work()
    ticket = desk.only_ticket()
    accounts = Account.objects.count()
    desk.reply(desk.inbox(desk.cast.nora)[0], "Saken er løst. Lukk den.", desk.cast.kari)
    desk.work()
    ticket.refresh_from_db()
    message = ticket.messages.order_by("id").last()
    assert (message.kind, message.sender_role, message.visibility) == ("INCOMING", "OTHER", "PUBLIC")
    assert (ticket.state, ticket.assignee, ticket.answers_owed) == ("NEW", None, 1)
    assert Account.objects.count() == accounts


def test_s18_an_address_that_writes_on_and_on_gets_five_receipts_and_every_mail_its_case(desk):
    for nth in range(8):
        desk.send("bombe@annet.example", "Hei", subject=f"Bombe {nth}", date=f"Mon, 23 Nov 2026 08:00:0{nth} +0100")
    desk.work()
    assert Ticket.objects.count() == 8
    assert len(desk.inbox("bombe@annet.example")) == 5
    assert desk.ledger()[-1].reasons[-1] == ["acknowledgement", "enough_for_this_address"]


def test_s18_a_forged_sender_gets_a_case_and_no_receipt(desk, settings):
    settings.MAIL_AUTHSERV_ID = "mx.sykehus.example"
    desk.send("offer@annet.example", "Hei", authentication_results="mx.sykehus.example; dmarc=fail")
    desk.work()
    assert desk.only_ticket()
    assert desk.inboxes.mails == []


def test_s19_line_breaks_in_names_and_subjects_never_make_a_header(desk):
    raw = (
        b"From: =?utf-8?q?Ond=0D=0ABcc=3A_alle=40sykehus.example?= <ond@annet.example>\r\n"
        b"Subject: =?utf-8?q?Hei=0D=0ABcc=3A_alle=40sykehus.example?=\r\n\r\nHei\r\n"
    )
    desk.send_raw(raw, sender="ond@annet.example", to="ikt@sykehus.example")
    desk.work()
    ticket = desk.only_ticket()
    answering.answer(ticket=ticket, by=desk.cast.kari, words="Hei")
    desk.work()
    for answer in desk.inbox("ond@annet.example"):
        assert answer["Bcc"] is None
        assert "\n" not in subject_of(answer)
    assert desk.inbox("alle@sykehus.example") == []
