"""Every change of the catalogue writes one event, and one that changes nothing writes none."""

from __future__ import annotations

import pytest

from saksgang.catalogue import actions, queries
from saksgang.catalogue.defaults import Target
from saksgang.catalogue.models import PriorityCell, StateLabel, TargetTime, TeamCalendar
from saksgang.events.models import Event
from tests.cast import SETUP

WEEK = [[[480, 960]]] * 5 + [[], []]


@pytest.fixture
def kinds(cast):
    """Runs an action and gives the kinds of the events it wrote."""

    def run(act, **facts) -> list[str]:
        last = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
        act(by=SETUP, **facts)
        return list(Event.objects.filter(id__gt=last).values_list("kind", flat=True))

    return run


def test_hours_texts_and_labels(cast, kinds):
    for act, facts, kind in (
        (actions.set_hours, {"team": cast.network, "week": WEEK}, "team_hours_set"),
        (actions.write_mail_text, {"kind": "answer", "language": "nb", "subject": "a", "body": "b"}, "mail_text_written"),
        (actions.set_state_label, {"state": "NEW", "label_nb": "Fersk"}, "state_label_set"),
    ):  # fmt: skip
        assert kinds(act, **facts) == [kind]
        assert kinds(act, **facts) == []
    assert TeamCalendar.objects.get().week == WEEK
    assert StateLabel.objects.get().label_nb == "Fersk"


def test_services_suppliers_and_mailboxes(cast, kinds):
    supplier = actions.add_supplier(by=SETUP, name="Utskrift AS", domains=["B.example", "a.example"])
    for act, facts, kind in (
        (actions.change_service, {"service": cast.dips, "name_nb": "Øyejournal", "owner_team": cast.network}, "service_changed"),
        (actions.change_supplier, {"supplier": supplier, "domains": ["C.example"], "active": False}, "supplier_changed"),
        (actions.change_mailbox, {"mailbox": cast.ikt, "address": "Hjelp@Sykehus.example"}, "mailbox_changed"),
    ):  # fmt: skip
        assert kinds(act, **facts) == [kind]
        assert kinds(act, **facts) == []
    cast.dips.refresh_from_db()
    assert cast.dips.sort_key == "|yejournal"
    assert (supplier.domains, cast.ikt.address) == (["c.example"], "hjelp@sykehus.example")


def test_a_target_goes_back_to_the_default(cast, kinds):
    place = {"level": "2", "step": "taken"}
    assert kinds(actions.set_target, **place, target=Target(minutes=60)) == [], "the default needs no row"
    assert kinds(actions.set_target, **place, target=Target(days=1)) == ["target_time_set"]
    assert kinds(actions.set_target, **place, target=Target(days=1)) == []
    assert queries.targets("2")["taken"] == Target(days=1)
    assert kinds(actions.set_target, **place, target=Target(minutes=60)) == ["target_time_withdrawn"]
    assert not TargetTime.objects.exists()


def test_a_priority_goes_back_to_the_default(cast, kinds):
    place = {"matrix": "incident", "impact": "individuals", "criticality": "ordinary"}
    assert kinds(actions.set_priority, **place, priority=4) == []
    assert kinds(actions.set_priority, **place, priority=3) == ["priority_cell_set"]
    assert kinds(actions.set_priority, **place, priority=3) == []
    assert queries.matrix("incident")["individuals", "ordinary"] == 3
    assert queries.matrix("other")["individuals", "ordinary"] == 4, "the other matrix keeps its own"
    assert kinds(actions.set_priority, **place, priority=4) == ["priority_cell_withdrawn"]
    assert not PriorityCell.objects.exists()
