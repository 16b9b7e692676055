"""What could not be decoded is told in the ledger, and so on the case's page, beside the mail that it was in."""

from saksgang.console.mail.words import reason_words
from saksgang.inbound.actions import decide_pending
from saksgang.inbound.models import InboundMail
from saksgang.inbound.storing import store
from tests.inbound.reading.test_envelopes import HEAD, encrypted, part, signed


def reasons_of(cast, raw):
    row = store(raw, mailbox=cast.ikt, door="pipe")
    decide_pending()
    return InboundMail.objects.get(pk=row.pk).reasons


def test_an_encrypted_mail_becomes_a_case_that_says_so(cast):
    reasons = reasons_of(cast, HEAD + part(encrypted(), "application/octet-stream; name=smime.p7m"))
    assert ["readable", "not_all_decoded"] in reasons
    assert "Ikke alt i e-posten kunne leses." in str(reason_words(["readable", "not_all_decoded"]))


def test_a_signed_mail_says_nothing_of_the_kind(cast):
    assert ["readable", "not_all_decoded"] not in reasons_of(cast, HEAD + part(signed(), "application/octet-stream"))
