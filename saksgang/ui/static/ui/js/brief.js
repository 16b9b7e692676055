// <brief-offer seconds="10">: what can be done for so long only. It goes when its time is over; the server refuses it then anyway.
class BriefOffer extends HTMLElement {
  connectedCallback() {
    this.timer = setTimeout(() => {
      const focused = this.contains(document.activeElement);
      this.remove();
      if (focused) document.getElementById("main")?.focus({ preventScroll: true });
    }, Number(this.getAttribute("seconds")) * 1_000);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }
}

customElements.define("brief-offer", BriefOffer);
