// <div data-list>: the page of a list. A filter works as soon as it is chosen: the same page is fetched for the new address and takes
// the place of this one, and the address says what is shown. A date or a word counts when one leaves its field, since it is half
// written until then. Without script the form's button does the same.
import { get, nodes } from "./http.js";
import { hush } from "./say.js";

const list = () => document.querySelector("[data-list]");
let asked;

function address(form) {
  const url = new URL(form.action || location.href, location.href);
  url.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  return url;
}

async function show(url, { name = "", push = true } = {}) {
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await get(url, { signal: asked.signal });
    const fresh = answer.ok && nodes(await answer.text());
    if (!fresh?.querySelector("[data-list]")) throw new Error("no such list");
    const more = list().querySelector("details.more-filters")?.open;
    list().replaceWith(document.importNode(fresh.querySelector("[data-list]"), true));
    if (more) list().querySelector("details.more-filters").open = true;
    const title = list().querySelector("h1").textContent.replace(/\s+/g, " ").trim();
    document.title = title;
    if (push) history.pushState({ list: true }, "", url);
    list().querySelector(`[data-filters] :is(select, input):not([type=hidden])[name="${CSS.escape(name)}"]`)?.focus();
    hush(title);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url);
  }
}

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("[data-filters]");
  if (form && event.target.matches("select")) show(address(form), { name: event.target.name });
});

document.addEventListener("focusout", (event) => {
  const form = event.target.closest?.("[data-filters]");
  if (!form || !event.target.matches("input") || event.target.value === event.target.defaultValue) return;
  show(address(form), { name: event.relatedTarget?.name });
});

// Back and forward show the list that the address says.
addEventListener("popstate", () => list() && show(location.href, { push: false }));

// The number in the heading follows the one beside the list's name at the side.
document.addEventListener("live:changed", (event) => {
  const number = list()?.querySelector("[data-count-here]");
  if (number && event.target.id === "lists") {
    number.textContent = event.target.querySelector("[aria-current=page] .nav-count")?.textContent ?? "0";
  }
});
