"""Who may open which page: signed out, without a role, an agent, an administrator."""

import pytest
from django.test import Client

from saksgang.access.actions import grant
from saksgang.access.roles import Role
from saksgang.people import actions as people
from tests.cast import SETUP
from tests.console.desk import signed_in

READ = ["/", "/queue", "/queue?show=mine", "/search?q=x", "/persons?q=x", "/mail", "/mail/tray", "/mailboxes"]
REGISTER = ["/tickets/new", "/tickets/new?fragment=1"]


@pytest.fixture
def no_role(cast):
    person = people.add_person(by=SETUP, name="Uten Rolle")
    people.open_account(by=SETUP, person=person, username="uten", password=None)
    return person


@pytest.fixture
def administrator(no_role):
    grant(by=SETUP, person=no_role, role=Role.ADMINISTRATOR)
    return no_role


@pytest.mark.parametrize("address", READ + REGISTER)
def test_signed_out_one_is_asked_to_sign_in(cast, address):
    response = Client().get(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in?next=/")


@pytest.mark.parametrize("address", READ + REGISTER)
def test_without_a_role_one_may_not(no_role, address):
    assert signed_in(no_role).get(address).status_code == 403


@pytest.mark.parametrize("address", READ + REGISTER)
def test_an_agent_may(cast, address):
    assert signed_in(cast.kari).get(address).status_code == 200


@pytest.mark.parametrize(("address", "status"), [(one, 200) for one in READ] + [(one, 403) for one in REGISTER])
def test_an_administrator_reads_but_does_not_register(administrator, address, status):
    assert signed_in(administrator).get(address).status_code == status


def test_somebody_who_has_left_may_not(cast):
    client = signed_in(cast.kari)
    cast.kari.active = False
    cast.kari.save(update_fields=["active"])
    assert client.get("/queue").status_code == 403


def test_an_administrator_takes_no_cases(administrator):
    assert signed_in(administrator).post("/queue/next").status_code == 403


@pytest.mark.parametrize(
    "address", ["/queue/next", "/sign-out", "/language", "/mail/1/retry", "/mail/1/registration", "/mail/1/handled"]
)
def test_what_changes_something_is_never_a_link(cast, address):
    assert signed_in(cast.kari).get(address).status_code == 405


def test_forms_carry_a_token(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.kari.account)
    assert client.post("/queue/next").status_code == 403
