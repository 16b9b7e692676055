// Tells people what happened without moving their focus: a toast that screen readers read out.

const region = () => document.getElementById("toasts");

export function say(text, { level = "info", link = null } = {}) {
  const toast = document.createElement("undo-toast");
  toast.className = "toast";
  toast.dataset.level = level;
  const line = document.createElement("p");
  line.textContent = text;
  toast.append(line);
  if (link) toast.append(link);
  region()?.append(toast);
  return toast;
}

// Words that the server translated, kept as data-… on the region: sayWord("offline").
export function sayWord(name, options) {
  const text = region()?.dataset[name];
  if (text) say(text, options);
}

export const word = (name) => region()?.dataset[name] ?? "";

// For the ear only: the text is put into an empty status region, so that the same words twice are heard twice.
export function hush(text) {
  let ear = document.getElementById("hush");
  if (!ear) {
    ear = document.createElement("div");
    ear.id = "hush";
    ear.className = "visually-hidden";
    ear.setAttribute("role", "status");
    document.body.append(ear);
  }
  ear.textContent = "";
  setTimeout(() => { ear.textContent = text; }, 100);
}
