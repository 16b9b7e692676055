"""What the demo has told: valid, alive, and the awkward cases as the product should end them."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from saksgang.catalogue import queries as catalogue
from saksgang.catalogue.models import RoutingRule
from saksgang.demo import awkward, courses, opening, parts, plan
from saksgang.demo.models import DemoMark, ReceivedMail, ToldStory
from saksgang.demo.stories import STORIES
from saksgang.events.actions import claim
from saksgang.events.models import Delivery, Event
from saksgang.inbound.models import InboundMail, Outcome
from saksgang.lib import clock
from saksgang.outbound import follower
from saksgang.outbound.models import DeliveryState, OutboundMail
from saksgang.people.models import Account, Person, Team, TeamKind
from saksgang.tickets.kinds import CloseReason, LinkKind, NextStep, SenderRole, State
from saksgang.tickets.models import Clarification, MajorIncident, Message, Ticket, TicketLink, TicketRequester
from saksgang.tickets.slipping import slipping
from tests.demo.conftest import TUESDAY

pytestmark = pytest.mark.once


def case(name: str) -> Ticket:
    ticket = ToldStory.objects.get(key=f"awkward/{name}").ticket
    assert ticket is not None
    return ticket


def test_the_first_page_is_alive(told):
    open_cases = Ticket.objects.filter(open=1)
    assert Ticket.objects.count() >= 100
    assert 70 <= open_cases.filter(major=None).count() <= 95  # beside the eleven of one fault
    overdue = open_cases.filter(next_step_due_at__lt=TUESDAY).count()
    assert 2 <= overdue <= 12
    assert set(open_cases.values_list("state", flat=True)) == {
        State.NEW, State.IN_PROGRESS, State.WAITING_REQUESTER, State.WAITING_THIRD_PARTY, State.PLANNED,
    }  # fmt: skip
    assert set(open_cases.exclude(priority=None).values_list("priority", flat=True)) == {1, 2, 3, 4}
    lists = slipping(Ticket.objects.all(), TUESDAY)
    for name in ("failed", "not_assessed", "untaken", "owed", "due"):
        assert 1 <= lists[name].count() <= 25, name
    assert Ticket.objects.filter(team__kind=TeamKind.TRIAGE, open=1).exists()


def test_nothing_lies_ahead_and_nothing_is_left_undone(told):
    assert not Event.objects.filter(at__gt=TUESDAY).exists()
    assert not Message.objects.filter(at__gt=TUESDAY).exists()
    assert not InboundMail.objects.filter(pending=1).exists()
    assert not Delivery.objects.exists()
    assert not OutboundMail.objects.filter(pending=1).exists()
    sent = OutboundMail.objects.filter(state__in=[DeliveryState.SENT, DeliveryState.BOUNCED]).count()
    assert ReceivedMail.objects.count() == sent > 80


def test_the_hospital_is_there(told):
    assert Team.objects.count() >= 7
    assert 35 <= Account.objects.count() <= 50
    assert Person.objects.filter(department__isnull=False).count() >= 110
    assert Account.objects.get_by_natural_key("ingrid").check_password("demo")
    assert not Account.objects.exclude(person__name__in=[one[0] for one in opening.hospital.data.SIGN_INS])[
        0
    ].has_usable_password()


def test_seven_rules_say_which_team_gets_what_and_some_have_sent_cases_past_the_service_desk(told):
    rules = RoutingRule.objects.order_by("position")
    assert [rule.active for rule in rules] == [True] * 6 + [False]
    sent = Ticket.objects.filter(routing_rule__isnull=False)
    assert sent.filter(open=1).exists()
    assert not sent.filter(handed_over_count=0, team__name="Servicesenter").exists()


def test_failed_and_bounced_answers_come_back(told):
    for name in ("failed_answer", "bounced_answer"):
        ticket = case(name)
        assert ticket.next_step == NextStep.ANSWER_AGAIN
        assert ticket.answers_owed == 1
    assert OutboundMail.objects.filter(ticket=case("failed_answer"), state=DeliveryState.FAILED).exists()
    assert OutboundMail.objects.filter(ticket=case("bounced_answer"), state=DeliveryState.BOUNCED).exists()


def test_a_mail_that_joined_the_wrong_case_stands_alone(told):
    old = case("wrong_case")
    link = TicketLink.objects.get(other=old, kind=LinkKind.DETACHED)
    assert link.ticket.open
    assert Message.objects.get(detached_from=old).ticket_id == link.ticket_id
    assert old.state == State.RESOLVED
    assert old.reopened_count == 1


def test_one_mail_to_both_mailboxes_is_one_case(told):
    ticket = case("both_mailboxes")
    assert ticket.mailboxes.count() == 2
    outcomes = InboundMail.objects.filter(ticket=ticket).values_list("outcome", flat=True)
    assert sorted(outcomes) == [Outcome.DUPLICATE, Outcome.NEW_TICKET]


def test_robots_wake_nobody(told):
    alarm = case("robot")
    assert alarm.messages.count() == 1
    assert InboundMail.objects.get(ticket=alarm, outcome=Outcome.NEW_TICKET).repeats == 4
    assert alarm.answers_owed == 0
    absent = case("absence_reply")
    assert absent.messages.filter(sender_role=SenderRole.MACHINE).count() == 1
    assert absent.answers_owed == 0
    looped = case("loop")
    assert looped.messages.count() == 2
    assert OutboundMail.objects.filter(ticket=looped).count() == 1


def test_what_cannot_be_settled_is_set_aside(told):
    aside = InboundMail.objects.filter(outcome=Outcome.SET_ASIDE)
    assert set(aside.values_list("set_aside_reason", flat=True)) == {"unreadable", "automatic_without_case"}
    assert aside.filter(handled_at=None).count() == 1


def test_forwarded_mail_keeps_its_requester(told):
    through = case("forwarded_through_mailbox")
    requester = TicketRequester.objects.get(ticket=through).person
    assert requester.name != "IKT"
    assert requester.department is not None
    assert case("forwarded_by_colleague").requesters.count() == 1


def test_somebody_elses_reply_changes_nobody(told):
    ticket = case("somebody_elses_reply")
    assert ticket.messages.filter(sender_role=SenderRole.OTHER).count() == 1
    assert ticket.requesters.count() == 1
    assert ticket.answers_owed == 0


def test_a_bare_number_opens_a_linked_case(told):
    ticket = case("number_only")
    assert TicketLink.objects.get(ticket=ticket).kind == LinkKind.FOLLOWS


def test_the_other_endings(told):
    assert case("spam").close_reason == CloseReason.SPAM
    assert Ticket.objects.filter(close_reason=CloseReason.MERGED).count() == 1
    assert case("duplicate").requesters.count() == 2
    assert case("restricted").restricted
    [part] = case("divided").sub_cases.all()
    assert (part.state, case("divided").next_step) == (State.RESOLVED, NextStep.FOLLOW_UP)
    assert case("two_things").linked_from.get().kind == LinkKind.SPLIT
    assert case("unknown_caller").priority == 1
    assert case("nothing_known").priority == 3
    assert case("nynorsk").state == State.RESOLVED


def test_a_second_start_tells_nothing_again(told):
    before = Ticket.objects.count()
    opening.make_first(now=TUESDAY + timedelta(days=1))
    assert Ticket.objects.count() == before
    assert DemoMark.objects.count() == 1


def test_the_rest_ends_in_the_past_and_can_be_broken_off(told):
    mark = DemoMark.objects.get()
    items = plan.rest(mark.seed)
    assert len(items) >= 450
    some = items[::20]
    count = iter(range(100))
    assert opening.tell_all(some, mark, stop=lambda: next(count) >= 10) == 10
    assert opening.tell_all(some, mark) == len(some) - 10
    stories = ToldStory.objects.filter(key__startswith="history/").select_related("ticket")
    assert {story.ticket.open for story in stories if story.ticket} == {0}
    oldest = min(story.ticket.received_at for story in stories if story.ticket)
    assert oldest < TUESDAY - timedelta(days=60)
    assert not Event.objects.filter(at__gt=TUESDAY).exists()


def test_one_fault_has_eleven_cases_and_two_updates(told):
    major = MajorIncident.objects.get()
    assert (major.state, major.cases.count(), major.updates.count()) == ("OPEN", 11, 2)
    newest = major.updates.latest("pk").words
    for ticket in major.cases.all():
        assert ticket.messages.filter(text=newest).count() == 1
    assert major.cases.filter(facts_lent=True).count() == 11


def test_trakta_meets_tomorrow_with_questions_and_has_decided_others(told):
    with clock.at(TUESDAY):
        meeting = catalogue.next_meeting(TUESDAY)
        open_ones = Clarification.objects.filter(decision__isnull=True)
        assert clock.local(meeting.starts_at).date() == clock.local(TUESDAY + timedelta(days=1)).date()
        assert open_ones.filter(due_at=meeting.starts_at).count() >= 3
        mark = DemoMark.objects.get()
        for course, decision in (("triage_back", "ANSWERED"), ("triage_said_no", "DECLINED")):
            slug = next(story.slug for story in STORIES if courses.fits(story, course))
            item = plan.Item(f"history/{course}", slug, course, slack=2_000)
            opening.tell_all([item], mark)
            assert ToldStory.objects.get(key=item.key).ticket.clarifications.get().decision == decision


@pytest.mark.parametrize("rendered", [False, True], ids=["promised", "rendered"])
def test_what_happens_meanwhile_is_left_to_the_worker(told, rendered):
    """The clock of a story is weeks behind: a receipt made by it would be dated before the mail that it is for."""
    mark = DemoMark.objects.get()
    with clock.at(TUESDAY + timedelta(minutes=5)):
        stage = awkward.Stage(opening.hospital.load(), random.Random(1), mark.told_from, "meanwhile")
        ticket = stage.case_of(stage.employee(), "Skjermen er svart", "Den slo seg av nå nettopp.")
        if rendered:
            for delivery in claim("outbound"):
                follower.handle(delivery)
            Delivery.objects.all().update(claimed_until=None)
    assert opening.tell_all(plan.rest(mark.seed)[:5], mark) == 5
    waiting = OutboundMail.objects.filter(ticket=ticket, pending=1) if rendered else Delivery.objects.filter(
        event__ticket_id=ticket.pk, follower="outbound"
    )  # fmt: skip
    assert waiting.count() == 1
    with clock.at(TUESDAY + timedelta(minutes=6)):
        parts.deliver()
    assert OutboundMail.objects.get(ticket=ticket).sent_at > TUESDAY


def test_the_same_seed_tells_the_same(told):
    subjects = list(Ticket.objects.order_by("id").values_list("subject", flat=True))
    assert plan.first(plan.SEED) == plan.first(plan.SEED)
    assert plan.rest(plan.SEED) == plan.rest(plan.SEED)
    assert plan.rest(1) != plan.rest(2)
    assert len(set(subjects)) > 85


def test_every_story_has_the_words_for_its_course(told):
    for item in [*plan.first(), *plan.rest()]:
        if item.slug:
            assert courses.fits(plan.story_of(item), item.course), item
    stories = [item.key for item in [*plan.first(), *plan.rest()]]
    assert len(set(stories)) == len(stories)


def test_clock_is_put_back(told):
    assert clock.now() - datetime.now(UTC) < timedelta(seconds=5)


def test_its_own_database_is_not_refused(told):
    assert not opening.is_somebody_elses()
