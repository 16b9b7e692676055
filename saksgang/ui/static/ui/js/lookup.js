// <person-lookup url="…" data-none data-count>: a text input and a hidden input. As one types, `url?q=` answers with
// <li role="option" data-id data-name>; choosing one fills both. Without script it is a plain text field, and the server
// takes the words as they are. The first is marked, so that Tab and Enter take it; data-exact (the very number or address that was
// typed) is chosen by itself, and the words stay. Follows the combobox pattern of the ARIA practices: focus stays in the field.
// `several`: the field holds e-mail addresses with a comma between them; the last is completed, and nobody is named beside it.
import { get, nodes } from "./http.js";
import { hush } from "./say.js";

const PAUSE = 150;
let number = 0;

export class PersonLookup extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("textarea, input:not([type=hidden])");
    this.hidden_ = this.querySelector("input[type=hidden]");
    // Who was chosen, in full, under the field; the server may have drawn it already.
    this.note = this.querySelector(".lookup-chosen");
    if (!this.input || this.list) return;
    this.drawList();
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    // pointerdown, not click: the field must not lose its focus first.
    this.list.addEventListener("pointerdown", (event) => {
      const option = event.target.closest("[role=option]");
      event.preventDefault();
      if (option) this.choose(option);
    });
  }

  drawList() {
    this.list = document.createElement("ul");
    this.list.id = `lookup-${(number += 1)}`;
    this.list.className = "lookup-list";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.input.labels?.[0]?.textContent.trim() ?? "");
    this.list.hidden = true;
    this.input.after(this.list);
    const attributes = { "aria-autocomplete": "list", "aria-controls": this.list.id, autocomplete: "off", ...this.aria };
    for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
  }

  get aria() {
    return { role: "combobox", "aria-expanded": "false" };
  }

  get query() {
    return this.typedLast.trim();
  }

  expand(open) {
    this.input.setAttribute("aria-expanded", String(open));
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  get chosen() {
    return this.list.querySelector("[aria-selected=true]");
  }

  get several() {
    return this.hasAttribute("several");
  }

  get takesFirst() {
    return Boolean(this.hidden_) && !this.several;
  }

  get typedLast() {
    return this.several ? this.input.value.split(/[,;]/).pop() : this.input.value;
  }

  typed() {
    if (this.hidden_?.value) this.set("", "person:cleared");
    if (this.takesFirst) this.mark(undefined); // what stands there answers other words
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const { query } = this;
    this.asked?.abort();
    if (!query) return this.close();
    this.asked = new AbortController();
    const url = new URL(this.getAttribute("url"), location.href);
    url.searchParams.set("q", query);
    try {
      const answer = await get(url, { signal: this.asked.signal });
      if (answer.ok) this.show(await answer.text());
    } catch {
      // Aborted by the next letter, or no contact: what was typed stands and can be sent as it is.
    }
    return undefined;
  }

  show(html) {
    // What one has gone to with the arrows stays marked when a slower answer lists it again.
    const was = this.chosen?.textContent;
    this.list.replaceChildren(...nodes(html).querySelectorAll(this.several ? "[role=option][data-address]" : "[role=option]"));
    this.options.forEach((option, at) => { option.id = `${this.list.id}-${at}`; option.setAttribute("aria-selected", "false"); });
    if (!this.options.length && this.dataset.none) {
      const line = document.createElement("li");
      line.className = "lookup-empty";
      line.setAttribute("role", "presentation");
      line.textContent = this.dataset.none;
      this.list.append(line);
    }
    this.list.hidden = !this.list.children.length || document.activeElement !== this.input;
    this.expand(!this.list.hidden && this.options.length > 0);
    this.mark(this.options.find((option) => option.textContent === was) ?? (this.takesFirst ? this.options[0] : undefined));
    const exact = this.hidden_ && this.options.find((option) => option.dataset.exact !== undefined);
    if (exact) this.set(exact.dataset.id, "person:chosen");
    hush(this.options.length ? `${this.options.length} ${this.dataset.count ?? ""}` : this.dataset.none ?? "");
  }

  mark(option) {
    this.chosen?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  move(by) {
    const all = this.options;
    const at = all.indexOf(this.chosen) + by;
    this.mark(all[(at + all.length + (by < 0 && !this.chosen ? 1 : 0)) % all.length]);
  }

  key(event) {
    if (this.list.hidden || event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && this.options.length) {
      event.preventDefault();
      this.move(steps[event.key]);
    } else if (event.key === "Enter" && this.chosen) {
      event.preventDefault();
      this.choose(this.chosen);
    } else if (event.key === "Tab" && this.chosen) {
      this.choose(this.chosen);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    }
  }

  choose(option) {
    if (this.several) {
      this.complete(option);
      return;
    }
    this.input.value = option.dataset.name ?? option.textContent.trim();
    this.set(option.dataset.id ?? "", "person:chosen");
    this.tell(option);
    hush(this.input.value);
    this.close();
  }

  complete(option) {
    const before = this.input.value.slice(0, this.input.value.length - this.typedLast.length);
    this.input.value = `${before}${before && !before.endsWith(" ") ? " " : ""}${option.dataset.address}, `;
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    hush(option.dataset.address);
    this.close();
  }

  tell(option) {
    const words = this.note?.querySelector("[data-words]");
    if (words) words.textContent = [...option.children].map((part) => part.textContent.trim()).join(", ") || option.textContent.trim();
  }

  set(id, eventName) {
    if (this.hidden_) this.hidden_.value = id;
    if (this.note) this.note.hidden = !id;
    // htmx listens for this to show the ward, its open cases and outages: hx-trigger="person:chosen".
    this.dispatchEvent(new CustomEvent(eventName, { bubbles: true, detail: { id } }));
  }

  close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.expand(false);
    this.input.removeAttribute("aria-activedescendant");
  }
}

customElements.define("person-lookup", PersonLookup);
