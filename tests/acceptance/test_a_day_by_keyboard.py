"""A day's work in keystrokes: what is typed as words or letters of a name does not count, every other key does."""

from __future__ import annotations

import pytest

from saksgang.tickets.models import Ticket
from tests.acceptance.conftest import let_in
from tests.acceptance.keyboard import Keyboard

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.once]

# The same jobs on the page of a case that had nine buttons at its foot, counted with the same hands.
BEFORE = {"assess": 11, "answer and solve": 5, "next": 5, "hand over": 7}


class Counted(Keyboard):
    """Counts its presses from one job to the next."""

    def __init__(self, page) -> None:
        super().__init__(page)
        self.pressed = 0

    def press(self, key: str) -> None:
        self.pressed += 1
        super().press(key)

    def go(self, key: str) -> None:
        self.pressed += 1
        super().go(key)

    def done(self) -> int:
        pressed, self.pressed = self.pressed, 0
        return pressed


def assess(keys: Counted) -> int:
    form = 'form[action$="/assessment"]'
    keys.press("1")
    keys.tab_to(f"{form} select[name=service]")
    keys.type("DIPS")
    for question in ("impact", "consequence"):
        keys.tab_to(f"{form} input[name={question}]")
        keys.press("Space")
    keys.go("Control+Enter")
    return keys.done()


def answer_and_solve(keys: Counted) -> int:
    keys.press("l")
    keys.wait_for("#act-answer textarea[name=words]")
    keys.type("Vi har byttet rullen.")
    keys.go("Control+Enter")
    return keys.done()


def hand_over(keys: Counted) -> int:
    keys.press("o")
    keys.wait_for("select[name=team]")
    keys.type("Nettverk")
    keys.tab_to("#act-handover textarea[name=reason]")
    keys.type("Det er nettet.")
    keys.go("Control+Enter")
    return keys.done()


def test_every_job_takes_fewer_keys_than_it_did(desk, page):
    cases = [desk.cast.case() for _ in range(2)]
    let_in(page.context, desk, desk.cast.kari)
    page.goto(desk.url + "/queue?show=team")
    page.wait_for_load_state("networkidle")
    keys = Counted(page)
    keys.press("j")
    keys.go("Enter")
    keys.done()
    taken = {"assess": assess(keys), "answer and solve": answer_and_solve(keys)}
    keys.go("j")
    taken["next"] = keys.done()
    taken["hand over"] = hand_over(keys)
    assert [Ticket.objects.get(pk=case.pk).state for case in cases] == ["RESOLVED", "NEW"]
    assert Ticket.objects.get(pk=cases[1].pk).team == desk.cast.network
    assert all(taken[job] < BEFORE[job] for job in BEFORE), taken
