// Where the focus goes: to the summary of errors when a form comes back, and never to nowhere after a swap.
document.querySelector("[data-focus-on-load]")?.focus();

document.addEventListener("htmx:before:swap", () => {
  const here = document.activeElement;
  if (!here?.id) return;
  document.addEventListener(
    "htmx:after:swap",
    () => {
      if (document.activeElement === document.body) document.getElementById(here.id)?.focus({ preventScroll: true });
    },
    { once: true },
  );
});

export const shown = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;

// Into a panel: to where one writes, else to its first field, else to the button that says yes. A panel in the head of a case is read
// from its top: to whom comes before why.
export function lead(panel) {
  const fields = [...panel.querySelectorAll("textarea, input:not([type=hidden]), select")].filter(shown);
  const text = !panel.matches(".head-act") && fields.find((field) => field.matches("textarea"));
  const yes = [...panel.querySelectorAll("button")].find(shown);
  (fields.find((field) => field.matches("[autofocus]")) || text || fields[0] || yes)?.focus();
}
