// <form data-composer>: Ctrl+Enter presses the button that shows. Escape puts the way to write away; its draft is kept.
// What one has begun follows from one way to the next. A note's words stay in the note until a press says that they may leave.
import { lead, shown } from "./focus.js";

const ways = () => [...document.querySelectorAll("details.act")];
const textOf = (way) => way?.querySelector("textarea[name=words]");
const isNote = (way) => Boolean(way.querySelector("form[data-kind=note]"));
// What a note was given from an answer is not written as a note: it may go back as it came.
let lent = "";

function put(area, words) {
  area.value = words;
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function carry(from, to) {
  const [source, target] = [textOf(from), textOf(to)];
  if (!source?.value.trim() || !target || target.value.trim()) return;
  if (isNote(from) && source.value !== lent) return;
  lent = isNote(to) ? source.value : "";
  put(target, source.value);
  put(source, "");
}

// The offer stands in an answer while a note is begun and the answer is empty.
function offer(to) {
  const note = ways().find(isNote);
  const begun = !isNote(to) && textOf(note)?.value.trim() && !textOf(to)?.value.trim();
  for (const button of to.querySelectorAll("[data-from-note]")) button.hidden = !begun;
}

let before = ways().find((way) => way.open);

function arrive(way) {
  if (!textOf(way)) return; // it is still being fetched
  if (before && before !== way) carry(before, way);
  before = way;
  offer(way);
}

// A browser tells of what opened when it has time, and not at all of what was closed again by then: one has arrived when the hands are there.
document.addEventListener("focusin", (event) => {
  const way = event.target.closest?.("details.act[open]");
  if (way && event.target === textOf(way)) arrive(way);
});
document.addEventListener("toggle", (event) => event.target.matches?.("details.act") && event.target.open && arrive(event.target), true);
document.addEventListener("late:here", (event) => {
  const way = event.target.closest("details.act");
  if (way) arrive(way);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-from-note]");
  if (!button) return;
  const [way, note] = [button.closest("details.act"), ways().find(isNote)];
  put(textOf(way), textOf(note).value);
  put(textOf(note), "");
  offer(way);
  lead(way);
});

// Also where one assesses, gives, hands over or closes: the hands are on the keys there too.
const PANELS = ":is(.act, .head-act, .assess) form, form.many-form, form.quick";

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.(PANELS);
  if (!form || event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    const within = form.matches(".quick") ? event.target.closest("details.act") ?? form : form;
    const button = [...within.querySelectorAll("button[type=submit]:not(:disabled)")].find(shown);
    if (button) form.requestSubmit(button);
  }
  if (event.key === "Escape" && event.target.matches(".act textarea")) {
    event.preventDefault();
    const way = event.target.closest("details.act");
    way.open = false;
    way.querySelector("summary").focus();
  }
});
