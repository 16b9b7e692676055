"""Pictures are pasted and dropped into what one writes and become its attachments, shown small; an address on copy is completed."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from saksgang.lib import files
from saksgang.tickets.models import Attachment, MessageRecipient
from tests.console.case.help import address, assessed
from tests.console.case.test_browser import visit  # noqa: F401 - a fixture
from tests.console.test_session_browser import axe

pytestmark = [pytest.mark.browser, pytest.mark.once]

# Hands files to what is written in, as the browser does after Ctrl+V or a drop.
HAND = """async ([selector, kind, what]) => {
  const held = new DataTransfer();
  for (const { name, type, size, words } of what) {
    let content = [words ?? "x".repeat(size ?? 10)];
    if (type === "image/png") {
      const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 32 });
      canvas.getContext("2d").fillRect(0, 0, 64, 32);
      content = [await new Promise((done) => canvas.toBlob(done))];
    }
    if (name) held.items.add(new File(content, name, { type }));
    else held.setData("text/plain", words);
  }
  const options = { bubbles: true, cancelable: true };
  const event = kind === "paste" ? new ClipboardEvent("paste", { ...options, clipboardData: held })
    : new DragEvent(kind, { ...options, dataTransfer: held });
  document.querySelector(selector).dispatchEvent(event);
  return event.defaultPrevented;
}"""
PICTURE = {"name": "image.png", "type": "image/png"}
WORDS = "#answer-words"


def composer(visit, cast, opened="answer"):  # noqa: F811
    ticket = assessed(cast, cast.case())
    return ticket, visit(f"{address('ticket', ticket)}?open={opened}")


def chosen(page, form="answer"):
    return page.locator(f"form[action$={form}] .file-chosen li")


def test_a_pasted_picture_is_shown_small_and_leaves_with_the_answer(visit, live_cast):  # noqa: F811
    ticket, page = composer(visit, live_cast)
    page.fill(WORDS, "Se bildet.")
    assert page.evaluate(HAND, [WORDS, "paste", [PICTURE]])
    assert page.evaluate(HAND, [WORDS, "paste", [PICTURE]])
    expect(chosen(page)).to_have_count(2)
    expect(chosen(page).nth(0)).to_be_visible()
    expect(chosen(page).locator("canvas")).to_have_count(2)
    names = chosen(page).locator(".name").all_inner_texts()
    assert len(set(names)) == 2, "two pictures from the clipboard have the same name to begin with"
    assert page.complaints == []
    assert axe(page) == []
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    kept = Attachment.objects.filter(message__ticket=ticket)
    assert sorted(kept.values_list("name", flat=True)) == sorted(names)
    assert files.read(kept[0].sha256).startswith(b"\x89PNG")


def test_words_are_pasted_as_words_also_when_a_picture_of_them_comes_along(visit, live_cast):  # noqa: F811
    _ticket, page = composer(visit, live_cast)
    both = [{"words": "A1\tB1"}, PICTURE]
    assert not page.evaluate(HAND, [WORDS, "paste", both])
    assert not page.evaluate(HAND, [WORDS, "paste", [{"words": "Hei"}]])
    expect(chosen(page)).to_have_count(0)


def test_what_is_dropped_is_chosen_and_what_is_too_large_says_so(visit, live_cast):  # noqa: F811
    _ticket, page = composer(visit, live_cast)
    page.evaluate("document.querySelector('form[action$=answer] file-list').setAttribute('max-bytes', '1000')")
    dropped = [{"name": "logg.txt", "type": "text/plain"}, {"name": "stor.bin", "type": "", "size": 5000}]
    assert page.evaluate(HAND, [WORDS, "dragover", dropped])
    assert page.evaluate(HAND, [WORDS, "drop", dropped])
    expect(chosen(page)).to_have_count(2)
    expect(chosen(page).nth(1)).to_contain_text("too large")
    expect(chosen(page).locator("canvas")).to_have_count(0)
    chosen(page).nth(1).locator("button").click()
    expect(chosen(page)).to_have_count(1)


def test_a_file_dropped_beside_the_boxes_does_not_take_the_page_away(visit, live_cast):  # noqa: F811
    _ticket, page = composer(visit, live_cast)
    assert page.evaluate(HAND, ["h1", "dragover", [PICTURE]])
    assert page.evaluate(HAND, ["h1", "drop", [PICTURE]])
    expect(chosen(page)).to_have_count(0)


def test_a_note_takes_pictures_as_well(visit, live_cast):  # noqa: F811
    ticket, page = composer(visit, live_cast, "note")
    page.fill("#note-words", "Slik ser det ut.")
    page.evaluate(HAND, ["#note-words", "paste", [PICTURE]])
    expect(chosen(page, "note")).to_have_count(1)
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert Attachment.objects.filter(message__ticket=ticket).count() == 1


def test_an_address_on_copy_is_completed_after_those_that_stand_there(visit, live_cast):  # noqa: F811
    ticket, page = composer(visit, live_cast)
    page.fill(WORDS, "Prøv nå.")
    page.locator("form[action$=answer] summary", has_text="Copies").click()
    cc = page.locator("#answer-cc")
    cc.press_sequentially("leder@sykehus.example, nora")
    option = page.locator(".lookup-list [role=option]", has_text="nora@sykehus.example")
    expect(option).to_be_visible()
    expect(page.locator(".lookup-list [role=option]:visible")).to_have_count(1)  # the answer to the last letter
    cc.press("ArrowDown")
    assert axe(page) == []
    page.evaluate("() => document.querySelector('person-lookup[several]').ask()")  # an answer that comes late
    cc.press("Enter")
    expect(cc).to_have_value("leder@sykehus.example, nora@sykehus.example, ")
    expect(page.locator("#answer-cc")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    copies = MessageRecipient.objects.filter(message__ticket=ticket, copy=True)
    assert list(copies.values_list("address", flat=True)) == ["leder@sykehus.example"], "Nora has it already"
