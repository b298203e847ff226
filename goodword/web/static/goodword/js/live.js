// The live page asks every second whether anything happened (layout/live.html).

/** A page that nobody looks at asks nothing; it catches up when it is looked at again. */
export function restWhileHidden() {
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.id === "live" && document.hidden) event.preventDefault();
  });
}

/** What comes by itself never replaces a part of the page in which she has begun to write. */
export function spareWhatSheWrites() {
  let byItself = false;
  document.body.addEventListener("htmx:beforeSwap", (event) => { byItself = event.detail.requestConfig?.elt?.id === "live"; });
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    const fields = [...event.detail.target.querySelectorAll("textarea, input:not([type=hidden], [type=checkbox], [type=radio])")];
    if (byItself && fields.some((field) => field.value !== field.defaultValue)) event.detail.shouldSwap = false;
  });
}

/** While she waits for an answer to a click nothing comes by itself: htmx would look for the answer's places in the
 *  part of the page that the clicked button stood in, and that part would be gone. The next second asks again. */
export function waitForHerAnswers() {
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const byItself = event.detail.requestConfig?.elt?.id === "live";
    if (byItself && document.querySelector(".htmx-request:not(#live)")) event.detail.shouldSwap = false;
  });
}
