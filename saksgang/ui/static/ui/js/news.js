// <live-page topics="…" url="…" quiet="SELECTORS" shown="SELECTORS" grows="SELECTOR"> around the line that tells what others have done on what the page shows
// (a live-region). The parts that `quiet` names follow by themselves, from what `url` answers with, save the one that somebody has the focus or an open form in, and those that stand here already as they are there (data-as).
// `seconds`: how often they are asked for while there is no stream; now and then all the same, since times go by.
// Nothing that is being read moves: what came into the list `grows` is brought in by pressing [data-shows-news], with the
// parts that `shown` names, which also means that one has seen it. What is being written, and where the focus is, stay.
import { get, nodes } from "./http.js";
import { isUp } from "./live.js";
import { still } from "./still.js";
import { busy } from "./written.js";

const SPREAD = 500;
const CALMER = 4;

class LivePage extends HTMLElement {
  connectedCallback() {
    const seconds = Number(this.getAttribute("seconds"));
    this.asked = Date.now();
    if (seconds) {
      this.clock = setInterval(() => {
        if (!document.hidden && (this.stale || !isUp() || Date.now() - this.asked > seconds * CALMER * 1_000)) this.follow();
      }, seconds * 1_000);
    }
    this.told = ({ detail }) => {
      const topics = (this.getAttribute("topics") ?? "").split(" ");
      if (detail.words.has("*") || topics.some((topic) => detail.words.has(topic))) this.soon();
    };
    this.seen = () => { if (!document.hidden && (this.stale || seconds)) this.soon(); };
    this.pressed = (event) => {
      const button = event.target.closest?.("[data-shows-news]");
      if (!button || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.show(button);
    };
    document.addEventListener("live:told", this.told);
    document.addEventListener("visibilitychange", this.seen);
    this.addEventListener("click", this.pressed);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    clearInterval(this.clock);
    document.removeEventListener("live:told", this.told);
    document.removeEventListener("visibilitychange", this.seen);
    this.removeEventListener("click", this.pressed);
  }

  soon() {
    this.stale = true;
    if (document.hidden) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.follow(), Math.random() * SPREAD);
  }

  // The whole page as it is by now. `mark`: what its forms say that one has seen.
  async page(mark) {
    const address = new URL(this.querySelector("live-region").getAttribute("page"), location);
    address.searchParams.set("seen", mark);
    const answer = await get(address);
    return answer.ok ? nodes(await answer.text()) : null;
  }

  get mark() {
    return this.getAttribute("mark");
  }

  set mark(value) {
    this.setAttribute("mark", value);
    for (const field of document.querySelectorAll("main input[name=seen]")) field.value = value;
    const seen = (url) => url.replace(/([?&]seen=)\d+/, `$1${value}`);
    for (const one of document.querySelectorAll("main [url*='seen=']")) one.setAttribute("url", seen(one.getAttribute("url")));
  }

  // How the case stands by now: a small answer without a message in it, and nothing at all when nothing has changed.
  async follow() {
    this.asked = Date.now();
    try {
      const address = new URL(this.getAttribute("url"), location);
      address.searchParams.set("had", [...document.querySelectorAll("main [data-as]")].map((part) => part.dataset.as).join(","));
      const answer = await get(address, { headers: this.etag ? { "If-None-Match": this.etag } : {} });
      if (answer.status !== 304 && !answer.ok) return;
      this.stale = false;
      if (answer.status === 304) return;
      this.stand(nodes(await answer.text()));
      // A part that somebody is busy in stays as it was, and is asked for again.
      this.etag = this.stale ? null : answer.headers.get("ETag");
    } catch {
      // No contact: the next sign, or the next look at the tab, asks again.
    }
  }

  stand(fresh) {
    still(() => {
      this.swap(fresh, "quiet");
      for (const item of this.list(fresh)) this.marks(item);
    });
  }

  swap(fresh, which) {
    for (const selector of this.getAttribute(which).split(",")) {
      const [here, now] = [document.querySelector(selector), fresh.querySelector(selector)];
      if (!here || !now || here.innerHTML === now.innerHTML) continue;
      if (busy(here)) {
        this.stale = true;
        continue;
      }
      for (const kept of here.querySelectorAll("[data-keeps]")) now.querySelector(`#${CSS.escape(kept.id)}`)?.replaceWith(kept);
      here.replaceChildren(...now.childNodes);
      if (now.dataset.as) here.dataset.as = now.dataset.as;
      window.htmx?.process?.(here);
    }
  }

  list(where) {
    return this.hasAttribute("grows") ? [...where.querySelectorAll(`${this.getAttribute("grows")} > [id]`)] : [];
  }

  // How a message has fared stands below it: that changes nothing of what is read.
  marks(item) {
    const here = document.getElementById(item.id);
    const [old, now] = [here, item].map((one) => one ? [...one.querySelectorAll(":scope > .delivery")] : []);
    if (!here || busy(here) || old.length !== now.length) return;
    old.forEach((one, nth) => { if (one.outerHTML !== now[nth].outerHTML) one.replaceWith(document.importNode(now[nth], true)); });
  }

  async show(button) {
    const newest = button.dataset.newest;
    const fresh = await this.page(newest).catch(() => null);
    if (!fresh) {
      location.assign(button.href);
      return;
    }
    const region = button.closest("live-region");
    region.replaceChildren();
    region.etag = null;
    this.swap(fresh, "shown");
    const first = this.grow(fresh);
    this.mark = newest;
    const goal = first ?? document.querySelector(`${this.getAttribute("shown").split(",")[0]} h1`);
    goal?.setAttribute("tabindex", "-1");
    goal?.focus({ preventScroll: true });
    first?.scrollIntoView({ block: "nearest" });
  }

  // Brings in what is new, and gives what has changed its new words. Returns the first new one.
  grow(fresh) {
    let before = null;
    let first = null;
    for (const item of this.list(fresh)) {
      const here = document.getElementById(item.id);
      const made = document.importNode(item, true);
      if (!here) {
        if (before) before.after(made);
        else document.querySelector(this.getAttribute("grows")).prepend(made);
        if (!made.matches(".begin-line")) first ??= made;
      } else if (!busy(here) && here.innerHTML !== item.innerHTML) {
        here.replaceChildren(...made.childNodes);
      }
      before = here ?? made;
    }
    return first;
  }
}

customElements.define("live-page", LivePage);
