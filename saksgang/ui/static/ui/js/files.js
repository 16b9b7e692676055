// <file-list data-remove data-too-large data-hint max-bytes>: one <input type=file multiple>. Shows what was chosen, with its size, pictures
// small, and lets each go. What is pasted into the form, or dropped on it, is chosen as well.
// Pictures are drawn on a canvas: so no address of theirs is needed, and the Content-Security-Policy need not let in blob:.
import { hush } from "./say.js";

const language = document.documentElement.lang || "nb";

const OF_DOTS = /^image\/(png|jpeg|gif|webp)$/;
const SMALL = 192; // dots, on the longer side

async function small(canvas, file) {
  try {
    const whole = await createImageBitmap(file);
    const scale = Math.min(1, SMALL / Math.max(whole.width, whole.height));
    canvas.width = Math.max(1, whole.width * scale);
    canvas.height = Math.max(1, whole.height * scale);
    canvas.getContext("2d").drawImage(whole, 0, 0, canvas.width, canvas.height);
    whole.close();
  } catch {
    canvas.remove(); // it only said that it was a picture
  }
}

// The clipboard calls every picture the same.
function named(file, taken) {
  const dot = file.name.lastIndexOf(".");
  const [stem, ending] = dot > 0 ? [file.name.slice(0, dot), file.name.slice(dot)] : [file.name, ""];
  let name = file.name;
  for (let nth = 2; taken.has(name); nth += 1) name = `${stem}-${nth}${ending}`;
  taken.add(name);
  return name === file.name ? file : new File([file], name, { type: file.type, lastModified: file.lastModified });
}

const holdsFiles = (event) => Boolean(event.dataTransfer?.types.includes("Files"));

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
    if (this.dataset.hint) {
      const hint = document.createElement("p");
      hint.className = "muted";
      hint.textContent = this.dataset.hint;
      this.list.before(hint);
    }
    this.input.addEventListener("change", () => this.draw());
    this.watch(this.closest("form"));
    this.draw();
  }

  watch(form) {
    if (!form) return;
    form.addEventListener("paste", (event) => {
      const held = event.clipboardData;
      // A spreadsheet's cells come as words, and as a picture of them: the words are meant.
      if (!held?.files.length || held.types.includes("text/plain")) return;
      event.preventDefault();
      this.take(held.files);
    });
    form.addEventListener("dragover", (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      form.dataset.dropping = "";
    });
    for (const end of ["dragleave", "drop", "dragend"]) {
      form.addEventListener(end, (event) => { if (!form.contains(event.relatedTarget)) delete form.dataset.dropping; });
    }
    form.addEventListener("drop", (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      this.take(event.dataTransfer.files);
    });
  }

  take(fresh) {
    const all = new DataTransfer();
    const taken = new Set();
    for (const file of [...this.input.files, ...fresh]) all.items.add(named(file, taken));
    this.input.files = all.files;
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    const folded = this.closest("details.more");
    if (folded) folded.open = true;
    this.list.lastElementChild?.scrollIntoView({ block: "nearest" });
    hush([...this.list.children].slice(-fresh.length).map((line) => line.innerText).join(", "));
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
    if (OF_DOTS.test(file.type) && file.size <= most) {
      const canvas = document.createElement("canvas");
      canvas.setAttribute("aria-hidden", "true"); // its name stands beside it
      line.append(canvas);
      small(canvas, file);
    }
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

// A file that misses the box would be opened instead of the page, and what was being written would be gone.
for (const kind of ["dragover", "drop"]) {
  document.addEventListener(kind, (event) => {
    if (event.defaultPrevented || !holdsFiles(event) || event.target.matches?.("input[type=file]")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "none";
  });
}
