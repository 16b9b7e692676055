// Going through a list case by case: which list one came from, and its order then, are kept in this tab only. On a case,
// <nav data-walk> leads to the next, the one before, and back to the list, where the case one comes from has the focus.
const KEPT = "walk";
const LINKS = "[data-rows] :is(.queue-subject, .slip-row > a, [data-row])";

const here = () => location.pathname + location.search;
const links = () => [...document.querySelectorAll(LINKS)];

export function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? null;
  } catch {
    return null;
  }
}

// The list of this page. What fetches it anew is known where it renews itself.
function list() {
  const region = document.querySelector("main live-region:has([data-rows])");
  const part = region && new URL(region.getAttribute("url"), location.href);
  return {
    address: here(),
    title: document.querySelector("main h1")?.firstChild?.textContent.trim() ?? "",
    part: part ? part.pathname + part.search : "",
    topics: region?.getAttribute("topics") ?? "",
  };
}

document.addEventListener("click", (event) => {
  if (!event.target.closest?.(LINKS)) return;
  const cases = links().map((one) => one.pathname);
  sessionStorage.setItem(KEPT, JSON.stringify({ ...(event.target.closest("[data-beside]") ? kept() : list()), cases }));
});

function lead(link, address) {
  link.hidden = !address;
  if (address) link.href = address;
}

function walk(nav) {
  const came = kept();
  const at = came?.cases.indexOf(location.pathname) ?? -1;
  if (at < 0) return;
  const back = nav.querySelector("[data-back]");
  back.textContent = came.title;
  lead(back, came.address);
  nav.querySelector("[data-place]").textContent = nav.dataset.place.replace("{at}", at + 1).replace("{all}", came.cases.length);
  lead(nav.querySelector("[data-before]"), came.cases[at - 1]);
  lead(nav.querySelector("[data-after]"), came.cases[at + 1]);
  nav.hidden = false;
}

const nav = document.querySelector("nav[data-walk]");
if (nav) walk(nav);
else if (kept()?.address === here() && document.referrer) {
  const from = new URL(document.referrer).pathname;
  links().find((one) => one.pathname === from)?.focus();
}
