// <ol data-order>: rows are dragged to their place, among those of the same owner; Alt and an arrow press the buttons that do the same.
import { post } from "./http.js";

let dragged = null;

const beside = (row) => [...row.parentElement.children].filter((one) => one.dataset.owner === row.dataset.owner);
const row = (event) => event.target.closest?.("[data-order] > li");

document.addEventListener("dragstart", (event) => {
  dragged = row(event);
  if (dragged) dragged.dataset.dragged = "";
});
document.addEventListener("dragover", (event) => {
  const over = row(event);
  if (!dragged || !over || over.dataset.owner !== dragged.dataset.owner) return;
  event.preventDefault();
  const { top, height } = over.getBoundingClientRect();
  if (over !== dragged) over[event.clientY < top + height / 2 ? "before" : "after"](dragged);
});
document.addEventListener("dragend", async () => {
  const moved = dragged;
  dragged = null;
  if (!moved) return;
  delete moved.dataset.dragged;
  await post(moved.querySelector("form").action, { to: beside(moved).indexOf(moved) });
  location.reload();
});
document.addEventListener("keydown", (event) => {
  const step = { ArrowUp: "-1", ArrowDown: "1" }[event.key];
  const button = event.altKey && step && row(event)?.querySelector(`[data-step="${step}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});
