// A form is sent once: a second click while the first is on its way does nothing. Coming back with the Back key gives the
// buttons back. Forms that htmx sends are left to htmx; data-many lets a form be sent as often as one likes.

const sent = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-many")) return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.add(form);
  // Busy, not disabled: a disabled button's own name and value would not be sent.
  for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-busy", "true");
});

addEventListener("pageshow", () => {
  for (const form of document.forms) {
    sent.delete(form);
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }
});
