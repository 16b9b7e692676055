// What one reads or writes stays where it is on the screen while the page changes above it: where the focus is, else what stands in
// the middle.

const there = (part) => {
  const box = part.getBoundingClientRect();
  return box.bottom > 0 && box.top < innerHeight;
};

function before() {
  const focused = document.activeElement;
  if (focused && focused !== document.body && there(focused)) return focused;
  return document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest("main [id]") ?? null;
}

export function still(change) {
  const part = before();
  const top = part?.getBoundingClientRect().top;
  change();
  const now = part?.isConnected ? part : part?.id && document.getElementById(part.id);
  if (now) scrollBy({ top: now.getBoundingClientRect().top - top, behavior: "instant" });
}
