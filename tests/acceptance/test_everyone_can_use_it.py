"""Every page: axe finds nothing, light and dark, wide and narrow, in three languages; nothing scrolls sideways at 320 px.

With SAKSGANG_PICTURES=1 pictures of each are left in var/screenshots for a person to look at.
"""

import pytest
from django.test import Client
from django.urls import reverse

from saksgang.access.actions import grant
from saksgang.access.models import RoleGrant
from saksgang.access.roles import Role
from saksgang.catalogue.actions import add_routing_rule
from saksgang.catalogue.models import Category
from saksgang.console import urls
from saksgang.console.lists import saved
from saksgang.console.models import Batch, SavedView
from saksgang.lib import clock
from saksgang.tickets.actions import answering
from saksgang.tickets.actions.clarification import ask, decide
from saksgang.tickets.actions.major.incident import start, update
from saksgang.tickets.actions.major.membership import join
from saksgang.tickets.actions.reopening import reopen
from saksgang.tickets.kinds import Decision
from saksgang.tickets.models import Ticket
from tests.acceptance.conftest import let_in
from tests.acceptance.pages import box, fill, open_case, picture, violations, wider_than_the_window
from tests.cast import PASSWORD, SETUP
from tests.improvements.steps import joins, made, step_to
from tests.tickets.steps import assess_as, kind_of_case

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.once]

WIDTHS = (1440, 320)
# In the dark it is the same page with other colours: what it is made of has been judged in the light.
ABOUT_COLOURS = ["color-contrast", "link-in-text-block"]
# By the name of each address in saksgang/console/urls.py.
SIGNED_OUT = {"sign_in": "/sign-in", "accessibility": "/accessibility"}
PLAIN = {
    "front": ["/"],
    "queue": ["/queue?show=all", "/queue?show=mine", "/queue?show=waiting", "/queue?show=all&state=any&quiet=1"],
    "views": ["/views"],
    "triage": ["/triage"],
    "suppliers": ["/suppliers"],
    "assessments": ["/assessments"],
    "batch": ["/many/{batch}"],
    "majors": ["/majors"],
    "ticket": ["/tickets/{number}", "/tickets/{forwarded}", "/tickets/{closed}"],
    "ticket_history": ["/tickets/{number}/history"],
    "search": ["/search?q=skriver"],
    "mail": ["/mail"],
    "mail_row": ["/mail/{mail}"],
    "mail_tray": ["/mail/tray"],
    "mailboxes": ["/mailboxes"],
    "routing": ["/routing"],
    "improvements": ["/improvements?q=skriv"],
    "improvements_of_team": ["/improvements/team/{team}"],
    "improvement": ["/improvements/{improvement}"],
    "components": ["/components"],
    "signed_in": ["/signed-in"],
}
WITH_FORMS = {
    "registration": ["/tickets/new"],
    "announcements": ["/announcements"],
    "tallies": ["/tallies"],
    "calls": ["/calls"],
    "major": ["/majors/{major}"],
    "major_solution": ["/majors/{major}/solution"],
    "major_facts": ["/majors/{major}/facts"],
    "major_redaction": ["/majors/{major}/redaction"],
    "improvement_redaction": ["/improvements/{improvement}/redaction"],
    "major_start": ["/majors/new", "/majors/new?case={number}"],
    "ticket_identity": ["/tickets/{demanding}/identity"],
    "ticket_answer": ["/tickets/{number}/answer"],
    "ticket_note": ["/tickets/{number}/note"],
    "ticket_conversation": ["/tickets/{number}/conversation"],
    "ticket_outward": ["/tickets/{number}/outward"],
    "ticket_waiting": ["/tickets/{number}/waiting"],
    "ticket_next_step": ["/tickets/{number}/next-step"],
    "ticket_priority": ["/tickets/{number}/priority"],
    "ticket_assessment": ["/tickets/{number}/assessment"],
    "ticket_subject": ["/tickets/{number}/subject"],
    "ticket_place": ["/tickets/{number}/place"],
    "ticket_department": ["/tickets/{number}/department"],
    "ticket_requester": ["/tickets/{number}/requester"],
    "ticket_giving": ["/tickets/{number}/giving"],
    "ticket_handover": ["/tickets/{number}/handover"],
    "ticket_clarification": ["/tickets/{number}/clarification"],
    "triage_question": ["/triage/{question}"],
    "ticket_resolution": ["/tickets/{number}/resolution"],
    "ticket_improvement": ["/tickets/{number}/improvement"],
    "ticket_closure": ["/tickets/{number}/closure", "/tickets/{closed}?open=reopening"],
    "ticket_restriction": ["/tickets/{number}/restriction"],
    "ticket_sub_case": ["/tickets/{number}/sub-case"],
    "ticket_split": ["/tickets/{number}/split"],
    "ticket_link": ["/tickets/{number}/link"],
    "message_detachment": ["/messages/{message}/detachment"],
}
FORMS_ONLY = "It takes what a form sends and leads on to another page; asked for as a page it refuses."
A_FILE = "It hands out a file as it came: there is nothing of ours to look at."
EXCUSED = {
    "ticket_assessment_result": "It is a line of the case's page, fetched as one answers, and looked at there.",
    "kind_lookup": "Its lines stand in the open list of a field (tests/console/case/test_kind.py).",
    "sign_out": FORMS_ONLY,
    "language": FORMS_ONLY,
    "take_next": FORMS_ONLY,
    "view": FORMS_ONLY,
    "batch_undo": FORMS_ONLY,
    "many": "Its page answers a form, and is looked at in a test of its own below.",
    "marked": "It answers scripts with the marks of a list, and shows nothing.",
    "view_counts": "The saved views at the side, which are looked at on every page.",
    "ticket_assignment": FORMS_ONLY,
    "ticket_undoing": FORMS_ONLY,
    "ticket_mention": FORMS_ONLY,
    "ticket_mentionable": "Its lines stand in the open list of a note, which is looked at there (tests/console/case/test_mention.py).",
    "draft": FORMS_ONLY,
    "registration_draft": FORMS_ONLY,
    "delivery_resending": FORMS_ONLY,
    "message_direct": FORMS_ONLY,
    "message_sender": FORMS_ONLY,
    "message_requester": FORMS_ONLY,
    "message_thanks": FORMS_ONLY,
    "message_withdrawal": FORMS_ONLY,
    "announcement_end": FORMS_ONLY,
    "major_update": FORMS_ONLY,
    "major_cases": FORMS_ONLY,
    "ticket_major": FORMS_ONLY,
    "routing_place": FORMS_ONLY,
    "improvement_place": FORMS_ONLY,
    "improvement_case": FORMS_ONLY,
    "improvement_facts": "The page of the improvement, with what is written on it.",
    "improvements_like": "Its lines stand in the open list of a field (tests/console/improvements).",
    "routing_rule": "Only those who set the desk up open it: it is looked at in a test of its own below.",
    "mail_retry": FORMS_ONLY,
    "mail_registration": FORMS_ONLY,
    "mail_handled": FORMS_ONLY,
    "mailbox_count": FORMS_ONLY,
    "message_raw": A_FILE,
    "attachment": A_FILE,
    "picture": A_FILE,
    "mail_raw": A_FILE,
    "session": "It answers scripts with a few words, and shows nothing.",
    "live": "It says whether somebody may listen to what changes, and shows nothing.",
    "counts": "The lists at the side, which are looked at on every page.",
    "presence": "A line in the head of a case's page, looked at there (tests/console/live).",
    "ticket_standing": "Parts of a case's page, looked at there (tests/console/live).",
    "ticket_news": "The line over a case's page, looked at there (tests/console/live).",
    "person_lookup": "Its lines stand in the open list of the registration, which is looked at with the list open.",
}


def test_every_address_of_the_console_is_looked_at_or_excused():
    looked_at = SIGNED_OUT.keys() | PLAIN.keys() | WITH_FORMS.keys()
    assert {one.name for one in urls.urlpatterns} == looked_at | EXCUSED.keys()
    assert looked_at.isdisjoint(EXCUSED)


def test_what_is_excused_for_taking_forms_shows_no_page(cast):
    for one in urls.urlpatterns:
        if EXCUSED.get(one.name) == FORMS_ONLY:
            some = {"number": 1, "pk": 1, "box": "answer"}
            named = {name: some[name] for name in one.pattern.converters}
            assert Client().get(reverse(f"console:{one.name}", kwargs=named)).status_code == 405, one.name


def numbers(desk) -> dict[str, int]:
    """The cases and mails that the addresses name."""
    mail = desk.ledger()[0]
    return {
        "number": mail.ticket.pk,
        "message": mail.ticket.messages.order_by("id").first().pk,
        "mail": mail.pk,
        "forwarded": Ticket.objects.get(subject__startswith="VS:").pk,
        "closed": Ticket.objects.get(subject="Feil adresse").pk,
        "batch": a_batch(desk.cast, mail.ticket),
        "question": a_question(desk.cast),
        "major": a_major_incident(desk.cast),
        "demanding": a_demanding_case(desk.cast),
        "call": a_call(desk.cast),
        "team": desk.cast.service_desk.pk,
        "improvement": an_improvement(desk.cast),
    }


def a_call(cast) -> int:
    """An answer to somebody without an address, which Kari has yet to say."""
    ticket = cast.case(subject="Skapet er låst", requesters=[cast.phone_only])
    return answering.answer(ticket=ticket, by=cast.kari, words="Vaktmesteren kommer.").pk


def a_demanding_case(cast) -> int:
    """A case of a kind that nobody gets before we know who asks; such a kind there is once."""
    kind = Category.objects.filter(name_nb="Glemt passord").first() or kind_of_case(cast)
    return assess_as(cast, cast.case(subject="Passordet er glemt"), kind).pk


def an_improvement(cast) -> int:
    """One with an open case behind it, somebody to phone and a date, first of a list with others on it, and over ones below."""
    improvement = made(cast, ticket := cast.case(), title="Skriv ut fra mobilen", effort="SMALL", gain="LARGE")
    joins(cast, improvement, cast.phone_only)
    step_to(cast, improvement, "PLANNED")
    reopen(ticket=ticket, by=cast.kari, reason="Hun spør igjen")
    step_to(cast, made(cast, title="Trådløs mus til alle"), "DECLINED")
    made(cast, title="Skriv ut fra nettbrettet")
    return improvement.pk


def a_major_incident(cast) -> int:
    """One with an update and two cases, of which one stays open when it is solved."""
    facts = {"service": cast.dips, "impact": "departments", "consequence": "stops"}
    major = start(by=cast.kari, title="Ingen får logget på", **facts)
    for person in (cast.nora, cast.phone_only):
        join(ticket=cast.case(subject="Får ikke logget på DIPS", requesters=[person]), by=cast.kari, major=major)
    update(major=major, by=cast.kari, words="Vi har funnet feilen.", words_en="We have found the fault.")
    return major.pk


def a_question(cast) -> int:
    """Something that Kari decides in the triage team, of a case that was asked about before."""
    if not RoleGrant.objects.filter(person=cast.kari, role=Role.TRIAGE_MANAGER).exists():
        grant(by=SETUP, person=cast.kari, role=Role.TRIAGE_MANAGER, team=cast.triage)
    ticket = cast.case(subject="Nettbrett til mottaket")
    for answer in ("Ja, til jordmor i mottaket.", ""):
        asked = ask(ticket=ticket, by=cast.kari, question="Skal føden få egne nettbrett?", words="Vi spør lederne.")
        if answer:
            decide(clarification=asked, by=cast.kari, decision=Decision.ANSWERED, reason=answer, words=answer)
    return asked.pk


def a_batch(cast, ticket) -> int:
    """Something was done to several cases, and a view is saved."""
    name = "Bestillinger som venter"
    if not SavedView.objects.filter(person=cast.kari, name=name).exists():
        saved.save(by=cast.kari, name=name, query="show=all&type=ORDER")
    told = {"did": [[ticket.pk, 1]], "could_not": [[ticket.pk + 1, "Noen andre gjorde noe på saken."]]}
    return Batch.objects.create(person=cast.kari, verb="take", seen_at=clock.now(), **told).pk


class Looking:
    """One browser page that goes from address to address, and what was found wrong on the way."""

    def __init__(self, desk, page) -> None:
        self.desk, self.page, self.faults = desk, page, []
        self.around: set[tuple[int, str]] = set()  # widths and schemes in which the page around a panel has been judged
        self.known = numbers(desk)
        page.emulate_media(reduced_motion="reduce")

    def go(self, address: str) -> None:
        self.page.goto(self.desk.url + address.format(**self.known))

    def look(self, name: str, *, widths=WIDTHS, schemes=("light", "dark"), panel: str = "") -> None:
        """The page as it stands, in every width and scheme: it is loaded once, as the colours and lines follow by themselves.

        `panel`: the form that stands open on a page of the case. What is around it is the same for all, and judged with the first.
        """
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": 900})
            if (over := wider_than_the_window(self.page)) > 0:
                self.faults.append(f"{name}, {width} px: scrolls sideways by {over} px")
            for scheme in schemes:
                self.page.emulate_media(color_scheme=scheme)
                picture(self.page, f"{name}-{scheme}-{width}")
                only = ABOUT_COLOURS if scheme == "dark" else None
                within = panel if (width, scheme) in self.around else ""
                self.around |= {(width, scheme)} if panel else set()
                found = violations(self.page, only=only, within=within)
                self.faults += [f"{name}, {scheme}, {width} px: {one}" for one in found]


def panel_of(name: str, address: str) -> str:
    """The form at an address of the page of a case, with all that stands open there."""
    noun = address.rpartition("/")[2]
    return (
        f'main details[open], form[action$="/{noun}"]'
        if name.startswith(("ticket_", "message_")) and "?" not in noun
        else ""
    )


def pictured(name: str, nth: int) -> str:
    return f"{name}-{nth}" if nth else name


def test_axe_finds_nothing_on_any_page_in_light_and_dark_wide_and_narrow(lively_desk, page):
    looking = Looking(lively_desk, page)
    for name, address in SIGNED_OUT.items():
        looking.go(address)
        looking.look(name)
    let_in(page.context, lively_desk, lively_desk.cast.kari)
    for name, addresses in {**PLAIN, **WITH_FORMS}.items():
        for nth, address in enumerate(addresses):
            looking.go(address)
            looking.look(pictured(name, nth), panel=panel_of(name, address) if name in WITH_FORMS else "")
    looking.go("/tickets/new")
    page.keyboard.type("nora")
    page.locator("[role=option]").first.wait_for()
    looking.look("registration-list")
    looking.go("/tickets/999999")
    looking.look("not-found")
    assert looking.faults == []


def test_axe_finds_nothing_on_what_is_asked_of_several_cases(lively_desk, page):
    looking = Looking(lively_desk, page)
    let_in(page.context, lively_desk, lively_desk.cast.kari)
    for verb in ("give", "handover", "assess", "wait", "major", "merge", "close"):
        looking.go("/queue?show=all")
        for mark in page.locator("input[name=case]").all():
            mark.check()
        if verb == "give":
            looking.look("queue-marked")
        with page.expect_navigation():
            page.click(f".many-bar button[value={verb}]")
        looking.look(f"many-{verb}", panel=".many-form")
    assert looking.faults == []


@pytest.mark.parametrize("width", [768, 1024, 2560])
def test_no_page_is_wider_than_its_window(lively_desk, page, width):
    looking = Looking(lively_desk, page)
    let_in(page.context, lively_desk, lively_desk.cast.kari)
    page.set_viewport_size({"width": width, "height": 900})
    for name, addresses in {**PLAIN, **WITH_FORMS}.items():
        for address in addresses:
            looking.go(address)
            assert wider_than_the_window(page) <= 0, (name, address)


@pytest.mark.parametrize("language", ["nn", "en"])
def test_axe_finds_nothing_on_the_forms_in_the_other_languages(lively_desk, page, language):
    looking = Looking(lively_desk, page)
    page.context.add_cookies([{"name": "language", "value": language, "url": lively_desk.url}])
    for name, address in SIGNED_OUT.items():
        looking.go(address)
        looking.look(f"{name}-{language}", widths=(320,), schemes=("light",))
    let_in(page.context, lively_desk, lively_desk.cast.kari)
    for name, addresses in WITH_FORMS.items():
        for nth, address in enumerate(addresses):
            looking.go(address)
            assert page.locator("html").get_attribute("lang") == language
            panel = panel_of(name, address)
            looking.look(f"{pictured(name, nth)}-{language}", widths=(320,), schemes=("light",), panel=panel)
    assert looking.faults == []


def test_every_form_works_without_script(lively_desk, browser):
    """The same way with scripts off: a locked-down PC on a ward is no reason for silence."""
    desk = lively_desk
    ticket = desk.cast.case(subject="Uten script")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(desk.url + "/sign-in")
    page.fill("input[name=username]", "kari")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    open_case(page, desk, ticket)
    form = box(page, "answer")
    fill(form, words="Vi ser på det.")
    with page.expect_navigation():
        form.locator("button[type=submit]").filter(visible=True).first.click()
    ticket.refresh_from_db()
    assert ticket.answers_owed == 0
    context.close()


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_axe_finds_nothing_on_the_routing_rules_as_those_who_write_them_have_them(lively_desk, page, language):
    cast = lively_desk.cast
    grant(by=SETUP, person=cast.kari, role=Role.ADMINISTRATOR)
    first = add_routing_rule(
        by=SETUP, team=cast.network, words="vpn\nheimekontor*", sender="lab.sykehus.example", channel="EMAIL"
    )
    add_routing_rule(by=SETUP, team=cast.triage, department=cast.ward, active=False, question="Skal vi ta imot det?")
    looking = Looking(lively_desk, page)
    page.context.add_cookies([{"name": "language", "value": language, "url": lively_desk.url}])
    let_in(page.context, lively_desk, cast.kari)
    everywhere = {} if language == "nb" else {"widths": (320,), "schemes": ("light",)}
    looking.go(f"/routing/{first.pk}")
    looking.look(f"routing-rule-{language}", **everywhere)
    looking.go("/routing")
    page.fill("[name=words]", "skriver*, journal*")
    page.select_option("[name=team]", str(cast.triage.pk))
    page.fill("[name=question]", "Skal vi ta imot det?")
    page.press("[name=words]", "Tab")
    page.locator("button[value=try]").press("Enter")
    page.locator("#tried").wait_for()
    looking.look(f"routing-tried-{language}", **everywhere)
    assert looking.faults == []
