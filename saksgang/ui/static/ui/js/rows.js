// j and k go through the rows of whatever has data-rows; each row's one link takes the focus, so Enter opens it.
import { typing } from "./keys.js";
import { keysOff } from "./keyswitch.js";

// Beside a case the same keys go from case to case (walk.js).
const links = () => [...document.querySelectorAll("[data-rows] :is(.queue-subject, .slip-row > a, [data-row])")].filter((one) => !one.closest("[data-beside]"));

function step(by) {
  const all = links();
  if (!all.length) return;
  const here = all.indexOf(document.activeElement);
  const next = here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1);
  // focusVisible: the ring must show also when the mouse was used last.
  all[next].focus({ focusVisible: true });
  all[next].closest("tr, li")?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event) || document.querySelector("dialog[open]")) return;
  if ((event.key === "j" || event.key === "k") && !keysOff()) {
    event.preventDefault();
    step(event.key === "j" ? 1 : -1);
  }
});
