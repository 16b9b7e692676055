"""Every change of teams, persons and accounts writes one event, and one that changes nothing writes none."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from saksgang.events.models import Event
from saksgang.people import actions
from saksgang.people.models import Account, Person, PersonAddress
from saksgang.people.queries import find_persons
from tests.cast import PASSWORD, SETUP


@pytest.fixture
def kinds(cast):
    """Runs an action and gives the kinds of the events it wrote."""

    def run(act, **facts) -> list[str]:
        last = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
        act(by=SETUP, **facts)
        return list(Event.objects.filter(id__gt=last).values_list("kind", flat=True))

    return run


def test_teams_departments_persons_and_accounts(cast, kinds):
    account = Account.objects.get_by_natural_key("kari")
    for act, facts, kind in (
        (actions.change_team, {"team": cast.network, "name": "Åpent nett"}, "team_changed"),
        (actions.change_department, {"department": cast.ward, "phone": "+47 55 44"}, "department_changed"),
        (actions.change_person, {"person": cast.dag, "department": cast.ward, "phone": "12 34"}, "person_changed"),
        (actions.add_address, {"person": cast.dag, "address": "D@Sykehus.example"}, "address_vouched"),
        (actions.let_sign_in, {"account": account, "active": False}, "account_changed"),
    ):
        assert kinds(act, **facts) == [kind]
        assert kinds(act, **facts) == []
    cast.network.refresh_from_db()
    assert (cast.network.sort_key, cast.ward.phone) == ("}pent nett", "+475544")


def test_a_person_is_found_by_what_is_new(cast):
    actions.change_person(by=SETUP, person=cast.dag, name="Ørjan Lege", phone="77 88")
    actions.add_address(by=SETUP, person=cast.dag, address="orjan@sykehus.example")
    for words in ("ørjan", "7788", "orjan@"):
        assert [one["name"] for one in find_persons(words, Person.objects.all())] == ["Ørjan Lege"]


def test_an_address_known_from_a_mail_is_vouched_for_once(cast, kinds):
    facts = {"person": cast.nora, "address": "nora@sykehus.example"}
    assert kinds(actions.add_address, **facts) == ["address_vouched"]
    assert PersonAddress.objects.get(address="nora@sykehus.example").verified_at
    assert kinds(actions.add_address, **facts) == []


def test_nobody_gets_the_address_of_another(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.add_address(by=SETUP, person=cast.dag, address="nora@sykehus.example")


def test_a_password_that_is_there_is_kept(cast, kinds):
    account = Account.objects.get_by_natural_key("kari")
    assert kinds(actions.set_first_password, account=account, password="en-annen-gulrot") == []
    assert account.check_password(PASSWORD)
    new = actions.open_account(by=SETUP, person=cast.nora, username="nora", password=None)
    assert kinds(actions.set_first_password, account=new, password="en-annen-gulrot") == ["password_set"]
    assert Account.objects.get(pk=new.pk).check_password("en-annen-gulrot")
