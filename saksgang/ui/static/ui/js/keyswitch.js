// <keys-switch>: keys of one letter, on or off. Who steers by voice, or often hits a key beside the one that was meant, turns
// them off; Tab, Enter, arrows and Escape always work. Kept in a cookie of this browser, as the colours are.
const YEAR = 365 * 24 * 3600;

export const keysOff = () => /(?:^|; )keys=off(?:;|$)/.test(document.cookie);

class KeysSwitch extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.addEventListener("click", (event) => {
      const wanted = event.target.closest("[data-keys]")?.dataset.keys;
      if (wanted) this.choose(wanted);
    });
    this.show();
  }

  choose(wanted) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `keys=${wanted}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
    this.show();
  }

  show() {
    const now = keysOff() ? "off" : "on";
    // Hints of keys that do nothing would only mislead.
    document.documentElement.classList.toggle("no-keys", now === "off");
    for (const button of this.querySelectorAll("[data-keys]")) {
      button.setAttribute("aria-pressed", String(button.dataset.keys === now));
    }
  }
}

customElements.define("keys-switch", KeysSwitch);
