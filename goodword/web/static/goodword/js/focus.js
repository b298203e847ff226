// Where the eye and the keyboard go after a part of the page was replaced.

/** Answers name the element to go on at; it is focused and brought into view. */
export function followFocus() {
  document.body.addEventListener("goodword:focus", (event) => focusOn(event.detail.value));
}

/** Bring an element into view and put the focus on it. */
export function focusOn(id) {
  const target = document.getElementById(id);
  if (!target) return;
  for (let fold = target.closest("details:not([open])"); fold; fold = fold.parentElement?.closest("details:not([open])")) fold.open = true;
  if (!target.matches("input, textarea, select, button, a, [tabindex]")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  // With the reply box come its buttons: the next click is Send.
  const whole = target.closest("[data-whole]") ?? target;
  whole.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
}

/** A fold that was open stays open when its part of the page is fetched again, and so does the other way round. */
export function keepFoldsOpen() {
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    const folds = [...target.querySelectorAll("details[id]"), ...(target.matches("details[id]") ? [target] : [])];
    for (const fold of folds) {
      const same = fragment.querySelector(`details[id="${CSS.escape(fold.id)}"]`);
      if (same) same.open = fold.open;
    }
  });
}

/** After a plain form post the address names where to go on. */
export function openAtHash() {
  if (["#reply-text", "#work", "#stale", "#differences"].includes(location.hash)) focusOn(location.hash.slice(1));
}
