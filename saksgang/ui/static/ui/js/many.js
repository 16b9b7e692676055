// Several cases at once. x marks the row that has the focus, Shift+x and Shift+click everything from the last mark to there. The marks
// hold while the list renews itself. <form data-batch> does what is chosen part by part, so that one sees how far it has come; without
// script the same form does it in one go.
import { post, get } from "./http.js";
import { typing } from "./keys.js";
import { keysOff } from "./keyswitch.js";
import { sayWord } from "./say.js";

const PART = 25; // cases
const boxes = () => [...document.querySelectorAll("[data-rows] input[name=case]")];
const bar = () => document.querySelector(".many-bar");
const numberOf = (mark) => mark.split(".")[0];

let marked = new Map(); // number of a case → its mark
let last = null; // the row that was marked last

function show() {
  for (const box of boxes()) box.checked = marked.has(numberOf(box.value));
  const form = bar();
  if (!form) return;
  form.toggleAttribute("data-any", marked.size > 0);
  form.querySelector(".many-number").textContent = marked.size ? form.dataset.number.replace("{number}", marked.size) : "";
  // Marks of rows that are not on this page are sent by hidden fields.
  const here = new Set(boxes().map((box) => numberOf(box.value)));
  for (const field of form.querySelectorAll("[data-elsewhere]")) field.remove();
  for (const [number, mark] of marked) {
    if (here.has(number)) continue;
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "case", value: mark });
    field.dataset.elsewhere = "";
    form.append(field);
  }
}

function set(box, on) {
  if (on) marked.set(numberOf(box.value), box.value);
  else marked.delete(numberOf(box.value));
}

// Everything from the last mark to this one gets what this one gets.
function mark(box, on, range) {
  const all = boxes();
  const from = all.findIndex((one) => numberOf(one.value) === last);
  const to = all.indexOf(box);
  const chosen = range && from >= 0 ? all.slice(Math.min(from, to), Math.max(from, to) + 1) : [box];
  for (const one of chosen) set(one, on);
  last = numberOf(box.value);
  show();
}

document.addEventListener("click", (event) => {
  if (event.target.matches?.("[data-rows] input[name=case]")) mark(event.target, event.target.checked, event.shiftKey);
  if (event.target.closest?.(".many-all")) markAll();
});

document.addEventListener("reset", (event) => {
  if (!event.target.matches(".many-bar")) return;
  marked = new Map();
  setTimeout(show);
});

async function markAll() {
  const answer = await get(bar().dataset.all);
  if (!answer.ok) return;
  for (const one of (await answer.json()).marks) marked.set(numberOf(one), one);
  show();
}

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "x" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!bar() || keysOff() || typing(event) || document.querySelector("dialog[open]")) return;
  const row = document.activeElement.closest("tr") ?? document.querySelector("[data-rows] tbody tr");
  const box = row?.querySelector("input[name=case]");
  if (!box) return;
  event.preventDefault();
  if (!row.contains(document.activeElement)) row.querySelector("a").focus({ focusVisible: true });
  mark(box, event.shiftKey || !box.checked, event.shiftKey);
});

// The list has renewed itself: the marks stand on its new rows, with what is seen of the cases now.
document.addEventListener("live:changed", () => {
  for (const box of boxes()) if (marked.has(numberOf(box.value))) set(box, true);
  show();
});

async function carryOut(form, verb, cases) {
  const fields = [...new FormData(form)].filter(([name]) => !["case", "do", "batch"].includes(name));
  const progress = form.querySelector("progress");
  const line = form.querySelector(".many-number");
  let batch = "";
  let told = "";
  progress.hidden = false;
  for (let at = 0; at < cases.length; at += PART) {
    const part = cases.slice(at, at + PART).map((one) => ["case", one]);
    const answer = await post(form.action, [...fields, ["do", verb], ["batch", batch], ...part]);
    // A question that is not answered yet: the form itself shows which.
    if (!answer.headers.get("Content-Type")?.includes("json")) return false;
    ({ batch, told } = await answer.json());
    const done = Math.min(at + PART, cases.length);
    progress.value = (100 * done) / cases.length;
    line.textContent = form.dataset.doing.replace("{done}", done).replace("{all}", cases.length);
  }
  location.assign(told);
  return true;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const verb = event.submitter?.name === "do" ? event.submitter.value : "";
  if (event.defaultPrevented || !form.matches("[data-batch]") || form.dataset.go !== verb) return;
  const cases = new FormData(form).getAll("case");
  if (cases.length <= PART) return;
  event.preventDefault();
  const buttons = [...form.querySelectorAll("button:not(:disabled)")];
  for (const button of buttons) button.disabled = true;
  try {
    if (await carryOut(form, verb, cases)) return;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "do", value: verb }));
    form.submit();
  } catch {
    // What was done is done; pressing again does the rest, and says of the others that they are done.
    sayWord("offline", { level: "danger" });
    for (const button of buttons) button.disabled = false;
  }
});

show();
