// <live-region url="…" topics="…" seconds="30">: a part of a page that fetches itself anew when something happened that it names
// (live.js), and by the clock: each `seconds` while there is no stream, and now and then all the same, since times on it go by.
// `url` answers with the inside of the region (or a whole page that holds an element with the same id) and an ETag; 304 changes
// nothing. Focus, and what is being typed, are kept: while a field inside has the focus nothing is swapped, and a row (li with an id)
// that somebody has written in stays as it is; while the answer has no such row, everything does.
import { get, nodes } from "./http.js";
import { isUp } from "./live.js";
import { written } from "./written.js";

const SPREAD = 500; // milliseconds: all who see the same case do not ask at the same moment
const APART = 1_000; // when much happens at once
const CALMER = 4; // times as long between two looks by the clock while the stream stands

class LiveRegion extends HTMLElement {
  connectedCallback() {
    const seconds = Number(this.getAttribute("seconds")) || 30;
    this.asked ??= Date.now();
    if (this.hasAttribute("at-once")) this.ask(); // what the page left out, since it is dear
    this.timer = setInterval(() => {
      if (this.stale || !isUp() || Date.now() - this.asked > seconds * CALMER * 1_000) this.ask();
    }, seconds * 1_000);
    // Coming back to a tab shows what is true now, not what was true at lunch.
    this.seen = () => { if (!document.hidden) this.ask(); };
    this.told = ({ detail }) => { if (this.concerns(detail.words)) this.soon(); };
    this.left = () => { if (this.stale) this.soon(); };
    document.addEventListener("visibilitychange", this.seen);
    document.addEventListener("live:told", this.told);
    this.addEventListener("focusout", this.left);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    clearTimeout(this.waiting);
    this.waiting = null;
    document.removeEventListener("visibilitychange", this.seen);
    document.removeEventListener("live:told", this.told);
    this.removeEventListener("focusout", this.left);
  }

  concerns(words) {
    return words.has("*") || (this.getAttribute("topics") ?? "").split(" ").some((topic) => words.has(topic));
  }

  // A tab in the background asks when it is looked at.
  soon() {
    this.stale = true;
    if (document.hidden) return;
    const apart = Math.max(0, this.asked + APART - Date.now());
    this.waiting ??= setTimeout(() => { this.waiting = null; this.ask(); }, Math.max(Math.random() * SPREAD, apart));
  }

  get busy() {
    return document.hidden || this.querySelector("input:focus, textarea:focus, select:focus, details[open] form, [data-dragged]");
  }

  async ask() {
    if (this.busy) return;
    if (this.asking) {
      this.again = true; // what happened after the server has answered is in the next answer
      return;
    }
    this.asking = true;
    this.stale = false;
    this.asked = Date.now();
    try {
      const headers = this.etag ? { "If-None-Match": this.etag } : {};
      const answer = await get(this.getAttribute("url"), { headers });
      this.tell(answer.ok || answer.status === 304);
      if (answer.status === 200) this.swap(await answer.text(), answer.headers.get("ETag"));
    } catch {
      this.tell(false);
    } finally {
      this.asking = false;
      if (this.again) this.soon();
      this.again = false;
    }
  }

  swap(html, etag) {
    if (this.busy) {
      this.stale = true;
      return;
    }
    const body = nodes(html);
    const fresh = (this.id && body.querySelector(`#${CSS.escape(this.id)}`)) || body;
    this.etag = etag;
    if (fresh.innerHTML.trim() === this.innerHTML.trim()) return;
    if (!this.keep(fresh)) return;
    const here = this.contains(document.activeElement) ? document.activeElement : null;
    const place = here && (here.id ? `#${CSS.escape(here.id)}` : here.getAttribute("href") && `[href="${CSS.escape(here.getAttribute("href"))}"]`);
    this.replaceChildren(...fresh.childNodes);
    if (place) this.querySelector(place)?.focus({ preventScroll: true });
    window.htmx?.process?.(this);
    this.dispatchEvent(new CustomEvent("live:changed", { bubbles: true }));
  }

  // The rows that somebody has written in, into what has come.
  keep(fresh) {
    const rows = [...this.querySelectorAll("li[id]")].filter(written);
    const places = rows.map((row) => fresh.querySelector(`#${CSS.escape(row.id)}`));
    this.stale = places.includes(null);
    if (this.stale) return false;
    places.forEach((place, nth) => place.replaceWith(rows[nth]));
    return true;
  }

  tell(fine) {
    for (const line of document.querySelectorAll(".live-state")) {
      line.dataset.state = fine ? "ok" : "lost";
      line.dataset.words ??= line.textContent;
      // Its last child only: the picture before the words stays.
      line.lastChild.textContent = fine ? line.dataset.words : line.dataset.lost ?? line.dataset.words;
    }
  }
}

customElements.define("live-region", LiveRegion);
