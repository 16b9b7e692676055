// <draft-box url="…" data-saved data-failed data-refused data-ended data-other>: one textarea inside, or with data-fields all
// fields of the form that it stands in. A second after the last key they are POSTed to `url` as `body`. What is told stands in
// .draft-state, and «saved» is only told when the server itself said that it has kept them.
import { post } from "./http.js";
import { signInUrl } from "./session.js";

const PAUSE = 1_000;
const AGAIN = 10_000;
// What a browser sends for a page that is being left; more than this it refuses.
const LEAVES = 60_000;
const NOT_KEPT = ["csrfmiddlewaretoken", "by", "seen", "do"];

class DraftBox extends HTMLElement {
  connectedCallback() {
    if (this.state) return;
    this.form = this.closest("form");
    this.area = this.querySelector("textarea");
    if (!this.area && !this.hasAttribute("data-fields")) return;
    this.state = this.querySelector(".draft-state") ?? this.appendChild(document.createElement("p"));
    this.state.className = "draft-state";
    this.state.setAttribute("role", "status");
    this.saved = this.text;
    this.typed = () => this.later(PAUSE);
    this.source = this.area ?? this.form;
    for (const name of ["input", "change", "person:chosen", "person:cleared"]) this.source.addEventListener(name, this.typed);
    this.leaving = () => this.save({ keepalive: true });
    this.again = () => this.save();
    // Before the next page is asked for, so that coming straight back finds it.
    addEventListener("beforeunload", this.leaving);
    addEventListener("pagehide", this.leaving);
    addEventListener("online", this.again);
    document.addEventListener("session:back", this.again);
    // The form is sent: the draft has become a message, and a late save must not bring it back.
    this.form?.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      clearTimeout(this.timer);
      this.saved = this.text;
    });
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    for (const name of ["input", "change", "person:chosen", "person:cleared"]) this.source?.removeEventListener(name, this.typed);
    removeEventListener("beforeunload", this.leaving);
    removeEventListener("pagehide", this.leaving);
    removeEventListener("online", this.again);
    document.removeEventListener("session:back", this.again);
  }

  get text() {
    if (this.area) return this.area.value;
    const fields = new FormData(this.form);
    for (const name of NOT_KEPT) fields.delete(name);
    return new URLSearchParams([...fields].filter(([, value]) => typeof value === "string")).toString();
  }

  // Whether leaving now would lose something: what cannot be saved, or is too long to be sent from a page that is left.
  get atRisk() {
    const text = this.text;
    if (text === this.saved) return false;
    return Boolean(this.trouble) || new URLSearchParams({ body: text }).toString().length > LEAVES;
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  // One at a time, so that an older text never comes after a newer one. A page that is left does not wait.
  async save({ keepalive = false } = {}) {
    const text = this.text;
    const url = this.getAttribute("url");
    if (!url || text === this.saved) return;
    if (this.busy && !keepalive) return void this.later(PAUSE);
    if (keepalive && this.left === text) return;
    if (keepalive) this.left = text;
    this.busy = true;
    try {
      this.heard(await post(url, { body: text }, { keepalive }), text);
    } catch {
      this.tell("failed");
    } finally {
      this.busy = false;
      this.left = null;
    }
    if (this.trouble === "failed") this.later(AGAIN);
  }

  heard(answer, text) {
    if (answer.status === 204 && answer.headers.get("X-Draft") === "saved") {
      this.saved = text;
      this.tell("saved");
      this.dispatchEvent(new CustomEvent("draft:saved", { bubbles: true }));
      return;
    }
    const why = { 401: "ended", 409: "other", 404: "refused", 413: "refused", 422: "refused" };
    this.tell(why[answer.status] ?? "failed");
  }

  tell(state) {
    this.trouble = state === "saved" ? "" : state;
    this.state.dataset.state = state === "saved" ? state : "failed";
    const words = this.dataset[state] ?? "";
    const address = state === "ended" ? signInUrl() : "";
    if (!address) {
      this.state.textContent = words;
      return;
    }
    const link = document.createElement("a");
    link.href = address;
    link.target = "_blank";
    link.textContent = words;
    this.state.replaceChildren(link);
  }
}

customElements.define("draft-box", DraftBox);
