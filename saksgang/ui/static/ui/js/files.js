// <file-list data-remove data-too-large max-bytes>: one <input type=file multiple>. Shows what was chosen, name and size, and lets each go.
import { hush } from "./say.js";

const language = document.documentElement.lang || "nb";

function size(bytes) {
  const steps = ["B", "kB", "MB", "GB"];
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), steps.length - 1);
  const digits = step > 1 ? 1 : 0;
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(bytes / 1000 ** step)} ${steps[step]}`;
}

class FileList_ extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    if (!this.input || this.list) return;
    this.list = document.createElement("ul");
    this.list.className = "file-chosen";
    this.append(this.list);
    this.input.addEventListener("change", () => this.draw());
    this.draw();
  }

  draw() {
    this.list.replaceChildren(...[...this.input.files].map((file) => this.line(file)));
  }

  line(file) {
    const line = document.createElement("li");
    const name = document.createElement("span");
    name.className = "name";
    name.textContent = file.name;
    const weight = document.createElement("span");
    const most = Number(this.getAttribute("max-bytes")) || Infinity;
    weight.className = file.size > most ? "file-too-large" : "muted";
    weight.textContent = file.size > most ? `${size(file.size)} – ${this.dataset.tooLarge ?? ""}` : size(file.size);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.textContent = this.dataset.remove ?? "×";
    remove.setAttribute("aria-label", `${remove.textContent} ${file.name}`);
    remove.addEventListener("click", () => this.drop(file));
    line.append(name, weight, remove);
    return line;
  }

  drop(file) {
    const rest = new DataTransfer();
    for (const kept of this.input.files) if (kept !== file) rest.items.add(kept);
    this.input.files = rest.files;
    this.draw();
    hush(`${this.dataset.remove ?? ""} ${file.name}`);
    this.input.focus();
  }
}

customElements.define("file-list", FileList_);
