"""The mail that came in: its log, its tray and its mailboxes."""

from django.urls import path

from saksgang.console.mail.views import ledger, mailboxes, tray

urlpatterns = [
    path("mail", ledger.ledger, name="mail"),
    path("mail/tray", tray.show, name="mail_tray"),
    path("mail/<number:pk>", ledger.show, name="mail_row"),
    path("mail/<number:pk>/raw", ledger.raw, name="mail_raw"),
    path("mail/<number:pk>/retry", tray.retry, name="mail_retry"),
    path("mail/<number:pk>/registration", tray.register, name="mail_registration"),
    path("mail/<number:pk>/handled", tray.handle, name="mail_handled"),
    path("mailboxes", mailboxes.show, name="mailboxes"),
    path("mailboxes/<number:pk>/count", mailboxes.count, name="mailbox_count"),
]
