// The keyboard: single letters outside of fields, Ctrl+Enter inside.
import { focusOn } from "./focus.js";

const WRITING = "input, textarea, select, [contenteditable]";

/** Listen to the keys that the list behind "?" names. */
export function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.target.closest(WRITING)) return insideAField(event);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = ACTS[event.key];
    if (act && act(event) !== false) event.preventDefault();
  });
}

function insideAField(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.form;
    const send = form?.querySelector("button.button-main, button:not([type=button])");
    if (send) form.requestSubmit(send);
  } else if (event.key === "Escape") {
    event.target.blur();
  }
}

const ACTS = {
  j: () => step(1),
  k: () => step(-1),
  r: () => go("r"),
  n: () => go("n"),
  a: () => go("a"),
  u: () => go("u"),
  "/": () => go("/"),
  "?": () => document.getElementById("shortcuts")?.showModal(),
};

function step(direction) {
  const items = [...document.querySelectorAll("[data-list] [data-item]")];
  if (!items.length) return false;
  const here = items.findIndex((item) => item === document.activeElement || item.contains(document.activeElement));
  const next = here < 0 ? (direction > 0 ? 0 : items.length - 1) : Math.min(items.length - 1, Math.max(0, here + direction));
  items[next].focus();
  items[next].scrollIntoView({ block: "nearest" });
}

function go(key) {
  const target = document.querySelector(`[data-key="${key}"]`);
  if (!target) return false;
  if (target.matches("a[href]")) return target.click();
  if (target.matches("summary")) {
    target.parentElement.open = true;
    return target.parentElement.querySelector(WRITING)?.focus();
  }
  target.id ? focusOn(target.id) : target.focus();
}
