// <form data-dirty>: leaving with unsaved changes asks first. The browser writes the question; we only say that there is one.
// What a <draft-box> keeps is sent as the page is left, so it asks only where that would fail.
const changed = new WeakSet();

const kept = (field) => field.closest("draft-box") ?? field.form?.querySelector("draft-box[data-fields]");

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.hasAttribute("data-dirty") && !kept(event.target)) changed.add(form);
});

// Sending is not leaving.
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) changed.delete(event.target);
});

addEventListener("beforeunload", (event) => {
  const forms = [...document.querySelectorAll("form[data-dirty]")];
  const drafts = [...document.querySelectorAll("draft-box")];
  if (forms.some((form) => changed.has(form)) || drafts.some((draft) => draft.atRisk)) event.preventDefault();
});
