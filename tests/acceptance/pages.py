"""What a person does on the pages, whatever language they are in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from saksgang.tickets.models import Ticket

AXE = Path(__file__).parent.parent / "vendor" / "axe-core" / "axe.min.js"
PICTURES = Path(__file__).resolve().parent.parent.parent / "var" / "screenshots"


def open_case(page, desk, ticket: Ticket) -> None:
    page.goto(f"{desk.url}/tickets/{ticket.pk}")


# What may come after an answer is chosen in the one composer.
THEN = {"resolution": "resolve", "waiting": "requester"}


def box(page, noun: str, **hints: str):
    """A form of the ticket page by its noun, with every panel around it opened as a person opens it."""
    if noun in THEN:
        form = box(page, "answer", **hints)
        choose(form, "then", THEN[noun])
        return form
    late = page.locator(f'late-panel[url*="/{noun}?"]')
    closed = late.first.locator("xpath=ancestor::details[not(@open)]")
    while closed.count():  # fetched when its panel is opened, which may stand behind «More»
        closed.first.locator("> summary").click()
    form = page.locator(f'form[action$="/{noun}"]').filter(**hints).first
    form.wait_for(state="attached")
    for panel in reversed(form.locator("xpath=ancestor::details[not(@open)]").all()):
        panel.locator("> summary").click()
    return form


def choose(form, name: str, value: str) -> None:
    """Answers a question by its value, whether it is drawn as radios or as a list."""
    radio = form.locator(f'input[type=radio][name={name}][value="{value}"]')
    if radio.count():
        radio.focus()
        form.page.keyboard.press("Space")
        assert radio.is_checked()
    else:
        form.locator(f"select[name={name}]").select_option(value)


def fill(form, **fields: Any) -> None:
    """Fills in fields by name: texts, choices, and True for a box to tick."""
    for name, value in fields.items():
        written = form.locator(
            f"textarea[name={name}], input[type=text][name={name}], input[type=number][name={name}], "
            f"input[type=datetime-local][name={name}], input[type=date][name={name}]"
        )
        if value is True or value is False:
            form.locator(f"input[type=checkbox][name={name}]").set_checked(value, force=True)
        elif written.count():
            written.first.fill(str(value))
        else:
            choose(form, name, str(value))


def send(form) -> None:
    """Presses the form's main button and waits for the page that follows."""
    page = form.page
    with page.expect_navigation():
        form.locator("button[type=submit]:visible").first.click()


LOOK = """([within, options]) => {
  if (!within) return axe.run(document, options);
  const parts = [...document.querySelectorAll(within)].map((one) => one.closest("details[open]") ?? one);
  if (!parts.length) throw new Error(`there is no ${within}`);
  return axe.run({ include: parts }, options);
}"""


def violations(page, *, only: list[str] | None = None, within: str = "") -> list[str]:
    """What axe finds, as short sentences. `only`: the rules to ask; `within`: what to look at, each with the panel around it."""
    if page.evaluate("window.axe === undefined"):
        page.evaluate(AXE.read_text())  # not as a script of the page: its policy would refuse it
    options = {"resultTypes": ["violations"], **({"runOnly": {"type": "rule", "values": only}} if only else {})}
    found = page.evaluate(LOOK, [within, options])
    return [
        f"{one['id']}: {one['nodes'][0]['target']} {one['nodes'][0].get('failureSummary', '')}"
        for one in found["violations"]
    ]


def picture(page, name: str) -> None:
    """For a person to look at, in var/screenshots; with SAKSGANG_PICTURES=1 only, as drawing takes longer than judging."""
    if os.environ.get("SAKSGANG_PICTURES"):
        page.screenshot(path=str(PICTURES / f"{name}.png"), full_page=True)


def wider_than_the_window(page) -> int:
    """By how many pixels the page would scroll sideways."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
