// Remembers how far down a list one was: <… data-keep-scroll> on a page makes coming back to it land where one left.
const key = `scroll:${location.pathname}${location.search}`;

if (document.querySelector("[data-keep-scroll]")) {
  const [type] = performance.getEntriesByType("navigation");
  const before = Number(sessionStorage.getItem(key));
  // A link back to the list counts as coming back; a first visit does not.
  const fromInside = document.referrer.startsWith(`${location.origin}/`);
  if (before && type?.type !== "reload" && fromInside && !location.hash) scrollTo({ top: before, behavior: "instant" });
  addEventListener("pagehide", () => sessionStorage.setItem(key, String(Math.round(scrollY))));
}

// On a phone the lists lie in one line; the one that is shown shall be in sight.
const here = document.querySelector(".nav-link[aria-current]");
const nav = here?.closest(".sidebar");
if (nav && nav.scrollWidth > nav.clientWidth) nav.scrollLeft = here.offsetLeft - nav.clientWidth / 3;
