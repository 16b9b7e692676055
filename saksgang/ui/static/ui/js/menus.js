// <details data-menu>: closes on Escape and when one goes elsewhere. Escape also closes an open panel of actions, and the form
// of a fact that changes where it stands: what was typed stands there when it is opened again.
const menus = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("focusin", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  // In a field the first Escape only leaves the field (keys.js); what was typed stays on the page.
  if (event.target.matches?.("input, textarea, select") && !event.target.closest("[data-menu], .fact-edit")) return;
  const open = event.target.closest?.("details[data-menu][open], details.act[open], details.fact-edit[open]") ?? [...menus()][0];
  if (!open) return;
  open.open = false;
  open.querySelector("summary")?.focus();
});
