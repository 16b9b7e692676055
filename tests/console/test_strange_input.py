"""Whatever stands in an address, a form or a cookie: no page fails. Addresses come from the URL conf; the names of
parameters from what the pages themselves ask for while they are asked, so that no new one is forgotten."""

from __future__ import annotations

import inspect
import re
from datetime import timedelta
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.catalogue.actions import add_routing_rule, announce
from saksgang.console import answers
from saksgang.console.lists import saved
from saksgang.console.models import Batch
from saksgang.demo.models import ReceivedMail
from saksgang.inbound.models import Outcome
from saksgang.lib import clock
from saksgang.outbound.models import OutboundMail
from saksgang.tickets.actions import answering, assignment
from saksgang.tickets.actions.clarification import ask
from saksgang.tickets.actions.major.incident import start
from saksgang.tickets.actions.messages import keep_file
from saksgang.tickets.models import Attachment
from tests.cast import SETUP
from tests.console.mail.test_ledger import mail
from tests.improvements.steps import made

NUMBERS = ["9" * 4301, "0" * 5000, str(2**63), "-1", "²", "1e9", f"1.{'9' * 18}.0.1"]
WORDS = ["a\x00b", "\u202e\u2066", "æ" * 500 + "a" * 19_500, "\r\nX: y", "%"]
TIMES = ["9999-12-31T23:59", "0001-01-01T00:00", "2026-03-29T02:30"]
STRANGE = NUMBERS + WORDS + TIMES
WORST = ["9" * 4301, str(2**63), "a\x00b", "9999-12-31T23:59"]  # for each name by itself, past the checks of the others
# A form asks more once most of it is right; these are right in most forms.
PLAUSIBLE = {
    "words": "Vi ser på det i dag.",
    "note": "Ola",
    "until": "2030-01-01T10:00",
    "reason": "SPAM",
    "what": "PC",
    "who": "Nora",
}
NEVER_ASKED = {"console:sign_out"}  # ends the session that the others need


def patterns(found=None, space=""):
    """(name, pattern) of every address."""
    for one in found or get_resolver().url_patterns:
        if isinstance(one, URLPattern):
            yield f"{space}{one.name}", one
        else:
            yield from patterns(one.url_patterns, f"{one.namespace}:" if one.namespace else space)


ADDRESSES = [name for name, _one in patterns() if name not in NEVER_ASKED]
VIEWS = {name: one.callback for name, one in patterns()}


@pytest.fixture
def asked(monkeypatch):
    """The names that code has asked of a query or a form."""
    names: set[str] = set()

    def listening(method):
        plain = getattr(QueryDict, method)

        def ask(self, key, *rest, **named):
            names.add(str(key))
            return plain(self, key, *rest, **named)

        monkeypatch.setattr(QueryDict, method, ask, raising=False)

    for method in ("get", "getlist", "__getitem__", "__contains__"):
        listening(method)
    return names


class Desk:
    """Somebody signed in who may do everything, and one of each thing that an address can name."""

    def __init__(self, cast):
        ticket = cast.case()
        assignment.take(ticket=ticket, by=cast.kari)
        message = answering.answer(ticket=ticket, by=cast.kari, words="Hei")
        file = keep_file(name="a.txt", content_type="text/plain", content=b"a")
        facts = {"name": file.name, "content_type": file.content_type, "size": file.size, "sha256": file.sha256}
        announce(by=SETUP, kind="outage", words="Nede", service=None, starts_at=None, ends_at=None)
        from saksgang.catalogue.models import Announcement

        grant(by=SETUP, person=cast.kari, role=Role.TEAM_LEADER, team=cast.service_desk)
        grant(by=SETUP, person=cast.kari, role=Role.TRIAGE_MANAGER, team=cast.triage)
        grant(by=SETUP, person=cast.kari, role=Role.ADMINISTRATOR)
        self.client = Client(raise_request_exception=False)
        self.client.force_login(cast.kari.account)
        self.cookies = self.client.cookies.copy()
        self.named = {
            "tickets": ticket.pk,
            "messages": message.pk,
            "attachments": Attachment.objects.create(message=message, **facts).pk,
            "routing": add_routing_rule(by=SETUP, team=cast.network, words="vpn").pk,
            "announcements": Announcement.objects.get().pk,
            "mail": mail(
                cast, outcome=Outcome.SET_ASIDE, set_aside_reason="no_address", due_at=clock.now() + timedelta(hours=1)
            ).pk,
            "mailboxes": cast.ikt.pk,
            "majors": start(
                by=cast.kari, title="Nede", service=cast.dips, impact="departments", consequence="stops"
            ).pk,
            "triage": ask(ticket=cast.case(), by=cast.kari, question="Skal vi?", words="Vi spør.").pk,
            "improvements": made(cast).pk,
            "many": Batch.objects.create(person=cast.kari, verb="take", did=[[ticket.pk, 1]], seen_at=clock.now()).pk,
            "views": saved.save(by=cast.kari, name="Åpne", query="show=team").pk,
            "deliveries": lost_mail(ticket, message).pk,
            "inbox": ReceivedMail.objects.create(
                recipient="nora@sykehus.example", raw_sha256=file.sha256, at=clock.now()
            ).pk,
        }

    def address(self, name, **changes):
        one = dict(patterns())[name]
        values = {
            key: "answer" if kind == "SlugConverter" else self.named[room(one)] for key, kind in converters(one).items()
        }
        return reverse(name, kwargs=values | changes)

    def ask(self, method, address, fields=(), body=()):
        """The answer, with everything that was done undone."""
        self.client.cookies = self.cookies.copy()
        with transaction.atomic():
            answer = self.client.generic(
                method,
                address,
                urlencode(body, doseq=True),
                content_type="application/x-www-form-urlencoded",
                QUERY_STRING=urlencode(fields, doseq=True),
            )
            if answer.streaming:
                b"".join(answer.streaming_content)  # also closes the file
            transaction.set_rollback(True)
        assert answer.status_code < 500, (method, address[:200], str(fields)[:300], str(body)[:300], answer.exc_info)
        return answer


def lost_mail(ticket, message):
    now = clock.now()
    facts = {
        "ticket": ticket,
        "message": message,
        "kind": "answer",
        "recipient": "nora@sykehus.example",
        "raw_sha256": "0" * 64,
    }
    facts |= {"header_id": "a@b", "created_at": now, "try_at": now, "failed_at": now, "state": "failed", "pending": 0}
    return OutboundMail.objects.create(event_id=1, **facts)


def converters(one):
    return {key: type(kind).__name__ for key, kind in one.pattern.converters.items()}


def room(one):
    return str(one.pattern).partition("/")[0]


@pytest.fixture
def desk(cast, monkeypatch):
    # Nobody here asks what a page was drawn from, and Django's client copies it all for every template within a template.
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *_given, **_named: None)
    return Desk(cast)


def mixed(names):
    """Queries in which each name has each strange value once, whatever the others have."""
    names = sorted(names)
    for turn in range(len(STRANGE)):
        yield [(name, STRANGE[(turn + at) % len(STRANGE)]) for at, name in enumerate(names)]


@pytest.mark.parametrize("name", ADDRESSES)
def test_no_query_is_too_strange(desk, asked, name):
    address = desk.address(name)
    desk.ask("GET", address)
    done: set[str] = set()
    while new := asked - done:  # a parameter may make the page ask for another
        done |= new
        for parameter in sorted(new):
            for value in WORST[:3]:
                desk.ask("GET", address, [(parameter, value)])
        for query in mixed(done):
            desk.ask("GET", address, query)
    desk.ask("GET", address, [(one, value) for one in ["page", *done] for value in ("1", "²", "3")])


def acts(name):
    """What the view's `do` is compared with."""
    lines = [
        line
        for line in inspect.getsource(inspect.getmodule(VIEWS[name])).splitlines()
        if '"do"' in line or "do ==" in line
    ]
    return ["", *sorted(set(re.findall(r'"([a-z_]+)"', "\n".join(lines))) - {"do"})]


@pytest.mark.parametrize("name", ADDRESSES)
def test_no_form_is_too_strange(desk, asked, monkeypatch, name):
    address = desk.address(name)
    for do in acts(name):
        desk.ask("POST", address, body=PLAUSIBLE | {"do": do})
        every = sorted(asked - {"do"})
        if do:  # the same page is drawn whatever the button: once is enough, and it is what costs
            monkeypatch.setattr(answers, "render", lambda *_given, status=200, **_named: HttpResponse(status=status))
        for body in mixed(every) if every else ():
            desk.ask("POST", address, body=[*body, ("do", do)])
        desk.ask("POST", address, body=[(one, value) for one in every for value in ("1", "²", "3")])
        monkeypatch.setattr(answers, "render", lambda *_given, status=200, **_named: HttpResponse(status=status))
        for field in every:
            for value in WORST[1:]:
                desk.ask("POST", address, body=PLAUSIBLE | {field: value, "do": do})


@pytest.mark.parametrize("name", [name for name in ADDRESSES if "<" in str(dict(patterns())[name].pattern)])
def test_no_number_in_an_address_is_too_strange(desk, name):
    one = dict(patterns())[name]
    plain = desk.address(name)
    for key, kind in converters(one).items():
        mine = "answer" if kind == "SlugConverter" else str(desk.named[room(one)])
        for value in ["0", "9" * 4301, str(2**63), "²", "\x00"]:
            strange = plain.replace(f"/{mine}", f"/{quote(value, safe='')}", 1)
            method = "GET" if desk.ask("GET", strange).status_code != 405 else "POST"
            assert key == "box" or desk.ask(method, strange).status_code == 404, strange[:100]


@pytest.mark.parametrize(
    "query", ["q=%ED%A0%80", "q=%FF%FE%00", "q=%", "q=%zz&&&==", "%00=%00", "q=" + "%F0%9F%98" * 9, ";;", "q[]=1"]
)
@pytest.mark.parametrize(
    "name", ["console:search", "console:queue", "console:mail", "console:person_lookup", "console:registration"]
)
def test_bytes_that_are_no_text(desk, name, query):
    desk.client.cookies = desk.cookies.copy()
    assert desk.client.get(f"{reverse(name)}?{query}").status_code < 500
    kind = "application/x-www-form-urlencoded"
    assert desk.client.post(reverse(name), query.encode(), content_type=kind).status_code < 500


COOKIES = ['"\\000aaaaaaaaa"', '"\\355\\240\\200aaaaaaaa"', "x" * 4000, '"', "", "²²²²²²²²²", "' OR 1=1 --", '"\\012"']


@pytest.mark.parametrize("value", COOKIES)
@pytest.mark.parametrize("cookie", ["sessionid", "csrftoken", "language", "color_scheme", "messages"])
def test_no_cookie_is_too_strange(db, cookie, value):
    client = Client(raise_request_exception=False)
    for path in ("/", "/sign-in", "/accessibility"):
        header = f"{cookie}={value}".encode().decode("latin-1")
        answer = client.get(path, HTTP_COOKIE=header)
        assert answer.status_code < 500, answer.exc_info
