"""`saksgang mail explain`: the same outcome as the real decisions on an empty desk, and lines that any program can read."""

import base64
import hashlib
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import transaction

from saksgang.inbound.actions import decide
from saksgang.inbound.explaining import Fate, explain, on_empty_desk
from saksgang.inbound.models import InboundMail
from saksgang.inbound.reading.mail import read
from saksgang.inbound.senders.classes import classify
from saksgang.inbound.storing import store
from saksgang.tickets.mail_reference import is_loop_mark, loop_mark, message_id, number_in_message_id
from saksgang.worker.explain_command import run
from tests.inbound.test_corpus import NAMES, OWN, PATHS

ROOT = Path(__file__).resolve().parent.parent.parent
KEYS = [
    "class", "outcome", "reason", "from", "from_name", "reply_to", "subject", "message_id", "visible_text", "folded_text", "segments",
    "attachments", "errors",
]  # fmt: skip


def lines_of(capfdbinary, *arguments):
    assert run([str(one) for one in arguments]) == 0
    return [json.loads(line) for line in capfdbinary.readouterr().out.decode("utf-8").splitlines()]


def decided(raw, mailbox):
    """What the real decisions come to, each mail on a desk that is as empty as before."""
    with transaction.atomic():
        row = InboundMail.objects.get(pk=store(raw, mailbox=mailbox, door="pipe").pk)
        decide(row)
        row.refresh_from_db()
        transaction.set_rollback(True)
    return row.mail_class, Fate(row.outcome, row.set_aside_reason)


def explained(raw):
    mail = read(raw)
    verdict = classify(
        mail,
        own_addresses=OWN,
        own_message_ids=lambda one: number_in_message_id(one) is not None,
        is_own_mark=is_loop_mark,
    )
    return verdict.kind, on_empty_desk(mail, verdict, OWN)


def test_outcomes_are_those_of_the_real_decisions(cast):
    for name in NAMES:
        raw = PATHS[name].read_bytes()
        assert explained(raw) == decided(raw, cast.ikt), name
        told = explain(raw, own_addresses=OWN)
        assert (told["class"], told["outcome"]) == (explained(raw)[0], explained(raw)[1].outcome), name


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a@b.example\nSubject: x\nContent-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\nord\n" * 1_200,
        b"From: Ola <ola@[10.0.0.1]>\n\nHei",
        b"From: ola@localhost\n\nHei",
        b"From: \xf0\x9f\x98\x80@b.example\n\nHei",
        b"",
        b"\0\0\0",
    ],
)
def test_outcomes_of_odd_mails_are_the_real_ones(cast, raw):
    assert explained(raw) == decided(raw, cast.ikt)


def test_lines_have_exactly_the_promised_keys(capfdbinary):
    found = lines_of(capfdbinary, *(PATHS[name] for name in NAMES))
    assert len(found) == len(NAMES)
    for name, line in zip(NAMES, found, strict=True):
        mail = read(PATHS[name].read_bytes())
        assert list(line) == KEYS
        assert "".join(one["text"] for one in line["segments"]) == mail.text
        assert line["visible_text"] == "".join(one["text"] for one in line["segments"] if not one["folded"])
        assert line["folded_text"] == "".join(one["text"] for one in line["segments"] if one["folded"])
        assert line["subject"] == mail.subject
        assert (line["from"], line["from_name"]) == (mail.from_address, mail.from_name)


def test_attachments_tell_size_and_sum(capfdbinary, tmp_path):
    body = b"\x89PNG" + bytes(range(256))
    raw = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nHei\n--x\nContent-Type: image/png; name=a.png\n"
    (tmp_path / "a.eml").write_bytes(
        raw + b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(body) + b"--x--\n"
    )
    (line,) = lines_of(capfdbinary, tmp_path / "a.eml")
    sha256 = hashlib.sha256(body).hexdigest()
    assert line["attachments"] == [{"name": "a.png", "type": "image/png", "size": len(body), "sha256": sha256}]


def test_every_file_gets_its_line_in_order(capfdbinary, tmp_path):
    good = PATHS["plain_nb"]
    found = lines_of(capfdbinary, good, tmp_path / "not there", tmp_path, "n\udcf8\0l", good)
    assert [bool(line["from"]) for line in found] == [True, False, False, False, True]
    for line in found[1:4]:
        assert (line["class"], line["outcome"], line["reason"]) == ("human", "set_aside", "unreadable")
        assert line["errors"]
        assert list(line) == KEYS


def test_no_files_is_no_lines(capfdbinary):
    assert lines_of(capfdbinary) == []


def test_own_addresses_can_be_told(capfdbinary):
    raw = PATHS["own_without_inner"]
    assert lines_of(capfdbinary, raw)[0]["class"] == "human"
    assert lines_of(capfdbinary, "--own", "IKT@sykehus.example", raw)[0]["class"] == "loop"


@pytest.mark.parametrize("header", ["X-Saksgang-Loop", "Message-ID"])
def test_our_marks_are_known_by_their_form(header):
    value = loop_mark(7) if header.startswith("X") else f"<{message_id(7, 12, 1, 'sykehus.example')}>"
    told = explain(f"From: a@b.example\n{header}: {value}\n\nHei".encode())
    assert (told["class"], told["outcome"]) == ("loop", "set_aside")


def test_anything_gives_a_line_of_utf_8(capfdbinary, tmp_path):
    chance = random.Random(7)
    pieces = [
        b"\xed\xa0\x80",
        b"\xf0\x9f",
        b"\\ud800",
        b"&#xD800;",
        b"=?utf-16?B?2AA=?=",
        b"=?utf-8?Q?=ED=A0=80?=",
        b"\0",
        b"\n",
    ]
    heads = [
        b"From: ",
        b"Subject: ",
        b"Reply-To: ",
        b"Message-ID: ",
        b"Content-Type: text/",
        b"Content-Type: text/html",
    ]
    for number in range(300):
        raw = b"".join(chance.choice(heads) + b"".join(chance.choices(pieces[:-1], k=3)) + b"\n" for _ in range(4))
        raw += b"\n" + b"".join(chance.choices(pieces, k=20)) + chance.randbytes(40)
        (tmp_path / f"{number:03}").write_bytes(raw)
    files = sorted(tmp_path.iterdir())
    for path, line in zip(files, lines_of(capfdbinary, *files), strict=True):
        json.dumps(line, ensure_ascii=False).encode("utf-8")
        assert "".join(one["text"] for one in line["segments"]) == read(path.read_bytes()).text


def command(*arguments, **more):
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "there.is.none"}
    start = "import sys; from saksgang.cli import main; sys.argv[0] = 'saksgang'; main()"
    return subprocess.run(
        [sys.executable, "-c", start, "mail", "explain", *map(str, arguments)],
        env=environment,
        check=False,
        capture_output="stdout" not in more,
        **more,
    )


def test_needs_no_settings_and_is_quick(tmp_path):
    """200 mails a second of processor time with start-up, however many files there are."""
    files = [PATHS[name] for name in NAMES] * 4
    before = os.times()
    done = command(*files)
    after = os.times()
    seconds = after.children_user + after.children_system - before.children_user - before.children_system
    assert done.returncode == 0
    assert done.stderr == b""
    assert len(done.stdout.splitlines()) == len(files) >= 1_000
    assert len(files) / seconds >= 200


def test_never_imports_django():
    start = "import sys; from saksgang.worker.explain_command import run; run(sys.argv[1:]); sys.exit('django' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", start, str(PATHS["html_only"])], cwd=ROOT, check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr


def test_a_reader_who_goes_is_no_trouble():
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "wb") as gone:
        done = command(*[PATHS["plain_nb"]] * 50, stdout=gone, stderr=subprocess.PIPE)
    assert done.returncode == 0
    assert done.stderr == b""


def test_a_full_disk_is_told():
    with open("/dev/full", "wb") as full:
        done = command(*[PATHS["plain_nb"]] * 50, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 1
    assert b"No space left" in done.stderr


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_thirty_megabytes(line_end, tmp_path, capfdbinary):
    """Too large to be stored with the others: a scan of 22 MB, which is 30 MB on its way."""
    body = random.Random(3).randbytes(22_000_000)
    head = (
        "From: Skanner <skanner@sykehus.example>\nSubject: Stor skanning\nContent-Type: multipart/mixed; boundary=x\n\n"
    )
    text = "--x\nContent-Type: text/plain; charset=utf-8\n\nJournalen fra kjelleren.\n--x\n"
    part = 'Content-Type: application/pdf; name="kjeller.pdf"\nContent-Transfer-Encoding: base64\n\n'
    raw = (head + text + part).encode() + base64.encodebytes(body) + b"--x--\n"
    (tmp_path / "large.eml").write_bytes(raw.replace(b"\n", line_end))
    (line,) = lines_of(capfdbinary, tmp_path / "large.eml")
    assert (line["class"], line["outcome"], line["errors"]) == ("human", "new_ticket", [])
    assert line["visible_text"] == "Journalen fra kjelleren."
    assert line["attachments"][0]["sha256"] == hashlib.sha256(body).hexdigest()
