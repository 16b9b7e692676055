"""Half of a stranger's mark, or a number that is none, never stands in the way of a decision (issue 11, A8)."""

import pytest

from saksgang.inbound.actions import decide_pending
from saksgang.inbound.explaining import explain
from saksgang.inbound.models import InboundMail
from saksgang.inbound.reading.mail import read
from saksgang.inbound.senders.authentication import passes_authentication
from saksgang.inbound.storing import store
from saksgang.tickets.mail_reference import heartbeat_mark, loop_mark, message_id, subject_mark

KELVIN, LONG_S = "\u212a", "ſ"
SIGNATURE = "aaaaaaaaaaaaaaa"
HEADS = [
    f"Subject: [SAK-1-aaaaaaa{LONG_S}]",
    f"Subject: [SAK-1-aaaaaaa{KELVIN}]",
    f"Subject: [{LONG_S}A{KELVIN}-1-aaaaaaaa]",
    "Subject: [SAK-²-aaaaaaaa] [SAK-٣] [SAK-१२३]",
    "Subject: [SAK-99999999999999999999-aaaaaaaa] [SAK-999999999999999]",
    "Subject: [Sak ID# ²] [Sak ID# ٣] [Sak ID# æøå]",
    "Subject: =?utf-8?q?[SAK-1-aaaaaaa=C5=BF]?=",
    f"X-Saksgang-Loop: 1-{SIGNATURE}{LONG_S}",
    f"X-Saksgang-Loop: ²-{SIGNATURE}a",
    f"X-Saksgang-Loop: {'9' * 3_000}-{SIGNATURE}a",
    f"X-Saksgang-Loop: {'9' * 4_400}-{SIGNATURE}a",
    "X-Saksgang-Loop: 1-\udcc3\udcc5",
    f"X-Saksgang-Heartbeat: 1-1-{SIGNATURE}{KELVIN}",
    f"X-Saksgang-Heartbeat: 1-²-{SIGNATURE}a",
    f"In-Reply-To: <sak-1-2-3-{SIGNATURE}{LONG_S}@sykehus.example>",
    f"References: <sak-²-2-3-{SIGNATURE}a@sykehus.example> <sak-999999999999999-999999999999999999-9999-{SIGNATURE}a@x>",
    f"Message-ID: <sak-१-2-3-{SIGNATURE}{KELVIN}@sykehus.example>",
    f"To: ikt+sak-1-2-3-{SIGNATURE}{LONG_S}@sykehus.example",
    f"Delivered-To: ikt+sak-²-2-3-{SIGNATURE}a@sykehus.example",
    "Authentication-Results: mx; ſpf=fail",
]
BODIES = [
    f"heartbeat 1-1-{SIGNATURE}{LONG_S}\nheartbeat ²-1-{SIGNATURE}a\nsak-1-2-3-{SIGNATURE}{KELVIN}@x.example\n",
    f"[SAK-1-aaaaaaa{LONG_S}] sak-²-2-3-{SIGNATURE}a@x.example\n",
]
BOUNCE = "Return-Path: <>\nFrom: mailer-daemon@x.example\nSubject: Undelivered mail\n"


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("sender", ["From: Ola <ola@sykehus.example>\n", BOUNCE])
def test_every_mail_is_decided_at_once(cast, sender, head):
    for body in BODIES:
        raw = f"{sender}{head}\n\n{body}".encode("utf-8", "surrogateescape")
        addressed = head.partition("To: ")[2]
        row = store(raw, mailbox=cast.ikt, door="pipe", envelope_to=addressed)
        decide_pending()
        row = InboundMail.objects.get(pk=row.pk)
        assert (row.pending, row.attempts, row.last_error) == (0, 0, "")
        assert row.outcome == ("set_aside" if sender == BOUNCE else "new_ticket")
        assert explain(raw)["class"] == ("bounce" if sender == BOUNCE else "human")


@pytest.mark.parametrize("sign", "aki234567")
def test_one_letter_of_another_script_makes_our_mark_a_strangers(cast, sign):
    other = {"k": KELVIN, "2": "２", "3": "٣"}.get(sign, "ø")
    ours = {
        "Subject": subject_mark(7),
        "X-Saksgang-Loop": loop_mark(7),
        "X-Saksgang-Heartbeat": heartbeat_mark(cast.ikt.pk, 1_800_000_000),
        "Message-ID": f"<{message_id(7, 1, 1, 'sykehus.example')}>",
    }
    for name, mark in ours.items():
        start, dash, signature = mark.rpartition("-")
        signature, at, domain = signature.partition("@")
        changed = f"{start}{dash}{signature.replace(sign, other)}{at}{domain}"
        if changed == mark:
            continue
        row = store(f"From: a@b.example\n{name}: {changed}\n\nHei {name}\n".encode(), mailbox=cast.ikt, door="pipe")
        decide_pending()
        assert InboundMail.objects.get(pk=row.pk).outcome == "new_ticket"


def test_a_servers_name_in_other_letters_is_not_our_servers_word():
    ours = "mx.sykehus.example"
    forged = f"From: a@b.example\nAuthentication-Results: mx.sy{KELVIN}ehus.example; dmarc=pass\n\nHei\n"
    assert not passes_authentication(read(forged.encode()), ours)
    assert passes_authentication(read(forged.replace(KELVIN, "K").encode()), ours)
