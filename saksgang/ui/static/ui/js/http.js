// fetch with what every request of ours needs.

function token() {
  const field = document.querySelector("input[name=csrfmiddlewaretoken]");
  return field ? field.value : "";
}

// POSTs a form's fields. The answer is returned whatever its status; no contact at all rejects.
export function post(url, fields, { keepalive = false } = {}) {
  return fetch(url, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch" },
    credentials: "same-origin",
    keepalive,
  });
}

export function get(url, { headers = {}, signal } = {}) {
  return fetch(url, { headers: { "X-Requested-With": "fetch", ...headers }, credentials: "same-origin", signal });
}

// A fragment of our own server's HTML, as nodes. Scripts in it never run: a parsed document does not run them.
export function nodes(html) {
  return new DOMParser().parseFromString(html, "text/html").body;
}
