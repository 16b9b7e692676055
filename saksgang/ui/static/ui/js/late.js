// <late-panel url="…"><a href="…">…</a></late-panel> inside a details: fetched when the details is opened, from the page that
// the link leads to, where the same panel stands open. If that fails, the link is still there.
import { lead } from "./focus.js";
import { get, nodes } from "./http.js";

class LatePanel extends HTMLElement {
  connectedCallback() {
    this.panel = this.closest("details");
    this.panel?.addEventListener("toggle", () => this.isConnected && this.panel.open && this.load());
  }

  async load() {
    if (this.asked) return;
    this.asked = true;
    const url = this.getAttribute("url");
    try {
      const answer = await get(url);
      if (!answer.ok) throw new Error(answer.statusText);
      const forms = nodes(await answer.text()).querySelectorAll(`details[open] form[action="${CSS.escape(url.split("?")[0])}"]`);
      const found = forms[0]?.closest("details[open]");
      if (!found) throw new Error("no such panel");
      found.querySelector(":scope > summary").remove();
      const panel = this.panel;
      this.replaceWith(...[...found.childNodes].map((node) => document.importNode(node, true)));
      panel.querySelector("form")?.dispatchEvent(new CustomEvent("late:here", { bubbles: true }));
      if (panel.open) lead(panel);
    } catch {
      this.asked = false;
    }
  }
}

customElements.define("late-panel", LatePanel);
