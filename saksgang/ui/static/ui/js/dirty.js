// <form data-dirty>: leaving with unsaved changes asks first. The browser writes the question; we only say that there is one.
const changed = new WeakSet();

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.hasAttribute("data-dirty")) changed.add(form);
});

// A saved draft is safe on the server; sending is not leaving.
const clean = (event) => {
  const form = event.target.closest?.("form");
  if (form && !event.defaultPrevented) changed.delete(form);
};
document.addEventListener("submit", clean);
document.addEventListener("draft:saved", clean);

addEventListener("beforeunload", (event) => {
  if ([...document.querySelectorAll("form[data-dirty]")].some((form) => changed.has(form))) event.preventDefault();
});
