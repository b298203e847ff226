// The reply box: kept on the server every few seconds, and once more when she leaves the page.

/** Buttons that only help where no script runs. */
export function hideSpareButtons() {
  document.documentElement.classList.add("has-script");
}

/** Leaving within the seconds before a draft is kept must not lose it. */
export function guardDraft() {
  let unsaved = false;
  document.addEventListener("input", (event) => { if (event.target.id === "reply-text") unsaved = true; });
  document.body.addEventListener("htmx:afterRequest", (event) => { if (event.detail.elt.id === "reply-text") unsaved = false; });
  document.addEventListener("submit", () => { unsaved = false; });
  window.addEventListener("pagehide", () => {
    const text = document.getElementById("reply-text");
    if (unsaved && text) navigator.sendBeacon(text.getAttribute("hx-post"), new FormData(text.form));
  });
}

/** Say which files will go along. */
export function nameChosenFiles() {
  document.addEventListener("change", (event) => {
    const names = event.target.matches?.(".file-button input") && [...event.target.files].map((file) => file.name);
    if (names?.length) event.target.previousElementSibling.textContent = names.join(", ");
  });
}
