// <a href="?open=…" data-opens="id">: opens the panel with that id where one stands; data-chooses: the radio to choose in it.
// Without script the link leads to the page with the panel open.
import { lead } from "./focus.js";

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-opens]");
  const panel = link && document.getElementById(link.dataset.opens);
  if (!panel || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  panel.open = true;
  if (link.dataset.chooses) panel.querySelector(`[type=radio][value="${CSS.escape(link.dataset.chooses)}"]`)?.click();
  lead(panel);
});
