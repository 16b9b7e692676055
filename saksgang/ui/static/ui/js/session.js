// A session that ends under an open page: it is said, with a link that signs in beside the page, and the page goes on when that
// is done. «session:ended» and «session:other» come from http.js; «session:back» tells that one is in again.
import { get, renew } from "./http.js";
import { say, sayWord, word } from "./say.js";

const AGAIN = 15_000;
const channel = "BroadcastChannel" in window ? new BroadcastChannel("session") : null;
let out = "";
let timer;

export const signInUrl = () => word("signInUrl");

function link() {
  const address = signInUrl();
  if (!address) return null;
  const made = document.createElement("a");
  made.href = address;
  made.target = "_blank";
  made.textContent = word("signIn");
  return made;
}

function lost(why) {
  if (out === why) return;
  out = why;
  document.querySelector(".toast[data-session]")?.remove();
  const toast = say(word(why), { level: "error", link: why === "ended" ? link() : null });
  if (toast) toast.dataset.session = why;
  clearInterval(timer);
  timer = setInterval(look, AGAIN);
}

// Is one in again? Then every form of the page gets the token that is good now.
async function look() {
  const url = word("sessionUrl");
  if (!url) return;
  try {
    const answer = await get(url);
    if (answer.status !== 204) return;
    renew(answer.headers.get("X-Form-Token"));
  } catch {
    return;
  }
  const was = out;
  out = "";
  clearInterval(timer);
  document.querySelector(".toast[data-session]")?.remove();
  if (was) sayWord("back");
  document.dispatchEvent(new CustomEvent("session:back"));
}

const lookIfOut = () => { if (out && !document.hidden) look(); };

document.addEventListener("session:ended", () => lost("ended"));
document.addEventListener("session:other", () => lost("other"));
// One signed in beside this page without its noticing: only its token is old.
document.addEventListener("session:old", () => look());
// The stream of changes has ended and is not let in again: is one still signed in?
document.addEventListener("live:refused", look);
document.addEventListener("visibilitychange", lookIfOut);
addEventListener("focus", lookIfOut);
channel?.addEventListener("message", () => { if (out) look(); });
if (document.querySelector("[data-signed-in]")) channel?.postMessage("in");
