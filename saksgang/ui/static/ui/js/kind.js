// <kind-lookup url="…">: the kind of a case by typing, as <person-lookup> finds persons. The kind that is chosen answers the form's
// `type` and `service` too, and shows [data-demanding] only where it demands proof of who asks; whoever then answers these otherwise has taken the kind back. Without script the server reads the words.
import { PersonLookup } from "./lookup.js";

class KindLookup extends PersonLookup {
  connectedCallback() {
    super.connectedCallback();
    this.form = this.closest("form");
    this.form?.addEventListener("change", (event) => this.weigh(event.target));
    const asked = this.demanding?.querySelector("[aria-invalid], .ds-validation-message, :checked");
    this.demand(Boolean(asked) || this.demanding?.dataset.demanding === "yes");
  }

  get demanding() {
    return this.form?.querySelector("[data-demanding]");
  }

  demand(proof) {
    if (this.demanding) this.demanding.hidden = !proof;
  }

  show(html) {
    super.show(html);
    if (!this.chosen) this.mark(this.options[0]);
  }

  // No kind begins with a digit: in an empty field it answers the question that shows it.
  key(event) {
    const key = !this.input.value && /^\d$/.test(event.key) && this.form?.querySelector(`[data-key="${event.key}"]`);
    if (!key) return void super.key(event);
    event.preventDefault();
    key.click();
    key.focus();
    return undefined;
  }

  choose(option) {
    const { type, service, demands } = option.dataset;
    super.choose(option);
    this.said = { type, service };
    this.demand(demands !== undefined);
    this.answer(this.form?.querySelector(`input[name=type][value="${CSS.escape(type)}"]`), (field) => { field.checked = true; });
    this.answer(this.form?.querySelector("select[name=service]"), (field) => { field.value = service; });
  }

  answer(field, set) {
    if (!field) return;
    set(field);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  weigh(field) {
    const said = this.said?.[field.name];
    if (said && field.value !== said) {
      this.input.value = "";
      this.said = null;
      this.demand(false);
    }
  }
}

customElements.define("kind-lookup", KindLookup);
