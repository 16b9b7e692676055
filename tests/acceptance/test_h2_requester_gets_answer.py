"""H2: «Innmelder får svar.» From a mail to an answered case, and no way around the answer."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from saksgang.outbound.models import OutboundMail
from saksgang.tickets.actions import answering, assessment, assignment, closure, resolution
from saksgang.tickets.kinds import State
from saksgang.tickets.models import Ticket
from tests.acceptance.conftest import text_of
from tests.acceptance.pages import box, fill, open_case, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_h2_from_a_mail_to_an_answered_case_through_the_pages(desk, sign_in):
    cast = desk.cast
    desk.send(cast.nora, "Hei, jeg får ikke logget på DIPS.", subject="Får ikke logget på")
    desk.work()
    ticket = desk.only_ticket()

    page = sign_in(cast.kari)
    page.goto(desk.url + "/queue?show=team")
    page.get_by_role("link", name="Får ikke logget på").first.click()
    page.wait_for_url(f"**/tickets/{ticket.pk}")
    send(page.locator('form[action$="/assignment"]').first)
    assert Ticket.objects.get().assignee == cast.kari

    form = box(page, "assessment")
    fill(form, type="INCIDENT", service=cast.dips.pk, impact="individuals", consequence="degraded")
    send(form)
    assert Ticket.objects.get().priority == 3

    form = box(page, "answer")
    assert cast.nora.name in form.inner_text(), "the box names who receives the answer"
    fill(form, words="Hei Nora, prøver du på PC-en på vaktrommet?")
    send(form)
    desk.work()
    assert "vaktrommet" in text_of(desk.inbox(cast.nora)[-1])
    desk.reply(desk.inbox(cast.nora)[-1], "Ja, den ved vinduet.", cast.nora)
    desk.work()
    assert Ticket.objects.get().answers_owed == 1

    open_case(page, desk, ticket)
    assert "Ja, den ved vinduet." in page.locator("main").inner_text()
    form = box(page, "resolution")
    fill(form, words="Profilen din er bygget på nytt. Nå kan du logge på som vanlig.")
    send(form)
    desk.work()
    ticket.refresh_from_db()
    assert (ticket.state, ticket.answers_owed) == (State.RESOLVED, 0)
    answer = desk.inbox(cast.nora)[-1]
    assert "bygget på nytt" in text_of(answer)
    assert answer["In-Reply-To"], "the answer stays in the thread of the mail it answers"
    open_case(page, desk, ticket)
    assert page.locator('.delivery[data-state="delivered"]').count() >= 2, "each answer says when it was delivered"


def test_h2_what_was_typed_is_kept_when_a_new_message_came_meanwhile(desk, sign_in):
    desk.send(desk.cast.nora, "Skriveren svarer ikke.")
    desk.work()
    page = sign_in(desk.cast.kari)
    open_case(page, desk, desk.only_ticket())
    form = box(page, "answer")
    fill(form, words="Vi kommer bort til dere.")
    desk.reply(desk.inbox(desk.cast.nora)[0], "Nå virker den igjen!", desk.cast.nora)
    desk.work()
    send(form)
    assert len(desk.inbox(desk.cast.nora)) == 1, "nothing was sent"
    assert "Nå virker den igjen!" in page.locator("main").inner_text()
    form = box(page, "answer")
    expect(form.locator("textarea[name=words]")).to_have_value("Vi kommer bort til dere.")
    fill(form, words="Så fint!")
    send(form)
    desk.work()
    assert len(desk.inbox(desk.cast.nora)) == 2


def test_h2_a_draft_survives_leaving_the_page(desk, sign_in):
    desk.send(desk.cast.nora, "Skriveren svarer ikke.")
    desk.work()
    page = sign_in(desk.cast.kari)
    open_case(page, desk, desk.only_ticket())
    with page.expect_response("**/drafts/answer"):
        fill(box(page, "answer"), words="Et halvt svar")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(desk.url + "/queue")
    open_case(page, desk, desk.only_ticket())
    expect(box(page, "answer").locator("textarea[name=words]")).to_have_value("Et halvt svar")


def test_h2_an_answer_that_the_server_refuses_brings_the_case_back_with_a_clear_sign(desk, sign_in):
    cast = desk.cast
    desk.send(cast.nora, "Skriveren svarer ikke.")
    desk.work()
    ticket = assignment.take(ticket=desk.only_ticket(), by=cast.kari)
    assessment.assess(ticket=ticket, by=cast.kari, type="SERVICE_REQUEST", service=cast.printing, impact="individuals")
    desk.inboxes.refuse["nora@sykehus.example"] = "550 5.1.1 No such user"
    resolution.resolve(ticket=ticket, by=cast.kari, words="Skriveren er startet på nytt.")
    desk.work()
    ticket.refresh_from_db()
    assert (ticket.state, ticket.answers_owed, ticket.next_step) == (State.IN_PROGRESS, 1, "ANSWER_AGAIN")
    page = sign_in(cast.kari)
    assert page.locator("main").get_by_role("link", name="Hjelp").count() >= 1, "it stands on the front page"
    open_case(page, desk, ticket)
    assert page.locator('.delivery[data-state="failed"]').count() == 1


def test_h2_an_answer_that_comes_back_is_owed_again_and_no_longer_said_to_be_delivered(desk):
    cast = desk.cast
    desk.send(cast.nora, "Skriveren svarer ikke.")
    desk.work()
    ticket = assignment.take(ticket=desk.only_ticket(), by=cast.kari)
    assessment.assess(ticket=ticket, by=cast.kari, type="SERVICE_REQUEST", service=None, impact="individuals")
    resolution.resolve(ticket=ticket, by=cast.kari, words="Skriveren er startet på nytt.")
    desk.work()
    solution = desk.inbox(cast.nora)[-1]
    bounce = (
        "From: MAILER-DAEMON@mx.sykehus.example\r\nTo: ikt@sykehus.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThe mail could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.sykehus.example\r\n\r\n"
        "Final-Recipient: rfc822; nora@sykehus.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {solution['Message-ID']}\r\n\r\n--b--\r\n"
    )
    desk.send_raw(bounce.encode(), sender="", to="ikt@sykehus.example")
    desk.work()
    ticket.refresh_from_db()
    assert (ticket.state, ticket.answers_owed, ticket.next_step) == (State.IN_PROGRESS, 1, "ANSWER_AGAIN")
    assert OutboundMail.objects.get(header_id=solution["Message-ID"].strip("<>")).state == "bounced"
    assert len(desk.inboxes.mails) == 2, "a bounce is never answered"


def test_h2_a_server_that_is_down_delays_and_sends_the_same_bytes_later(desk):
    cast = desk.cast
    desk.send(cast.nora, "Skriveren svarer ikke.")
    desk.inboxes.refuse["nora@sykehus.example"] = "451 4.3.0 Try again later"
    desk.work()
    (mail,) = OutboundMail.objects.all()
    assert (mail.state, mail.attempts) == ("queued", 1)
    desk.inboxes.refuse.clear()
    OutboundMail.objects.update(try_at=timezone.now() - timedelta(seconds=1))
    desk.work()
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.tries.count()) == ("sent", 2, 2)
    assert len(desk.inbox(cast.nora)) == 1


def test_h2_a_closed_case_is_opened_again_by_its_requester(desk):
    cast = desk.cast
    desk.send(cast.nora, "Skriveren svarer ikke.")
    desk.work()
    ticket = assignment.take(ticket=desk.only_ticket(), by=cast.kari)
    assessment.assess(ticket=ticket, by=cast.kari, type="SERVICE_REQUEST", service=None, impact="individuals")
    resolution.resolve(ticket=ticket, by=cast.kari, words="Skriveren er startet på nytt.")
    desk.work()
    closure.close_after_window(ticket=ticket, by=closure.Robot("clock"))
    desk.reply(desk.inbox(cast.nora)[-1], "Den svarer fortsatt ikke.", cast.nora)
    desk.work()
    ticket.refresh_from_db()
    assert (ticket.state, ticket.assignee, ticket.answers_owed) == (State.IN_PROGRESS, cast.kari, 1)


def test_h2_nobody_with_an_address_is_left_out_of_the_solution(desk):
    cast = desk.cast
    ticket = cast.case(requesters=[cast.nora, cast.dag])
    assignment.take(ticket=ticket, by=cast.kari)
    answering.answer(ticket=ticket, by=cast.kari, words="Bare til Nora.", to=[cast.nora.pk])
    ticket.refresh_from_db()
    assert ticket.answers_owed == 1, "Dag is still owed his answer"
    assessment.assess(ticket=ticket, by=cast.kari, type="SERVICE_REQUEST", service=None, impact="individuals")
    resolution.resolve(ticket=ticket, by=cast.kari, words="Nå virker det for begge.")
    desk.work()
    assert len(desk.inbox(cast.dag)) == 1
