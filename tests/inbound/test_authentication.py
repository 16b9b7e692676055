import pytest

from saksgang.inbound.authentication import fails_authentication
from saksgang.inbound.reading import read


@pytest.mark.parametrize(
    ("header", "fails"),
    [
        ("mx.sykehus.example; dmarc=fail header.from=ond.example", True),
        ("MX.sykehus.example; spf=fail smtp.mailfrom=ond.example", True),
        ("mx.sykehus.example; spf=fail; dkim=pass", False),  # forwarding breaks SPF and keeps the signature
        ("mx.sykehus.example; dmarc=pass", False),
        ("mx.ond.example; dmarc=fail", False),  # not our server's word
        ("", False),
    ],
)
def test_only_our_own_servers_word_counts(settings, header, fails):
    settings.MAIL_AUTHSERV_ID = "mx.sykehus.example"
    raw = (
        f"From: a@b.example\r\nAuthentication-Results: {header}\r\n\r\nHei\r\n"
        if header
        else "From: a@b.example\r\n\r\nHei\r\n"
    )
    assert fails_authentication(read(raw.encode())) is fails


def test_nobody_is_suspected_where_no_server_is_named(settings):
    settings.MAIL_AUTHSERV_ID = ""
    assert not fails_authentication(read(b"From: a@b.example\r\nAuthentication-Results: x; dmarc=fail\r\n\r\nHei\r\n"))
