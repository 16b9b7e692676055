// <live-region data-signs url="…">: besides being told who else looks, this tab gives its own sign: when it is shown, each half
// minute, and when somebody begins or ends to write in one of the page's boxes. It says so too when it is left.
import { post } from "./http.js";
import { isUp } from "./live.js";

const EVERY = 25_000;
const WRITES = 20_000; // after the last key one only reads
const tab = Math.random().toString(36).slice(2, 14);
const region = document.querySelector("live-region[data-signs]");

let writing = "";
let rests;
let timer;

async function sign(fields = {}) {
  const answer = await post(region.getAttribute("url"), { tab, writing, ...fields }, { keepalive: "gone" in fields }).catch(() => null);
  if (answer?.status === 200 && !("gone" in fields)) region.swap(await answer.text(), answer.headers.get("ETag"));
}

function begin() {
  clearInterval(timer);
  if (document.hidden) return;
  timer = setInterval(sign, EVERY);
  sign();
}

function leave() {
  clearInterval(timer);
  writing = "";
  sign({ gone: "1" });
}

function write(box) {
  clearTimeout(rests);
  if (box) rests = setTimeout(() => write(""), WRITES);
  if (box === writing) return;
  writing = box;
  sign();
}

// Where there is no stream nobody hears of it in time: then nothing is told either.
if (region) {
  document.addEventListener("live:up", begin, { once: true });
  if (isUp()) begin();
  document.addEventListener("visibilitychange", () => {
    if (!isUp()) return;
    if (document.hidden) leave();
    else begin();
  });
  document.addEventListener("input", (event) => {
    const address = event.target.closest?.("draft-box")?.getAttribute("url");
    if (address && isUp()) write(address.split("/").pop());
  });
  addEventListener("pagehide", () => { if (isUp()) leave(); });
}
