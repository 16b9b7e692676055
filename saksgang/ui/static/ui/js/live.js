// One stream for the whole browser, however many tabs: a tab that holds the lock listens, and passes on to the others what it is told
// (HTTP/1.1 gives six connections to a host, and each page needs one now and then). What is told are topics; parts of pages that
// name one fetch themselves (poll.js). Without stream, lock or channel they ask by the clock, as before.
//
// Tells this page: «live:told» with {words: Set} when something happened, «live:up» and «live:down» when the stream comes and goes,
// «live:refused» when the server would not have it: mostly because the session is over (session.js).

const SILENT = 50_000; // milliseconds: the server gives a sign each fifteen seconds
const AGAIN = 30_000;
const PASSED_ON = 20_000;

const address = document.querySelector("meta[name=live]")?.content;
const able = Boolean(address && navigator.locks && "BroadcastChannel" in window && "EventSource" in window);
const channel = able ? new BroadcastChannel("live") : null;

let since = Number(address?.split("since=")[1]) || 0; // the server's clock
let up = false;
let silence;
let past = []; // what this tab has passed on lately, for a tab that opens just now
let letGo = null;

function tell(kind, words = "") {
  document.dispatchEvent(new CustomEvent(`live:${kind}`, { detail: { words: new Set(words.split(" ").filter(Boolean)) } }));
}

function heard({ kind, words, id }) {
  if (kind === "refused") {
    tell("refused");
    return;
  }
  if (id) since = Math.max(since, id);
  if (!up && kind !== "down") tell("up");
  up = kind !== "down";
  clearTimeout(silence);
  if (up) silence = setTimeout(() => heard({ kind: "down" }), SILENT);
  else tell("down");
  if (kind === "told") tell("told", words);
}

function pass(message) {
  const now = Date.now();
  past = [...past.filter((one) => one.at > now - PASSED_ON), { ...message, at: now }];
  channel.postMessage(message);
  heard(message);
}

// Listens for as long as the page stands; resolves when it goes, and then the lock is another tab's.
function listen() {
  return new Promise((leave) => {
    let source;
    let timer;
    const open = () => {
      source = new EventSource(`${address.split("?")[0]}?since=${since}`);
      for (const kind of ["told", "beat"]) {
        source.addEventListener(kind, (event) => pass({ kind, words: event.data, id: Number(event.lastEventId) }));
      }
      source.addEventListener("error", () => {
        pass({ kind: "down" });
        // The server has said no: the session is over, or too many listen. Else the browser comes again by itself.
        if (source.readyState !== EventSource.CLOSED) return;
        pass({ kind: "refused" });
        timer = setTimeout(open, AGAIN);
      });
    };
    open();
    letGo = () => {
      clearTimeout(timer);
      source.close();
      letGo = null;
      leave();
    };
  });
}

function begin() {
  navigator.locks.request("live", () => (closing ? null : listen()));
  channel.postMessage({ kind: "hello", from: performance.timeOrigin });
}

let closing = false;

if (able) {
  channel.addEventListener("message", ({ data }) => {
    if (data.kind !== "hello") heard(data);
    else if (letGo && up) {
      const missed = past.filter((one) => one.kind === "told" && one.at >= data.from - 2_000).map((one) => one.words);
      channel.postMessage(missed.length ? { kind: "told", words: missed.join(" "), id: since } : { kind: "beat", id: since });
    }
  });
  addEventListener("pagehide", () => { closing = true; letGo?.(); });
  // Back from the browser's own store of pages: the tab stands in line again.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    closing = false;
    begin();
  });
  begin();
}

export const isUp = () => up;
