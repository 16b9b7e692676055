// <undo-toast>: what was done, perhaps with a form that undoes it. Goes by itself, but never while it is pointed at or has
// the focus, and an error never goes by itself. data-seconds: so long it can be undone; then the form goes, and data-then is said.
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
    if (this.dataset.seconds) return void this.countDown(Number(this.dataset.seconds) * 1_000);
    this.leave();
  }

  leave() {
    this.left = this.querySelector("form") ? STAYS.undo : STAYS.plain;
    for (const name of ["mouseenter", "focusin"]) this.addEventListener(name, () => clearTimeout(this.timer));
    for (const name of ["mouseleave", "focusout"]) this.addEventListener(name, () => this.wait());
    this.wait();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  // The line under the words grows shorter; who cannot see it has the number in the words.
  countDown(time) {
    const line = document.createElement("span");
    line.className = "toast-left";
    this.append(line);
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) {
      line.animate({ scale: ["1 1", "0 1"] }, { duration: time, fill: "forwards" });
    }
    this.timer = setTimeout(() => {
      const focused = this.contains(document.activeElement);
      for (const part of this.querySelectorAll("form, .toast-left")) part.remove();
      if (focused) this.querySelector(".toast-close").focus();
      this.querySelector("p").textContent = this.dataset.then;
      this.leave();
    }, time);
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
document.addEventListener("htmx:response:error", (event) => {
  // A session that ended has its own words (session.js).
  if (event.detail?.ctx?.response?.status === 401) document.dispatchEvent(new CustomEvent("session:ended"));
  else sayWord("failed", { level: "error" });
});
