"""Two and three people on one case at once: nobody's words are lost, nothing is overwritten unseen, and each gets through in the end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from saksgang.events.models import Event
from saksgang.tickets.actions import assessment
from saksgang.tickets.models import Ticket
from tests.acceptance.conftest import let_in
from tests.acceptance.pages import box, fill
from tests.console.case.help import ahead

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

WORDS = "Ordene mine skal ikke bli borte."


class Deed:
    """What somebody is about to do: the form that they fill in, and the kind of event that it becomes."""

    def __init__(self, kind: str, noun: str, fields: Callable[..., dict[str, object]]) -> None:
        self.kind, self.noun, self.fields = kind, noun, fields


DEEDS = {
    "answers": Deed("message_sent", "answer", lambda cast: {"words": WORDS}),
    "notes": Deed("note_written", "note", lambda cast: {"words": WORDS}),
    "asks": Deed("ticket_waits_for_requester", "waiting", lambda cast: {"words": WORDS, "until": ahead(3)}),
    "solves": Deed("ticket_resolved", "resolution", lambda cast: {"words": WORDS}),
    "hands over": Deed("ticket_handed_over", "handover", lambda cast: {"team": str(cast.network.pk), "reason": WORDS}),
    "gives": Deed("ticket_given", "giving", lambda cast: {"to": str(cast.liv.pk), "reason": WORDS}),
    "assesses": Deed("ticket_assessed", "assessment", lambda cast: {"type": "SERVICE_REQUEST"}),
    "closes": Deed("ticket_closed", "closure", lambda cast: {"reason": "WITHDRAWN", "words": WORDS}),
}
NAMES = list(DEEDS)
# Each deed before and after two others: who comes first and who second is not the same to any of them.
PAIRS = [(name, NAMES[(at + step) % len(NAMES)]) for at, name in enumerate(NAMES) for step in (1, 3)]


def begin(page, desk, ticket, name):
    """The page of the case with the form filled in; nothing is sent yet."""
    page.goto(f"{desk.url}/tickets/{ticket.pk}")
    deed = DEEDS[name]
    form = box(page, deed.noun)
    fill(form, **deed.fields(desk.cast))
    return form


def send(form) -> None:
    page = form.page
    field = form.locator("textarea:visible, input[type=text]:visible, select:visible").first
    field.focus()
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")


def second(page, ticket, name) -> list[str]:
    """Whoever comes second is stopped once, sees what came, has their words, and gets through or is told why not. Returns what came."""
    if is_done(page, ticket):
        return []  # it overwrites nothing
    came = page.locator(".came")
    expect(came).to_be_visible()
    assert WORDS in written(page) or name == "assesses"
    titles = came.locator(".came-title").all_text_contents()
    with page.expect_navigation():
        came.locator("button").click()
    if not is_done(page, ticket):
        expect(page.locator(".ds-error-summary, .banner[role=alert]").first).to_be_visible()
        assert WORDS in written(page) or name == "assesses"
    return titles


def is_done(page, ticket) -> bool:
    """A form that was carried out leads to the case's own page."""
    return page.url.split("?")[0].split("#")[0].endswith(f"/tickets/{ticket.pk}")


def written(page) -> str:
    fields = page.locator("textarea, input[type=text]")
    return " ".join(fields.evaluate_all("(all) => all.map((one) => one.value)"))


@pytest.fixture
def others(desk, browser):
    """The pages of Kari, Knut and Liv, each in a browser of their own. No answer of the server is a failure."""
    faults: list[str] = []
    contexts, pages = [], []
    for person in (desk.cast.kari, desk.cast.knut, desk.cast.liv):
        context = browser.new_context()
        let_in(context, desk, person)
        page = context.new_page()
        page.on("response", lambda answer: faults.append(answer.url) if answer.status >= 500 else None)
        contexts.append(context)
        pages.append(page)
    yield pages
    for context in contexts:
        context.close()
    assert faults == []


def a_case(cast) -> Ticket:
    ticket = cast.case()
    facts = {"type": "INCIDENT", "service": cast.dips, "impact": "individuals", "consequence": "degraded"}
    return assessment.assess(ticket=ticket, by=cast.kari, **facts)


def kinds(ticket) -> list[str]:
    return list(Event.objects.filter(ticket_id=ticket.pk).order_by("id").values_list("kind", flat=True))


def test_two_people_in_every_way_of_meeting(desk, others):
    kari, knut, _liv = others
    for one, two in PAIRS:
        ticket = a_case(desk.cast)
        first_form, second_form = begin(kari, desk, ticket, one), begin(knut, desk, ticket, two)
        send(first_form)
        assert DEEDS[one].kind in kinds(ticket), (one, two)
        send(second_form)
        second(knut, ticket, two)
        assert not is_done(knut, ticket) or DEEDS[two].kind in kinds(ticket)[1:], (one, two, kinds(ticket))


def test_three_people_at_once_and_the_last_hears_of_both(desk, others):
    ticket = a_case(desk.cast)
    names = ("answers", "asks", "solves")
    forms = [begin(page, desk, ticket, name) for page, name in zip(others, names, strict=True)]
    came = []
    for form, name in zip(forms, names, strict=True):
        send(form)
        came = second(form.page, ticket, name)
    assert len(came) == 2
    assert [kind for kind in kinds(ticket) if kind in {DEEDS[name].kind for name in names}] == [
        "message_sent",
        "ticket_waits_for_requester",
        "ticket_resolved",
    ]
