// Where somebody is writing: what has come from the server must not take it away.

export const filled = (field) => (field.matches("[type=radio], [type=checkbox]") ? field.checked !== field.defaultChecked
  : field.matches("select") ? [...field.options].some((one) => one.selected !== one.defaultSelected) && field.selectedIndex > 0
    : field.type !== "hidden" && field.value !== field.defaultValue);

// `data-written`: the server gave the words back that somebody had sent, so the field says nothing new.
export const written = (part) => part.matches("[data-written]") || [...part.querySelectorAll("input, select, textarea")].some(filled);

export const busy = (part) => part.contains(document.activeElement) || Boolean(part.querySelector("details[open] form, form details[open]"))
  || written(part);
