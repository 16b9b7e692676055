// <input type=checkbox data-all="name">: ticks every box of that name in its form, and follows them when they are changed.
// Without script the server reads the one box as all of them.
const boxes = (form, name) => [...form.querySelectorAll(`input[type=checkbox][name="${CSS.escape(name)}"]`)];

document.addEventListener("change", ({ target }) => {
  if (!target.form || !target.matches("input[type=checkbox]")) return;
  if (target.dataset.all) {
    for (const box of boxes(target.form, target.dataset.all)) box.checked = target.checked;
    return;
  }
  const all = target.form.querySelector(`[data-all="${CSS.escape(target.name)}"]`);
  if (all) all.checked = boxes(target.form, target.name).every((box) => box.checked);
});
