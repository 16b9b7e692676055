// The page of a case opens where one reads on: at the line over what is new, else at the end of what was said. An address that
// names a place goes there, and so does coming back.
const [visit] = performance.getEntriesByType("navigation");
const begin = document.getElementById("begin");
const last = document.querySelector(".ticket-conversation > .conversation > li:last-child");

if (!location.hash && visit?.type === "navigate" && !document.querySelector("[data-focus-on-load]")) {
  (begin ?? last)?.scrollIntoView({ block: begin ? "start" : "nearest", behavior: "instant" });
}
