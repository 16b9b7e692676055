// On a very wide screen (queue.css) the list that one came from stands beside the case, alive, with the case's row marked.
import { kept } from "./walk.js";

const WIDE = matchMedia("(min-width: 2200px)");
const aside = document.querySelector("[data-beside]");
const came = aside && kept();

function mark() {
  for (const link of aside.querySelectorAll("[data-rows] a")) {
    link.toggleAttribute("aria-current", link.pathname === location.pathname);
    if (link.hasAttribute("aria-current")) link.setAttribute("aria-current", "page");
  }
  aside.querySelector("[aria-current]")?.closest("tr, li").scrollIntoView({ block: "nearest" });
}

function show() {
  if (!WIDE.matches || aside.querySelector("live-region")) return;
  const region = document.createElement("live-region");
  for (const [name, value] of Object.entries({ url: came.part, topics: came.topics, seconds: "30", "at-once": "" })) region.setAttribute(name, value);
  aside.querySelector("h2").textContent = came.title;
  aside.hidden = false;
  aside.append(region);
  region.addEventListener("live:changed", mark);
}

if (came?.part && came.cases.includes(location.pathname)) {
  show();
  WIDE.addEventListener("change", show);
}
