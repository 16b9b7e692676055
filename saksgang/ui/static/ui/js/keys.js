// Keys: data-key="n" on a link, button, summary, details, input or textarea. The key does what a click would do (a field
// gets the focus). In a composer that is put away, it is opened first. Ignored while one types and while Ctrl, Alt or Meta is
// down. `?` lists the keys of the page.

import { lead, shown } from "./focus.js";
import { keysOff } from "./keyswitch.js";

const FIELDS = "input, textarea, select, [contenteditable=''], [contenteditable=true]";

export const typing = (event) => event.target.closest?.(FIELDS) && !event.target.matches("[type=radio], [type=checkbox], [type=button], [type=submit]");


// The thing to press: a details is opened by its summary.
const target = (element) => (element.matches("details") ? element.querySelector("summary") : element);

// The closed composer that something stands in, or the closed button behind which what is seldom done stands.
const away = (element) => element.closest("[data-composer]")?.closest("details:not([open])") ?? element.closest("details[data-rest]:not([open])");
const reachable = (element) => shown(away(element)?.querySelector("summary") ?? element);

function find(key) {
  const all = document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`);
  return [...all].map(target).find((element) => element && reachable(element) && !element.matches(":disabled, [aria-disabled=true]"));
}

function press(element) {
  const rest = element.closest("details[data-rest]");
  if (rest) rest.open = true;
  const composer = element.closest("[data-composer]")?.closest("details");
  if (composer && !element.matches("summary")) composer.open = true;
  if (composer && element.matches("[type=radio]")) {
    element.click();
    lead(composer);
    return;
  }
  if (element.matches(FIELDS)) {
    element.focus();
    if (element.matches("[type=radio], [type=checkbox]")) element.click();
    return;
  }
  const details = element.matches("summary") ? element.closest("details") : null;
  // A panel that is open already is where one wants to be: its key leads into it and does not close it.
  if (!details?.open) element.click();
  if (details?.open) lead(details);
}

function name(element) {
  if (element.dataset.keyName) return element.dataset.keyName;
  const copy = (element.labels?.[0] ?? element).cloneNode(true);
  copy.querySelectorAll("kbd, .visually-hidden").forEach((part) => part.remove());
  return (element.getAttribute("aria-label") ?? copy.textContent).replace(/\s+/g, " ").trim();
}

function row(key, text) {
  const term = document.createElement("dt");
  const box = document.createElement("kbd");
  box.textContent = key;
  term.append(box);
  const words = document.createElement("dd");
  words.textContent = text;
  return [term, words];
}

function list() {
  const dialog = document.getElementById("keys");
  if (!dialog || dialog.open) return;
  const rows = dialog.querySelector("dl");
  const texts = rows.dataset;
  const seen = new Map([["/", document.getElementById("search") ? texts.search : ""]]);
  if (document.querySelector("[data-rows]")) {
    seen.set("j", texts.next).set("k", texts.previous).set("Enter", texts.open);
  }
  if (document.querySelector(".many-bar")) seen.set("x", texts.mark).set("Shift+x", texts.range);
  for (const element of document.querySelectorAll("[data-key]")) {
    const pressed = target(element);
    if (pressed && reachable(pressed) && !seen.has(element.dataset.key)) seen.set(element.dataset.key, name(pressed));
  }
  seen.set("?", texts.help);
  rows.replaceChildren(...[...seen].filter(([, text]) => text).flatMap(([key, text]) => row(key, text)));
  dialog.showModal();
}

// In a question, a digit is the answer of that number.
function option(event) {
  const asked = /^[1-9]$/.test(event.key) && event.target.closest?.(".ask [type=radio]");
  return asked ? [...document.getElementsByName(asked.name)].filter((one) => one.form === asked.form)[event.key - 1] : undefined;
}

function leave(event) {
  // Escape in a field gives the page its keys back.
  if (event.key === "Escape" && event.target.matches?.(FIELDS) && !event.defaultPrevented) event.target.blur();
}

document.addEventListener("keydown", (event) => {
  leave(event);
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (keysOff() || typing(event) || document.querySelector("dialog[open]")) return;
  if (event.key === "?") {
    event.preventDefault();
    list();
    return;
  }
  const element = event.key === "/" ? document.getElementById("search") : option(event) ?? find(event.key);
  if (!element) return;
  event.preventDefault();
  press(element);
  if (event.key === "/") element.select();
});
