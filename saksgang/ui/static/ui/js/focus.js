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
