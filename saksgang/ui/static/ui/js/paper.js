// What is folded is opened before the page is printed, and folded again afterwards. Browsers that know ::details-content need no
// help (print.css); the others would leave out what was said.
const FOLDED = ".ticket-conversation :is(.quote, .rest, .older > details):not([open])";
let opened = [];

addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll(FOLDED)];
  for (const one of opened) one.open = true;
});

addEventListener("afterprint", () => {
  for (const one of opened) one.open = false;
  opened = [];
});
