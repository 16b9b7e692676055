// <draft-box url="…" data-saving data-saved data-failed>: one textarea inside. A second after the last key its text is
// POSTed to `url` as `body` (and `kind`, when the box has data-kind). What is told stands in .draft-state.
import { post } from "./http.js";

const PAUSE = 1_000;
const AGAIN = 10_000;

class DraftBox extends HTMLElement {
  connectedCallback() {
    this.area = this.querySelector("textarea");
    if (!this.area || this.state) return;
    this.state = this.querySelector(".draft-state") ?? this.appendChild(document.createElement("p"));
    this.state.className = "draft-state";
    this.state.setAttribute("role", "status");
    this.saved = this.area.value;
    this.area.addEventListener("input", () => this.later(PAUSE));
    this.leaving = () => this.save({ keepalive: true });
    addEventListener("pagehide", this.leaving);
    // The form is sent: the draft has become a message, and a late save must not bring it back.
    this.closest("form")?.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      clearTimeout(this.timer);
      this.saved = this.area.value;
    });
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    removeEventListener("pagehide", this.leaving);
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  async save(options) {
    const text = this.area.value;
    const url = this.getAttribute("url");
    if (!url || text === this.saved) return;
    const fields = { body: text };
    if (this.dataset.kind) fields.kind = this.dataset.kind;
    try {
      const answer = await post(url, fields, options);
      if (!answer.ok) throw new Error(String(answer.status));
      this.saved = text;
      this.tell(text ? "saved" : "");
      this.dispatchEvent(new CustomEvent("draft:saved", { bubbles: true }));
    } catch {
      this.tell("failed");
      this.later(AGAIN);
    }
  }

  tell(state) {
    this.state.dataset.state = state;
    this.state.textContent = state ? this.dataset[state] ?? "" : "";
  }
}

customElements.define("draft-box", DraftBox);
