// <scheme-switch>: light, dark or like the machine. The cookie is read by the server, so the next page has it from its
// first byte and never flashes.
const YEAR = 365 * 24 * 3600;

class SchemeSwitch extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.addEventListener("click", (event) => {
      const scheme = event.target.closest("[data-scheme]")?.dataset.scheme;
      if (scheme) this.choose(scheme);
    });
    this.show();
  }

  choose(scheme) {
    document.documentElement.dataset.colorScheme = scheme;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `color_scheme=${scheme}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
    this.show();
  }

  show() {
    for (const button of this.querySelectorAll("[data-scheme]")) {
      button.setAttribute("aria-pressed", String(button.dataset.scheme === document.documentElement.dataset.colorScheme));
    }
  }
}

customElements.define("scheme-switch", SchemeSwitch);
