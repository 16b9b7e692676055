// <mention-lookup url="…" data-count>: a textarea in which «@» and some letters offer colleagues, as <person-lookup> does. Without
// script the name is written, and the server reads it the same way.
import { PersonLookup } from "./lookup.js";
import { hush } from "./say.js";

// «@» and what may be a name, right before where one writes. A sign inside an address calls nobody.
const BEGUN = /(?<![\p{L}\p{N}@./])@([\p{L}'’-]+(?: [\p{L}'’-]+)?)$/u;

class MentionLookup extends PersonLookup {
  get aria() {
    return { "aria-haspopup": "listbox" };
  }

  get begun() {
    return BEGUN.exec(this.input.value.slice(0, this.input.selectionStart));
  }

  get query() {
    return this.begun?.[1] ?? "";
  }

  // A text of many lines is no combobox.
  expand() {}

  show(html) {
    super.show(html);
    if (!this.chosen) this.mark(this.options[0]);
  }

  key(event) {
    if (this.list.hidden) return;
    super.key(event);
    // What chose a name or put the list away does not put away the note too.
    if (event.defaultPrevented) event.stopPropagation();
  }

  choose(option) {
    const { begun } = this;
    const at = this.input.selectionStart;
    this.close();
    if (!begun) return;
    this.input.setRangeText(`@${option.dataset.name} `, at - begun[0].length, at, "end");
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    hush(option.dataset.name);
  }
}

customElements.define("mention-lookup", MentionLookup);
