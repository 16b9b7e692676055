// <live-region url="…" seconds="30" data-lost="…">: asks again for its own content. `url` answers with the inside of the
// region (or a whole page that holds an element with the same id) and an ETag; 304 changes nothing. Focus, and what is
// being typed, are kept: while a field inside has the focus nothing is swapped.
import { get, nodes } from "./http.js";

class LiveRegion extends HTMLElement {
  connectedCallback() {
    const seconds = Number(this.getAttribute("seconds")) || 30;
    this.timer = setInterval(() => this.ask(), seconds * 1_000);
    // Coming back to a tab shows what is true now, not what was true at lunch.
    this.seen = () => { if (!document.hidden) this.ask(); };
    document.addEventListener("visibilitychange", this.seen);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.seen);
  }

  get busy() {
    return document.hidden || this.querySelector("input:focus, textarea:focus, select:focus, details[open] form");
  }

  async ask() {
    if (this.busy || this.asking) return;
    this.asking = true;
    try {
      const headers = this.etag ? { "If-None-Match": this.etag } : {};
      const answer = await get(this.getAttribute("url"), { headers });
      this.tell(answer.ok || answer.status === 304);
      if (answer.status === 200) this.swap(await answer.text(), answer.headers.get("ETag"));
    } catch {
      this.tell(false);
    } finally {
      this.asking = false;
    }
  }

  swap(html, etag) {
    if (this.busy) return;
    const body = nodes(html);
    const fresh = (this.id && body.querySelector(`#${CSS.escape(this.id)}`)) || body;
    this.etag = etag;
    if (fresh.innerHTML.trim() === this.innerHTML.trim()) return;
    const here = this.contains(document.activeElement) ? document.activeElement : null;
    const place = here && (here.id ? `#${CSS.escape(here.id)}` : here.getAttribute("href") && `[href="${CSS.escape(here.getAttribute("href"))}"]`);
    this.replaceChildren(...fresh.childNodes);
    if (place) this.querySelector(place)?.focus({ preventScroll: true });
    window.htmx?.process?.(this);
    this.dispatchEvent(new CustomEvent("live:changed", { bubbles: true }));
  }

  tell(fine) {
    for (const line of document.querySelectorAll(".live-state")) {
      line.dataset.state = fine ? "ok" : "lost";
      line.dataset.words ??= line.textContent;
      line.textContent = fine ? line.dataset.words : line.dataset.lost ?? line.dataset.words;
    }
  }
}

customElements.define("live-region", LiveRegion);
