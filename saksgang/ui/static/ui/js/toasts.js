// <undo-toast>: what was done, perhaps with a form that undoes it. Goes by itself, but never while it is pointed at or has
// the focus, and an error never goes by itself.
import { hush, sayWord, word } from "./say.js";

const STAYS = { plain: 8_000, undo: 20_000 };

class UndoToast extends HTMLElement {
  connectedCallback() {
    if (this.ready) return;
    this.ready = true;
    this.addClose();
    // What stood in the page when it was loaded is not read out by itself.
    if (document.readyState !== "complete") hush(this.querySelector("p")?.textContent ?? "");
    if (this.dataset.level === "error") return;
    this.left = this.querySelector("form") ? STAYS.undo : STAYS.plain;
    for (const name of ["mouseenter", "focusin"]) this.addEventListener(name, () => clearTimeout(this.timer));
    for (const name of ["mouseleave", "focusout"]) this.addEventListener(name, () => this.wait());
    this.wait();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (!this.matches(":hover, :focus-within")) this.remove();
    }, this.left);
  }

  addClose() {
    const close = document.createElement("button");
    close.type = "button";
    close.className = "toast-close";
    close.textContent = "×";
    close.setAttribute("aria-label", word("close"));
    close.addEventListener("click", () => {
      this.remove();
      document.getElementById("main")?.focus({ preventScroll: true });
    });
    this.append(close);
  }
}

customElements.define("undo-toast", UndoToast);

// A failing request of htmx is told, never silent.
document.addEventListener("htmx:error", () => sayWord("offline", { level: "error" }));
document.addEventListener("htmx:response:error", () => sayWord("failed", { level: "error" }));
