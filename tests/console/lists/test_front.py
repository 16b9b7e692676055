from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from saksgang.catalogue.models import Mailbox
from saksgang.events.models import Delivery, Event
from saksgang.inbound.models import InboundMail
from saksgang.lib import clock
from saksgang.tickets.actions import restriction
from saksgang.tickets.kinds import NextStep
from tests.console.desk import make_cases, nav_count, numbers, signed_in, waiting


def sections(response) -> list[str]:
    return [section["name"] for section in response.context["sections"]]


def stored_mail(mailbox: Mailbox, **changes) -> InboundMail:
    now = clock.now()
    facts = {
        "mailbox": mailbox,
        "door": "smtp",
        "raw_sha256": "0" * 64,
        "size": 10,
        "received_at": now,
        "try_at": now,
        "purge_after": now + timedelta(days=700),
    }
    return InboundMail.objects.create(**(facts | changes))


def test_it_is_calm_when_nothing_slips(cast):
    make_cases(cast, 2)
    response = signed_in(cast.kari).get("/")
    assert response.context["calm"]
    assert nav_count(response, "/") == ""


def test_each_list_holds_what_it_says(cast):
    due = clock.now() - timedelta(minutes=5)
    working = {"state": "IN_PROGRESS", "assignee": cast.kari, "taken_at": due}
    make_cases(cast, 1, next_step_due_at=due)
    make_cases(cast, 1, next_step=NextStep.TAKE, next_step_due_at=due)
    make_cases(cast, 1, next_step=NextStep.ANSWER, next_step_due_at=due, answers_owed=1, **working)
    make_cases(cast, 1, next_step=NextStep.ANSWER_AGAIN, next_step_due_at=due, answer_failed_at=due, **working)
    make_cases(cast, 1, **waiting(cast, next_step_due_at=due))
    response = signed_in(cast.kari).get("/")
    assert sections(response) == ["failed", "not_assessed", "untaken", "owed", "due"]
    assert nav_count(response, "/") == "5"
    assert sections(signed_in(cast.nils).get("/")) == []


def test_own_cases_of_other_teams_count_too(cast):
    due = clock.now() - timedelta(minutes=5)
    make_cases(cast, 1, team=cast.network, next_step_due_at=due, state="IN_PROGRESS", assignee=cast.kari, taken_at=due)
    assert sections(signed_in(cast.kari).get("/")) == ["not_assessed"]
    assert sections(signed_in(cast.knut).get("/")) == []


def test_a_long_list_is_short_here_and_whole_behind_its_link(cast):
    make_cases(cast, 60, next_step_due_at=clock.now() - timedelta(minutes=5))
    client = signed_in(cast.kari)
    front = client.get("/")
    assert front.context["sections"][0]["count"] == "60"
    assert len(front.context["sections"][0]["rows"]) == 8
    first = client.get("/?list=not_assessed")
    rest = client.get(f"/?list=not_assessed&after={first.context['next']}")
    assert len(set(numbers(first) + numbers(rest))) == 60


def test_mails_that_nobody_has_sorted(cast):
    now = clock.now()
    decided = {"pending": 0, "decided_at": now, "outcome": "set_aside", "due_at": now - timedelta(hours=1)}
    stored_mail(cast.ikt, set_aside_reason="unreadable", subject="Hjelp <i>meg</i>", **decided)
    stored_mail(cast.ikt, received_at=now - timedelta(minutes=6))
    response = signed_in(cast.kari).get("/")
    assert response.context["undecided"] == 1
    assert b"Hjelp &lt;i&gt;meg&lt;/i&gt;" in response.content
    assert nav_count(response, "/mail/tray") == "1"


def test_messages_that_the_system_gave_up_are_an_alarm(cast):
    event = Event.objects.create(
        kind="message_sent", at=clock.now(), by_robot="mail", subject_kind="ticket", subject_id=1
    )
    Delivery.objects.create(event=event, follower="outbound", due_at=clock.now(), dead=True)
    assert b'role="alert"' in signed_in(cast.kari).get("/").content


def test_s21_restricted_cases_are_not_here(cast):
    secret = cast.case(subject="Lønn og permisjon")
    restriction.restrict(ticket=secret, by=cast.liv, readers=[], reason="Gjelder en ansatt")
    with clock.at(clock.now() + timedelta(days=4)):
        assert b"permisjon" in signed_in(cast.liv).get("/").content
        assert b"permisjon" not in signed_in(cast.kari).get("/").content
        assert b"permisjon" not in signed_in(cast.kari).get("/?list=not_assessed").content


def test_queries_do_not_grow(cast):
    client = signed_in(cast.kari)
    due = clock.now() - timedelta(minutes=5)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        return len(queries)

    make_cases(cast, 1, next_step_due_at=due)
    few = asked()
    make_cases(cast, 40, next_step_due_at=due)
    assert asked() == few


def test_the_poll_fetches_the_lists_only(cast):
    client = signed_in(cast.kari)
    first = client.get("/?fragment=1")
    assert b"<html" not in first.content
    assert client.get("/?fragment=1", headers={"If-None-Match": first["ETag"]}).status_code == 304
