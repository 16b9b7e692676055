import pytest

from saksgang.console.registration.mentioned import mentioned
from saksgang.tickets.models import Ticket
from tests.acceptance.keyboard import Keyboard
from tests.console.case.test_browser import visit  # noqa: F401 - a fixture
from tests.console.desk import signed_in

NEW = "/tickets/new"
WORDS = "SKR-214 på rom 3.214 er tom, ring 12345"


@pytest.mark.once
@pytest.mark.parametrize(
    ("words", "found"),
    [
        (WORDS, {"place": "rom 3.214", "callback_number": "12345", "equipment_number": "SKR-214"}),
        ("Hun nås på 41 23 45 67", {"callback_number": "41 23 45 67"}),
        ("+47 41234567", {"callback_number": "+47 41234567"}),
        ("PC 004512 i Rom B12", {"place": "Rom B12", "equipment_number": "PC 004512"}),
        ("tlf. 4711", {"callback_number": "4711"}),
        ("Det samme som SAK-4711", {}),
        ("HL7 og COVID-19 i DIPS, 12.03.2026", {}),
        ("Personnummer 01019012345", {}),
    ],
)
def test_what_the_words_hold(words, found):
    assert mentioned(words) == found


def send(cast, **changes):
    facts = {"who": cast.nora.name, "who_id": cast.nora.pk, "channel": "PHONE", "what": WORDS}
    return signed_in(cast.kari).post(NEW, facts | {"team": cast.service_desk.pk, "do": "register"} | changes)


def test_only_what_is_ticked_is_taken_and_what_the_agent_wrote_counts_more(cast):
    assert send(cast).status_code == 303
    assert send(cast, take=["place", "equipment_number"], place="Vaktrommet").status_code == 303
    first, second = Ticket.objects.order_by("id")
    assert (first.place, first.equipment_number) == ("", "")
    assert (second.place, second.equipment_number, second.callback_number) == ("Vaktrommet", "SKR-214", "")


def test_without_script_it_is_offered_by_what_is_filled_in_so_far_and_the_ticks_stay(cast):
    page = send(cast, do="look", take="place", callback_number="54321")
    offered = {one["name"]: one["chosen"] for one in page.context["mentioned"]}
    assert offered == {"place": True, "equipment_number": False}, "the number has been written already"
    assert not Ticket.objects.exists()


@pytest.mark.browser
@pytest.mark.once
def test_it_is_offered_while_one_writes_and_taken_by_the_space_bar(visit):  # noqa: F811
    page = visit(NEW)
    keys = Keyboard(page)
    keys.tab_to("input[name=what]")
    keys.type(WORDS)
    page.locator("#take-equipment_number").wait_for()
    keys.tab_to("#take-equipment_number")
    keys.press("Space")
    assert page.locator("#take-equipment_number").is_checked()
