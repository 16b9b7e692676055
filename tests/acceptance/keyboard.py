"""Hands that never touch the mouse: every step says what is wrong with the focus, if something is."""

from __future__ import annotations

# What is wrong with where the focus is; empty when all is well. Seen means: an outline of two pixels or more, drawn on the thing
# itself or on what stands for it (the card of a radio button, the row of a link), inside the window and not covered.
# The start of the page and <main> are where one reads from; there is nothing to press, and so no ring.
FAULT = """() => {
  const here = document.activeElement;
  if (!here || here === document.body || here.id === "main") return "";
  const name = `${here.tagName.toLowerCase()} ${here.name || here.className || here.id} «${here.textContent.trim().slice(0, 30)}»`;
  const ringed = (node) => {
    const style = getComputedStyle(node);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && !/, 0\\)$/.test(style.outlineColor);
  };
  let node = here;
  while (node && node.id !== "main" && !ringed(node)) node = node.parentElement;
  if (!node || node.id === "main") return `no ring on ${name}`;
  const box = here.getBoundingClientRect();
  if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) return `out of sight: ${name}`;
  const stands = (at) => at && (here.contains(at) || at.contains(here) || node.contains(at) || at.closest("label")?.control === here);
  const within = (value, most) => Math.min(Math.max(value, 0), most - 1);
  const points = [[0.5, 0.5], [0.1, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.9]];
  const seen = points.some(([x, y]) => stands(document.elementFromPoint(
    within(box.left + x * box.width, innerWidth), within(box.top + y * box.height, innerHeight))));
  return seen ? "" : `covered: ${name}`;
}"""
LIMIT = 120  # presses of Tab before we say that something cannot be reached


class Keyboard:
    """The keys of one page. `after_each` is asked after every press, for what else a test wants to hold."""

    def __init__(self, page, after_each=lambda: None) -> None:
        self.page, self.after_each = page, after_each

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.check()

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)
        self.check()

    def check(self) -> None:
        fault = self.page.evaluate(FAULT)
        assert not fault, f"{fault}, at {self.page.url}"
        self.after_each()

    def is_on(self, selector: str) -> bool:
        return self.page.evaluate("(selector) => document.activeElement.matches(selector)", selector)

    def tab_to(self, selector: str, *, key: str = "Tab") -> None:
        """Presses Tab until the focus is on what `selector` names."""
        for _nth in range(LIMIT):
            if self.is_on(selector):
                return
            self.press(key)
        raise AssertionError(f"{selector} is not reached by {LIMIT} presses of {key}")

    def go(self, key: str) -> None:
        """A key that leads to another page. One arrives when it is loaded with its scripts, from where every key of it works."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self.check()

    def wait_for(self, selector: str) -> None:
        """Until the focus has been led to what `selector` names."""
        self.page.locator(selector).and_(self.page.locator(":focus")).first.wait_for(timeout=10_000)
        self.check()

    def round_trip(self) -> int:
        """Tab from the first stop of the page until one is there again; returns how many stops there were."""
        self.page.locator(".ds-skip-link").focus()
        for nth in range(1, 400):
            self.page.evaluate("window.before = document.activeElement")
            self.press("Tab")
            if self.page.evaluate("document.activeElement === document.body") or self.is_on(".ds-skip-link"):
                return nth
            stays = self.page.evaluate(
                "window.before === document.activeElement && !/date|time/.test(window.before.type)"
            )
            assert not stays, (
                f"Tab does not lead on from {self.page.evaluate('document.activeElement.outerHTML')[:200]}"
            )
        raise AssertionError("the focus never comes back to the start: a trap")
