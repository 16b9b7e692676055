// <live-result url="…"> in a form: what the answers so far come to, asked anew as they change. Without script the page that
// follows says it.
import { get, nodes } from "./http.js";

const PAUSE = 120;
const NOT_ASKED = ["csrfmiddlewaretoken", "by", "seen"];

class LiveResult extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.changed = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), PAUSE);
    };
    for (const name of ["change", "input"]) this.form?.addEventListener(name, this.changed);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    for (const name of ["change", "input"]) this.form?.removeEventListener(name, this.changed);
  }

  async ask() {
    const answers = new FormData(this.form);
    for (const name of NOT_ASKED) answers.delete(name);
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const answer = await get(`${this.getAttribute("url")}?${new URLSearchParams(answers)}`).catch(() => null);
    // An older question may be answered after a newer one.
    if (!answer?.ok || turn !== this.turn) return;
    this.replaceChildren(...nodes(await answer.text()).childNodes);
  }
}

customElements.define("live-result", LiveResult);
