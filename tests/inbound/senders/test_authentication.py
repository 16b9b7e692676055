import pytest

from saksgang.inbound.reading.mail import ReadMail, read
from saksgang.inbound.senders.authentication import fails_authentication, passes_authentication

pytestmark = pytest.mark.once

OURS = "mx.sykehus.example"


def mail_with(*headers: str) -> ReadMail:
    lines = "".join(f"Authentication-Results: {header}\r\n" for header in headers)
    return read(f"From: a@b.example\r\n{lines}\r\nHei\r\n".encode())


@pytest.mark.parametrize(
    ("headers", "fails"),
    [
        (["mx.sykehus.example; dmarc=fail header.from=ond.example"], True),
        (["MX.sykehus.example; spf=fail smtp.mailfrom=ond.example"], True),
        (["mx.sykehus.example; spf=fail; dkim=pass"], False),  # forwarding breaks SPF and keeps the signature
        (["mx.sykehus.example; spf=pass; dkim=pass header.d=ond.example; dmarc=fail (p=none)"], True),
        (["mx.sykehus.example; spf=fail; dmarc=pass"], False),
        (["mx.sykehus.example; (dmarc=pass) dmarc=fail"], True),
        (["mx.sykehus.example; spf=pass", "mx.sykehus.example; dmarc=fail"], True),  # each milter writes a header
        (["mx.sykehus.example; dmarc=pass", "mx.ond.example; dmarc=fail"], False),
        (["mx.sykehus.example; dmarc=none"], False),
        (["mx.sykehus.example; dmarc=pass"], False),
        (["mx.ond.example; dmarc=fail"], False),  # not our server's word
        ([], False),
    ],
)
def test_only_our_own_servers_word_counts(headers, fails):
    assert fails_authentication(mail_with(*headers), OURS) is fails


def test_nobody_is_suspected_where_no_server_is_named():
    assert not fails_authentication(mail_with("x; dmarc=fail"), "")


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        (["mx.sykehus.example; dmarc=pass"], True),
        (["mx.sykehus.example; dkim=pass"], True),
        (["mx.sykehus.example; dkim=pass; dmarc=fail"], False),
        (["mx.sykehus.example; spf=none (dmarc=pass)"], False),
        (
            ["mx.sykehus.example; spf=none", "mx.sykehus.example; dmarc=pass"],
            False,
        ),  # the lower one may be the sender's
        ([], False),
    ],
)
def test_only_the_topmost_of_its_headers_vouches(headers, passes):
    assert passes_authentication(mail_with(*headers), OURS) is passes
