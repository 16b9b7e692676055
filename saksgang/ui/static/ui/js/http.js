// fetch with what every request of ours needs.

function token() {
  const field = document.querySelector("input[name=csrfmiddlewaretoken]");
  return field ? field.value : "";
}

// Whom this page was made for: nothing of it is saved in another's name.
const writer = () => document.querySelector("meta[name=writer]")?.content;

const ours = () => ({ "X-Requested-With": "fetch", ...(writer() ? { "X-Writer": writer() } : {}) });

// Nobody is signed in any more, or somebody else is: session.js tells it and waits for the end of it.
function told(answer) {
  if (answer.status === 401) document.dispatchEvent(new CustomEvent("session:ended"));
  if (answer.status === 409) document.dispatchEvent(new CustomEvent("session:other"));
  if (answer.status === 403 && answer.headers.get("X-Form-Token") === "old") document.dispatchEvent(new CustomEvent("session:old"));
  return answer;
}

// POSTs a form's fields. The answer is returned whatever its status; no contact at all rejects.
export async function post(url, fields, { keepalive = false } = {}) {
  return told(await fetch(url, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { "X-CSRFToken": token(), ...ours() },
    credentials: "same-origin",
    keepalive,
  }));
}

export async function get(url, { headers = {}, signal } = {}) {
  return told(await fetch(url, { headers: { ...ours(), ...headers }, credentials: "same-origin", signal }));
}

// The token that forms of this page need from now on.
export function renew(fresh) {
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = fresh;
}

// A fragment of our own server's HTML, as nodes. Scripts in it never run: a parsed document does not run them.
export function nodes(html) {
  return new DOMParser().parseFromString(html, "text/html").body;
}
