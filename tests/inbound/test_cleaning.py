from saksgang.inbound import cleaning
from saksgang.inbound.actions import decide_pending
from saksgang.inbound.storing import store
from saksgang.lib import html
from saksgang.tickets.models import Message


def test_html_that_an_older_cleaner_left_is_cleaned_anew_from_the_raw_mail(cast, monkeypatch):
    raw = b"From: nora@sykehus.example\r\nContent-Type: text/html\r\n\r\n<p>Hei</p><script>alert(1)</script>\r\n"
    store(raw, mailbox=cast.ikt, door="pipe")
    decide_pending()
    message = Message.objects.get()
    Message.objects.update(html="<p>Hei</p><u>gammelt</u>")
    monkeypatch.setattr(html, "CLEANER_VERSION", html.CLEANER_VERSION + 1)
    assert cleaning.clean_anew() == 1
    message.refresh_from_db()
    assert message.html.strip() == "<p>Hei</p>"
    assert message.cleaner_version == html.CLEANER_VERSION
    assert cleaning.clean_anew() == 0
