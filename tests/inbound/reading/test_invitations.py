"""Invitations in Norwegian words and Norwegian time, whatever zone and program they come from."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saksgang.inbound.reading import invitations
from saksgang.inbound.reading.mail import read
from saksgang.inbound.reading.windows_zones import IANA_NAMES

pytestmark = pytest.mark.once

HEAD = b"From: Per Vik <per.vik@sykehus.example>\nSubject: Bytte\nMIME-Version: 1.0\n"


def calendar(*lines: str, zone: str = "", method: str = "REQUEST") -> bytes:
    inside = "".join(f"{line}\r\n" for line in lines)
    return (
        f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\n{zone}BEGIN:VEVENT\r\n{inside}END:VEVENT\r\nEND:VCALENDAR\r\n".encode()
    )


def told(*lines: str, zone: str = "") -> str:
    return (
        invitations.read(calendar("SUMMARY:Bytte", *lines, zone=zone), "", "")
        .lines.removeprefix("Kalender: Bytte, ")
        .rstrip("\n")
    )


def rules(name: str, *parts: tuple[str, str, str, str]) -> str:
    inside = "".join(
        f"BEGIN:{kind}\r\nDTSTART:{start}\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:{to}\r\n{rule}END:{kind}\r\n"
        for kind, start, to, rule in parts
    )
    return f"BEGIN:VTIMEZONE\r\nTZID:{name}\r\n{inside}END:VTIMEZONE\r\n"


EUROPE = (
    ("STANDARD", "16010101T030000", "+0100", "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\r\n"),
    ("DAYLIGHT", "16010101T020000", "+0200", "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\r\n"),
)
EASTERN = (
    ("STANDARD", "16010101T020000", "-0500", "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\r\n"),
    ("DAYLIGHT", "16010101T020000", "-0400", "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\r\n"),
)
AT_A_QUARTER_PAST_NINE = "fredag 20. november 2026 kl. 09.15"
NEW_YORK = " norsk tid (avsenderens tidssone: {})"


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("DTSTART:20261120T081500Z", AT_A_QUARTER_PAST_NINE),
        ("DTSTART:20260620T071500Z", "lørdag 20. juni 2026 kl. 09.15"),
        ("DTSTART:20261120T091500", AT_A_QUARTER_PAST_NINE),
        ("DTSTART;TZID=Europe/Oslo:20261120T091500", AT_A_QUARTER_PAST_NINE),
        ("DTSTART;TZID=europe/oslo:20261120T091500", AT_A_QUARTER_PAST_NINE),
        ("DTSTART;TZID=Europe/Berlin:20261120T091500", AT_A_QUARTER_PAST_NINE),
        ("DTSTART;TZID=W. Europe Standard Time:20261120T091500", AT_A_QUARTER_PAST_NINE),
        ('DTSTART;TZID="Romance Standard Time":20261120T091500', AT_A_QUARTER_PAST_NINE),
        ("DTSTART;TZID=/mozilla.org/20050126_1/Europe/Oslo:20261120T091500", AT_A_QUARTER_PAST_NINE),
        ("DTSTART;TZID=tzone://Microsoft/Utc:20261120T081500", AT_A_QUARTER_PAST_NINE),
        ("DTSTART;TZID=UTC:20261120T081500", AT_A_QUARTER_PAST_NINE),
        (
            "DTSTART;VALUE=DATE-TIME;TZID=GMT Standard Time:20261120T081500",
            AT_A_QUARTER_PAST_NINE + NEW_YORK.format("GMT Standard Time"),
        ),
        ("DTSTART;TZID=America/New_York:20261120T031500", AT_A_QUARTER_PAST_NINE + NEW_YORK.format("America/New_York")),
        (
            "DTSTART;TZID=Eastern Standard Time:20261120T031500",
            AT_A_QUARTER_PAST_NINE + NEW_YORK.format("Eastern Standard Time"),
        ),
        ("DTSTART;TZID=UTC-05:00:20261120T031500", AT_A_QUARTER_PAST_NINE + NEW_YORK.format("UTC-05")),
        ('DTSTART;TZID="UTC-05:00":20261120T031500', AT_A_QUARTER_PAST_NINE + NEW_YORK.format("UTC-05:00")),
        ("DTSTART;TZID=Ukjent sted:20261120T091500", AT_A_QUARTER_PAST_NINE + " (tidssone: Ukjent sted)"),
        ("DTSTART;TZID=../../etc/passwd:20261120T091500", AT_A_QUARTER_PAST_NINE + " (tidssone: ../../etc/passwd)"),
        ("DTSTART:2026-11-20T09:15:00+01:00", AT_A_QUARTER_PAST_NINE),
        ("DTSTART;VALUE=DATE:20261120", "fredag 20. november 2026, hele dagen"),
        ("DTSTART:00010101T000000Z", "mandag 1. januar 1 kl. 00.43"),
        ("DTSTART;TZID=Asia/Tokyo:00010101T000000", "00010101T000000"),
        ("DTSTART:99991231T235900Z", "99991231T235900Z"),
        ("DTSTART:20261340T991500Z", "20261340T991500Z"),
        ("DTSTART:snart", "snart"),
        ("DTSTART:٢٠٢٦١١٢٠T٠٨١٥٠٠Z", "٢٠٢٦١١٢٠T٠٨١٥٠٠Z"),
    ],
)
def test_when(start, expected):
    assert told(start) == expected


@pytest.mark.parametrize(
    ("name", "parts", "start", "expected"),
    [
        ("Vest-Europa (normaltid)", EUROPE, "20261120T091500", AT_A_QUARTER_PAST_NINE),
        ("Vest-Europa (normaltid)", EUROPE, "20260620T091500", "lørdag 20. juni 2026 kl. 09.15"),
        ("Kundesone 1", EASTERN, "20261120T031500", AT_A_QUARTER_PAST_NINE + NEW_YORK.format("Kundesone 1")),
        ("Kundesone 1", EASTERN, "20260620T031500", "lørdag 20. juni 2026 kl. 09.15" + NEW_YORK.format("Kundesone 1")),
        ("(UTC+01:00) Oslo", EUROPE[:1], "20261120T091500", AT_A_QUARTER_PAST_NINE),
        (
            "Uten regler",
            (("STANDARD", "19700101T000000", "+0000", ""),),
            "20261120T081500",
            AT_A_QUARTER_PAST_NINE,
        ),
        ("Ingen", (), "20261120T091500", AT_A_QUARTER_PAST_NINE + " (tidssone: Ingen)"),
        (
            "Tull",
            (("STANDARD", "x", "y", "RRULE:BYDAY=9XX;BYMONTH=77\r\n"),),
            "20261120T091500",
            AT_A_QUARTER_PAST_NINE + " (tidssone: Tull)",
        ),
    ],
)
def test_zones_that_only_the_mail_knows(name, parts, start, expected):
    assert told(f'DTSTART;TZID="{name}":{start}', zone=rules(name, *parts)) == expected


@settings(deadline=None)
@given(st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1)), st.sampled_from([EUROPE, EASTERN]))
def test_rules_sent_with_the_mail_say_what_the_list_says(local, parts):
    listed = "Europe/Oslo" if parts is EUROPE else "America/New_York"
    if parts is EASTERN and local.year < 2007 or parts is EUROPE and local.year < 1997:
        return  # other rules then
    around = [(local + timedelta(hours=hours)).replace(tzinfo=ZoneInfo(listed)).utcoffset() for hours in (-3, 3)]
    if around[0] != around[1]:
        return  # the hour that is twice or never
    named, by_rules = (
        told(f"DTSTART;TZID={name}:{local:%Y%m%dT%H%M%S}", zone=rules("Egen", *parts)).partition(" norsk")[0]
        for name in (listed, "Egen")
    )
    assert named == by_rules


def test_all_names_of_windows_are_known():
    assert len(IANA_NAMES) >= 139
    for name, zone in IANA_NAMES.items():
        moment = datetime(2026, 11, 20, 9, 15, tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("Europe/Oslo"))
        assert f"kl. {moment:%H.%M}" in told(f"DTSTART;TZID={name}:20261120T091500"), name


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["DTSTART:20261120T081500Z", "DTEND:20261120T091500Z"], "fredag 20. november 2026 kl. 09.15–10.15"),
        (["DTEND:20261120T091500Z", "DTSTART;TZID=America/New_York:20261120T031500"],
         "fredag 20. november 2026 kl. 09.15–10.15 norsk tid (avsenderens tidssone: America/New_York)"),
        (["DTSTART:20261120T210000Z", "DTEND:20261121T050000Z"],
         "fredag 20. november 2026 kl. 22.00 til lørdag 21. november 2026 kl. 06.00"),
        (["DTSTART:20261120T081500Z", "DURATION:PT1H30M"], "fredag 20. november 2026 kl. 09.15–10.45"),
        (["DTSTART:20261120T081500Z", "DTEND:20261120T081500Z"], "fredag 20. november 2026 kl. 09.15"),
        (["DTSTART:20261120T081500Z", "DTEND:tull"], "fredag 20. november 2026 kl. 09.15"),
        (["DTSTART;VALUE=DATE:20261120", "DTEND;VALUE=DATE:20261121"], "fredag 20. november 2026, hele dagen"),
        (["DTSTART;VALUE=DATE:20261120", "DTEND;VALUE=DATE:20261123"], "fredag 20. november 2026 til søndag 22. november 2026, hele dagen"),
        (["DTSTART:20261120T081500Z", "RRULE:FREQ=DAILY", "LOCATION:Møterom 3\\, plan 2"],
         "fredag 20. november 2026 kl. 09.15, gjentas, Møterom 3, plan 2"),
    ],
)  # fmt: skip
def test_from_when_to_when_and_where(lines, expected):
    assert told(*lines) == expected


def test_escapes_folds_and_quotes():
    long = 'SUMMARY;LANGUAGE="nb:NO;x":Bytte av\\nserver\\; stans\\, C:\\\\temp på Åre'.encode()
    place = long.index("Å".encode()) + 1
    content = calendar("DTSTART:20261120T081500Z").replace(
        b"DTSTART", long[:place] + b"\r\n " + long[place:] + b"\r\nDTSTART"
    )
    line = f"Kalender: Bytte av server; stans, C:\\temp på Åre, {AT_A_QUARTER_PAST_NINE}\n"
    for end in (b"\r\n", b"\n", b"\r"):
        assert invitations.read(content.replace(b"\r\n", end), "utf-8", "").lines == line


def invitation(*parts: bytes, kind: bytes = b"alternative") -> bytes:
    return (
        HEAD
        + b"Content-Type: multipart/"
        + kind
        + b"; boundary=b\n\n"
        + b"".join(b"--b\n" + one + b"\n" for one in parts)
        + b"--b--\n"
    )


DESCRIBED = calendar(
    "SUMMARY:Bytte",
    "DTSTART:20261120T081500Z",
    "DESCRIPTION:Kan dere opprette\\nny bruker?\\n",
    "BEGIN:VALARM",
    "DESCRIPTION:Påminnelse",
    "END:VALARM",
)
AS_CALENDAR = b"Content-Type: text/calendar; charset=utf-8; method=REQUEST\n\n" + DESCRIBED
LINE = f"Kalender: Bytte, {AT_A_QUARTER_PAST_NINE}"


@pytest.mark.parametrize("plain", [b"", b"\n\n", b"Content-Type: text/html\n\n<p> </p>"])
def test_its_description_is_the_words_when_there_are_no_others(plain):
    for kind in (b"alternative", b"mixed"):
        mail = read(invitation(b"\n" + plain if plain[:1] != b"C" else plain, AS_CALENDAR, kind=kind))
        assert mail.visible_text.strip() == f"{LINE}\n\nKan dere opprette\nny bruker?"
    assert read(HEAD + AS_CALENDAR).text == f"{LINE}\n\nKan dere opprette\nny bruker?"


def test_beside_words_only_the_line_is_shown_and_once():
    file = (
        b"Content-Type: application/ics; name=invite.ics\nContent-Disposition: attachment; filename=invite.ics\n\n"
        + DESCRIBED
    )
    mail = read(invitation(b"\nVi ses.", AS_CALENDAR, file, kind=b"mixed"))
    assert mail.text.split() == f"Vi ses. {LINE}".split()
    assert mail.calendar_method == "REQUEST"
    attached = read(
        invitation(
            b"\nSe filen",
            file.replace(b"application/ics", b"application/octet-stream").replace(b"REQUEST", b"REPLY"),
            kind=b"mixed",
        )
    )
    assert (LINE in attached.text, attached.calendar_method) == (True, "")


def test_a_description_in_html_is_read_as_words():
    described = calendar("SUMMARY:Bytte", "DTSTART:20261120T081500Z", "DESCRIPTION:<p>Kan dere <b>komme</b>?</p>")
    assert invitations.read(described, "", "").words == "Kan dere komme?"


def test_a_comment_to_an_answer_is_words():
    answer = calendar("SUMMARY:Bytte", "COMMENT:Kommer ti minutter seint", method="REPLY")
    assert (
        "Kommer ti minutter seint"
        in read(HEAD + b"Content-Type: text/calendar; method=REPLY\n\n" + answer).visible_text
    )


@pytest.mark.parametrize(
    "content",
    [
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Bytte\nDTSTART:20261120T081500Z\n",
        b"\xef\xbb\xbfBEGIN:VCALENDAR\nbegin:vevent\nSummary:Bytte\nikke en linje\nDTSTART:20261120T081500Z\nEND:VCALENDAR\n",
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Bytte\nEND:VALARM\nDTSTART:20261120T081500Z\nEND:VEVENT\n",
        b"BEGIN:VCALENDAR\nEND:VALARM\nBEGIN:VTODO\nSUMMARY:Bytte\nDUE:20261120T081500Z\nEND:VTODO\n",
    ],
)
def test_damaged_calendars_are_read(content):
    assert invitations.read(content, "", "").lines.strip() == LINE


LINES = st.sampled_from(
    [
        "BEGIN:VEVENT",
        "END:VEVENT",
        "BEGIN:VTIMEZONE",
        "END:VTIMEZONE",
        "BEGIN:STANDARD",
        "TZID:a",
        "DTSTART:20261120T091500",
        "END:",
        "BEGIN:",
        " folded",
        "UNTIL:x",
        "RRULE:FREQ=YEARLY;BYDAY=-5SU;BYMONTH=2",
        "RRULE:BYDAY=5MO;BYMONTH=²",
        "TZOFFSETTO:+9999",
        "DTSTART;TZID=a:20260229T000000",
        "DURATION:P9999D",
        "DTSTART;TZID=Europe:20261120T091500",
        'DTSTART;TZID=":',
        "SUMMARY:\\",
        "DTEND;VALUE=DATE:20261120",
    ]
)


@settings(deadline=None)
@given(st.lists(LINES, max_size=14), st.text(max_size=20))
def test_nothing_raises(lines, more):
    found = invitations.read("\n".join([*lines, more]).encode("utf-8", "surrogatepass"), "", "")
    assert found.lines.startswith("Kalender:")
    assert found.lines.endswith("\n")


@pytest.mark.parametrize(
    "line",
    [
        "BEGIN:VEVENT",
        "DTSTART;" + '"' * 999,
        "BEGIN:VTIMEZONE\nBEGIN:X",
        "DESCRIPTION:" + "\\n" * 9_999,
        " x",
        "A" * 99_999,
    ],
)
def test_s06_long_calendars(line):
    invitations.read((line + "\n").encode() * (2_000_000 // len(line)), "", "")


def test_s06_many_rules_and_many_events():
    part = "BEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETTO:+0100\nRRULE:BYDAY=1SU;BYMONTH=3\nEND:STANDARD\n"
    events = "BEGIN:VEVENT\nSUMMARY:Bytte\nDTSTART;TZID=a:20261120T091500\nEND:VEVENT\n" * 20
    found = invitations.read(f"BEGIN:VTIMEZONE\nTZID:a\n{part * 4_000}END:VTIMEZONE\n{events}".encode(), "", "")
    assert found.lines.strip() == LINE


def test_utc_is_told_as_norwegian_time_on_both_sides_of_the_change():
    for month in range(1, 13):
        there = datetime(2026, month, 15, 7, 0, tzinfo=UTC).astimezone(ZoneInfo("Europe/Oslo"))
        assert f"kl. {there:%H.%M}" in told(f"DTSTART:2026{month:02}15T070000Z")
